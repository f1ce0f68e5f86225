import { bits, familyOf, numberOf } from './addresses.js'

/** A zone file as a reader of its own understands it; names in full, with the final dot. */
export interface ZoneText {
  readonly origin: string
  readonly serial: number
  readonly servers: readonly string[]
  /** Other records as `owner type data`. */
  readonly records: readonly string[]
}

/** Reads the zone files that ciab-gen writes: an $ORIGIN, a $TTL, one SOA in parentheses, one line a record. */
export const readZone = (text: string): ZoneText => {
  const lines = text
    .replace(/;.*$/gm, '')
    .replace(/\(([^)]*)\)/, (_, inside: string) => inside.replace(/\s+/g, ' '))
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  const origin = /^\$ORIGIN (\S+\.)$/.exec(lines[0] ?? '')?.[1]
  if (!origin || lines[1] !== '$TTL 300') throw new Error(`no zone: ${text.slice(0, 200)}`)
  const full = (name: string): string =>
    name === '@' ? origin : name.endsWith('.') ? name : `${name}.${origin}`
  const records = lines.slice(2).map(line => {
    const [owner = '', , type = '', ...data] = line.split(/\s+/)
    return { owner: full(owner), type, data }
  })
  const soa = records.filter(({ type }) => type === 'SOA')
  if (soa.length !== 1 || soa[0]?.owner !== origin || records[0] !== soa[0]) throw new Error('not one SOA')
  return {
    origin,
    serial: Number(soa[0]?.data[2]),
    servers: records.filter(({ type }) => type === 'NS').map(({ data }) => full(data[0] as string)),
    records: records
      .filter(({ type }) => type !== 'SOA' && type !== 'NS')
      .map(({ owner, type, data }) => `${owner} ${type} ${data.join(' ')}`),
  }
}

/** The name that a PTR record of the address has. */
export const reverseName = (address: string): string => {
  const family = familyOf(address)
  if (family === 'ipv4') return `${address.split('.').reverse().join('.')}.in-addr.arpa.`
  const nibbles = numberOf(address)
    .toString(16)
    .padStart(Number(bits(family)) / 4, '0')
  return `${[...nibbles].reverse().join('.')}.ip6.arpa.`
}
