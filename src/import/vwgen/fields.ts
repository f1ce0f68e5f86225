import type { InterfaceAddress, Port, Prefix } from '../../net/index.js'
import type { Findings, Topic } from '../finding.js'
import { addressIn, prefixIn, shown } from '../values.js'
import type { Table } from './toml.js'

/** Reads the values of one table of a master file; what is wrong with one is reported and the rest goes on. */
export class Fields {
  private readonly read = new Set<string>()

  /** @param node its name in the file, or `null` for the mesh */
  constructor(
    private readonly table: Table,
    private readonly node: string | null,
    private readonly findings: Findings,
  ) {}

  /** The value as it stands. */
  raw(key: string): unknown {
    this.read.add(key)
    return Object.hasOwn(this.table, key) ? this.table[key] : undefined
  }

  text(key: string, topic: Topic, instead: string): string | null {
    const value = this.raw(key)
    if (value === undefined || typeof value === 'string') return value ?? null
    this.findings.broken(topic, this.node, `${key} holds ${shown(value)}, which is no text: ${instead}`)
    return null
  }

  /** A whole number; `null` where there is none, and where it is outside its range. */
  number(key: string, least: number, most: number, instead: string, topic: Topic = 'number'): number | null {
    const value = this.raw(key)
    if (value === undefined) return null
    const number = typeof value === 'string' && /^(0x[0-9a-f]+|\d+)$/i.test(value) ? Number(value) : value
    if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most)
      return number
    this.findings.broken(
      topic,
      this.node,
      `${key} holds ${shown(value)}, which is no number from ${least} to ${most}: ${instead}`,
    )
    return null
  }

  /** A port that something listens on: not 0, and without what is above 16 bits. */
  port(key: string, instead: string): Port | null {
    const value = this.raw(key)
    if (typeof value === 'number' && Number.isInteger(value) && value > 65535 && (value & 0xffff) !== 0) {
      const kept = value & 0xffff
      this.findings.broken('number', this.node, `${key} holds ${value}, of which wg keeps ${kept}`)
      return kept as Port
    }
    if (value === 0) {
      this.findings.broken('number', this.node, `${key} is 0, another port after every start: ${instead}`)
      return null
    }
    return this.number(key, 1, 65535, instead) as Port | null
  }

  flag(key: string): boolean {
    const value = this.raw(key)
    if (value !== undefined && typeof value !== 'boolean')
      this.findings.broken('number', this.node, `${key} holds ${shown(value)}, which is taken for no`)
    return value === true
  }

  /** A list of texts; a text alone is one with commas, as the command line had it. */
  list(key: string, topic: Topic): string[] {
    const value = this.raw(key)
    if (value === undefined) return []
    const parts: readonly unknown[] = Array.isArray(value)
      ? value
      : typeof value === 'string' && topic !== 'hook'
        ? value.split(',')
        : [value]
    return parts.flatMap((part): string[] => {
      if (typeof part === 'string') return [part]
      this.findings.broken(topic, this.node, `${key} holds ${shown(part)}, which is left out`)
      return []
    })
  }

  addresses(key: string): InterfaceAddress[] {
    return this.list(key, 'address').flatMap(text => this.kept(key, 'address', text, addressIn(text)))
  }

  prefixes(key: string): Prefix[] {
    return this.list(key, 'allowed-ips').flatMap(text => {
      const prefix = prefixIn(text)
      if (prefix && text.trim().includes('/') && addressIn(text) !== (prefix as string))
        this.findings.broken(
          'allowed-ips',
          this.node,
          `${key} holds ${shown(text)}, of which wg takes the network ${prefix}`,
        )
      return this.kept(key, 'allowed-ips', text, prefix)
    })
  }

  /** Keys that vwgen never read, such as the one that its own `ll-addr` wrote. */
  unread(known: readonly string[]): void {
    for (const [key, value] of Object.entries(this.table))
      if (!this.read.has(key) && !known.includes(key))
        this.findings.leftOut(
          'unread',
          this.node,
          key === 'LinkLayerAddr'
            ? `LinkLayerAddr = ${shown(value)} is what "vwgen set … ll-addr" wrote and nobody read: it never took effect`
            : `vwgen never read ${shown(key)} = ${shown(value)}`,
        )
  }

  private kept<T>(key: string, topic: Topic, text: string, value: T | null): T[] {
    if (value !== null) return [value]
    this.findings.broken(topic, this.node, `${key} holds ${shown(text)}, which is no address: left out`)
    return []
  }
}
