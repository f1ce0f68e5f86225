/** A reader of frr.conf that follows vtysh: a line is a command of the innermost open node, indentation means nothing. */
export interface FrrFile {
  readonly hostname: string
  readonly asn: number
  readonly routerId: string
  readonly neighbors: ReadonlyMap<string, FrrNeighbor>
  readonly group: ReadonlyMap<string, string>
  readonly families: Readonly<Record<'ipv4' | 'ipv6', FrrFamily | null>>
  /** Entries in order of their numbers: `permit 10.77.1.0/24`. */
  readonly lists: ReadonlyMap<string, readonly string[]>
  readonly blackholes: readonly string[]
}

export interface FrrNeighbor {
  readonly address: string
  readonly group: string | null
  readonly description: string | null
}

export interface FrrFamily {
  readonly networks: readonly string[]
  readonly activated: ReadonlySet<string>
  readonly filters: ReadonlyMap<string, { readonly in?: string; readonly out?: string }>
}

interface OpenFamily {
  readonly networks: string[]
  readonly activated: Set<string>
  readonly filters: Map<string, { in?: string; out?: string }>
}

export const readFrr = (text: string): FrrFile => {
  const reader = new FrrReader()
  for (const line of text.split('\n').map(line => line.trim()))
    if (line !== '' && !line.startsWith('#') && !line.startsWith('!')) reader.line(line)
  return reader.file()
}

class FrrReader {
  private hostname = ''
  private asn = 0
  private routerId = ''
  private inRouter = false
  private family: OpenFamily | null = null
  private readonly neighbors = new Map<
    string,
    { address: string; group: string | null; description: string | null }
  >()
  private readonly group = new Map<string, string>()
  private readonly families: { ipv4: OpenFamily | null; ipv6: OpenFamily | null } = { ipv4: null, ipv6: null }
  private readonly lists = new Map<string, Map<number, string>>()
  private readonly blackholes: string[] = []

  line(line: string): void {
    const words = line.split(' ')
    if (words[0] === 'router' || words[0] === 'bfd') {
      this.inRouter = words[0] === 'router'
      this.family = null
      if (this.inRouter) this.asn = Number(words[2])
    } else if (this.inRouter) this.routerLine(words)
    else if (words[0] === 'hostname') this.hostname = words[1] as string
    else if (words[1] === 'prefix-list') this.listLine(words)
    else if (words[1] === 'route') this.blackholes.push(words[2] as string)
  }

  private listLine([ip, , name, , sequence, ...entry]: string[]): void {
    const key = `${ip} ${name}`
    const list = this.lists.get(key) ?? new Map<number, string>()
    if (list.has(Number(sequence))) throw new Error(`${key} has two entries numbered ${sequence}`)
    this.lists.set(key, list.set(Number(sequence), entry.join(' ')))
  }

  private routerLine(words: string[]): void {
    if (words[0] === 'address-family') {
      const open: OpenFamily = { networks: [], activated: new Set(), filters: new Map() }
      this.families[words[1] as 'ipv4' | 'ipv6'] = open
      this.family = open
    } else if (words[0] === 'exit-address-family') this.family = null
    else if (this.family) this.familyLine(words, this.family)
    else if (words[0] === 'neighbor') this.neighborLine(words)
    else if (words[1] === 'router-id') this.routerId = words[2] as string
  }

  private neighborLine([, who = '', what = '', ...rest]: string[]): void {
    if (who === 'CIAB') {
      this.group.set(`${what} ${rest.slice(0, -1).join(' ')}`.trim(), rest.at(-1) ?? '')
      return
    }
    const neighbor = this.neighbors.get(who) ?? { address: who, group: null, description: null }
    if (what === 'peer-group') neighbor.group = rest[0] as string
    if (what === 'description') neighbor.description = rest.join(' ')
    this.neighbors.set(who, neighbor)
  }

  private familyLine([verb, who = '', what, name, way]: string[], family: OpenFamily): void {
    if (verb === 'network') family.networks.push(who)
    else if (what === 'activate') family.activated.add(who)
    else if (what === 'prefix-list')
      family.filters.set(who, { ...family.filters.get(who), [way as 'in' | 'out']: name as string })
  }

  file(): FrrFile {
    const { hostname, asn, routerId, neighbors, group, families, blackholes } = this
    const lists = new Map(
      [...this.lists].map(([name, entries]): [string, string[]] => [
        name,
        [...entries].sort(([a], [b]) => a - b).map(([, entry]) => entry),
      ]),
    )
    return { hostname, asn, routerId, neighbors, group, families, lists, blackholes }
  }
}

/** The prefixes that a list lets through, which here are exact ones; an absent or empty list passes all. */
export const permitted = (file: FrrFile, ip: 'ip' | 'ipv6', name: string): readonly string[] | 'all' => {
  const entries = file.lists.get(`${ip} ${name}`)
  if (!entries || entries.length === 0) return 'all'
  return entries.filter(entry => entry.startsWith('permit ')).map(entry => entry.slice('permit '.length))
}
