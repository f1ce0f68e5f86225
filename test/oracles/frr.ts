/**
 * A reader of frr.conf that follows vtysh: a line is a command of the innermost open node that knows it, and
 * indentation means nothing.
 */
export interface FrrFile {
  readonly hostname: string
  readonly asn: number
  readonly routerId: string
  readonly gracefulRestart: boolean
  /** Whether forwarding goes on meanwhile: RFC 4724's F bit. */
  readonly preservesForwarding: boolean
  /** By address. */
  readonly neighbors: ReadonlyMap<string, FrrNeighbor>
  /** Group → what is said about it: `remote-as` → `64512`. */
  readonly groups: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly families: Readonly<Record<FamilyName, FrrFamily | null>>
  /** `ip NAME` or `ipv6 NAME` → entries in order of their numbers: `permit 10.77.1.0/24`. */
  readonly lists: ReadonlyMap<string, readonly string[]>
  /** Expanded extcommunity-lists, each of one regular expression that permits. */
  readonly communities: ReadonlyMap<string, string>
  /** In order of their numbers. */
  readonly routeMaps: ReadonlyMap<string, readonly FrrClause[]>
  readonly blackholes: readonly string[]
  readonly vrfs: ReadonlyMap<string, FrrVrf>
  /** Neighbor's address → our own. */
  readonly bfd: ReadonlyMap<string, string>
}

export type FamilyName = 'ipv4' | 'ipv6' | 'evpn'

export interface FrrNeighbor {
  readonly address: string
  readonly group: string | null
  readonly description: string | null
}

/** What is said in an address family; keys are neighbors' addresses and groups. */
export interface FrrFamily {
  readonly networks: readonly string[]
  /** Tables whose routes are taken in. */
  readonly imports: readonly string[]
  /** `advertise-all-vni`, `advertise ipv4 unicast`. */
  readonly advertises: readonly string[]
  readonly activated: ReadonlySet<string>
  readonly clients: ReadonlySet<string>
  readonly limits: ReadonlyMap<string, number>
  /** Prefix-lists. */
  readonly filters: ReadonlyMap<string, { readonly in?: string; readonly out?: string }>
  /** Route-maps. */
  readonly maps: ReadonlyMap<string, { readonly in?: string; readonly out?: string }>
}

export interface FrrClause {
  readonly number: number
  readonly permits: boolean
  /** `ip address prefix-list from-node1`; all of them must hold. */
  readonly matches: readonly string[]
  /** `ipv6 next-hop prefer-global`. */
  readonly sets: readonly string[]
}

export interface FrrVrf {
  readonly vni: number
  readonly blackholes: readonly string[]
  /** Prefix → the VRF and device that it lies behind. */
  readonly leaks: ReadonlyMap<string, { readonly vrf: string; readonly device: string }>
  /** The BGP instance, or `null` where there is none. */
  readonly router: FrrRouter | null
}

export interface FrrRouter {
  readonly asn: number
  readonly routerId: string
  readonly families: Readonly<Record<FamilyName, FrrFamily | null>>
}

type Mutable<T> =
  T extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Value>
    : T extends ReadonlySet<infer Value>
      ? Set<Value>
      : T extends readonly (infer Value)[]
        ? Value[]
        : T
type OpenFamily = { -readonly [Key in keyof FrrFamily]: Mutable<FrrFamily[Key]> }
type OpenRouter = { asn: number; routerId: string; families: Record<FamilyName, OpenFamily | null> }

type OpenClause = { number: number; permits: boolean; matches: string[]; sets: string[] }

const emptyVrf = () => ({
  vni: 0,
  blackholes: [] as string[],
  leaks: new Map<string, { vrf: string; device: string }>(),
  router: null as OpenRouter | null,
})

const emptyFamily = (): OpenFamily => ({
  networks: [],
  imports: [],
  advertises: [],
  activated: new Set(),
  clients: new Set(),
  limits: new Map(),
  filters: new Map(),
  maps: new Map(),
})

const emptyRouter = (asn: number): OpenRouter => ({
  asn,
  routerId: '',
  families: { ipv4: null, ipv6: null, evpn: null },
})

export const readFrr = (text: string): FrrFile => {
  const reader = new FrrReader()
  for (const line of text.split('\n').map(line => line.trim()))
    if (line !== '' && !line.startsWith('#') && !line.startsWith('!')) reader.line(line.split(' '))
  return reader.file()
}

/** The section that is open. */
type Place = 'top' | 'router' | 'vrf' | 'route-map' | 'bfd'

class FrrReader {
  private hostname = ''
  private gracefulRestart = false
  private preservesForwarding = false
  private place: Place = 'top'
  private readonly main = emptyRouter(0)
  private router = this.main
  private family: OpenFamily | null = null
  private vrf = emptyVrf()
  private clause: OpenClause = { number: 0, permits: false, matches: [], sets: [] }
  private readonly neighbors = new Map<
    string,
    { address: string; group: string | null; description: string | null }
  >()
  private readonly groups = new Map<string, Map<string, string>>()
  private readonly lists = new Map<string, Map<number, string>>()
  private readonly communities = new Map<string, string>()
  private readonly routeMaps = new Map<string, Map<number, OpenClause>>()
  private readonly blackholes: string[] = []
  private readonly vrfs = new Map<string, ReturnType<typeof emptyVrf>>()
  private readonly bfd = new Map<string, string>()

  line(words: string[]): void {
    const [first = '', second = ''] = words
    if (first === 'router') this.openRouter(words)
    else if (first === 'vrf') this.openVrf(second)
    else if (first === 'exit-vrf') this.place = 'top'
    else if (first === 'bfd' && words.length === 1) this.place = 'bfd'
    else if (first === 'route-map') this.openClause(words)
    else if (this.place === 'router') this.routerLine(words)
    else if (this.place === 'vrf') this.vrfLine(words)
    else if (this.place === 'route-map' && first === 'match')
      this.clause.matches.push(words.slice(1).join(' '))
    else if (this.place === 'route-map' && first === 'set') this.clause.sets.push(words.slice(1).join(' '))
    else if (this.place === 'bfd') this.bfdLine(words)
    else this.topLine(words)
  }

  private topLine(words: string[]): void {
    const [first, second, third = ''] = words
    this.place = 'top'
    if (first === 'hostname') this.hostname = second as string
    else if (second === 'prefix-list') this.listLine(words)
    else if (second === 'extcommunity-list') {
      // bgp extcommunity-list expanded NAME seq 5 permit REGEX
      if (this.communities.has(words[3] as string)) throw new Error(`${words[3]} stands twice`)
      this.communities.set(words[3] as string, words.slice(7).join(' '))
    } else if (second === 'route') this.blackholes.push(third)
    else if (!['frr', 'log', 'zebra'].includes(first as string))
      throw new Error(`not understood: ${words.join(' ')}`)
  }

  private listLine([ip, , name, , sequence, ...entry]: string[]): void {
    const key = `${ip} ${name}`
    const list = this.lists.get(key) ?? new Map<number, string>()
    if (list.has(Number(sequence))) throw new Error(`${key} has two entries numbered ${sequence}`)
    this.lists.set(key, list.set(Number(sequence), entry.join(' ')))
  }

  private openClause([, name = '', verdict, number]: string[]): void {
    this.place = 'route-map'
    this.clause = { number: Number(number), permits: verdict === 'permit', matches: [], sets: [] }
    const map = this.routeMaps.get(name) ?? new Map()
    if (map.has(this.clause.number)) throw new Error(`${name} has two clauses numbered ${number}`)
    this.routeMaps.set(name, map.set(this.clause.number, this.clause))
  }

  private openVrf(name: string): void {
    this.place = 'vrf'
    this.vrf = this.vrfs.get(name) ?? emptyVrf()
    this.vrfs.set(name, this.vrf)
  }

  private vrfLine([first, second = '', third = '', device = '', word, vrf = '']: string[]): void {
    if (first === 'vni') this.vrf.vni = Number(second)
    else if (second === 'route' && device === 'blackhole') this.vrf.blackholes.push(third)
    else if (second === 'route' && word === 'nexthop-vrf') this.vrf.leaks.set(third, { vrf, device })
    else throw new Error(`not understood in a vrf: ${first} ${second}`)
  }

  private openRouter([, , asn, , name]: string[]): void {
    this.place = 'router'
    this.family = null
    this.router = name === undefined ? this.main : emptyRouter(Number(asn))
    this.router.asn = Number(asn)
    if (name === undefined) return
    this.openVrf(name)
    this.vrf.router = this.router
    this.place = 'router'
  }

  private routerLine(words: string[]): void {
    const [first, second = '', third = ''] = words
    if (first === 'address-family') {
      this.family = emptyFamily()
      this.router.families[second === 'l2vpn' ? 'evpn' : (second as 'ipv4' | 'ipv6')] = this.family
    } else if (first === 'exit-address-family') this.family = null
    else if (this.family) this.familyLine(words, this.family)
    else if (first === 'neighbor') this.neighborLine(words)
    else if (second === 'router-id') this.router.routerId = third
    else if (second === 'graceful-restart' && third === '') this.gracefulRestart = true
    else if (second === 'graceful-restart' && third === 'preserve-fw-state') this.preservesForwarding = true
    else if (second !== 'log-neighbor-changes' && first !== 'no')
      throw new Error(`not understood in a router: ${words.join(' ')}`)
  }

  private neighborLine([, who = '', what = '', ...rest]: string[]): void {
    if (what === 'peer-group' && rest.length === 0) this.groups.set(who, new Map())
    const group = this.groups.get(who)
    if (group) {
      group.set(`${what} ${rest.slice(0, -1).join(' ')}`.trim(), rest.at(-1) ?? '')
      return
    }
    const neighbor = this.neighbors.get(who) ?? { address: who, group: null, description: null }
    if (what === 'peer-group') neighbor.group = rest[0] as string
    else if (what === 'description') neighbor.description = rest.join(' ')
    else throw new Error(`not understood of a neighbor: ${what}`)
    this.neighbors.set(who, neighbor)
  }

  private familyLine(words: string[], family: OpenFamily): void {
    const [verb = '', who = '', what, name = '', way] = words
    if (verb === 'network') family.networks.push(who)
    else if (verb === 'import') family.imports.push(what as string)
    else if (verb.startsWith('advertise')) family.advertises.push(words.join(' '))
    else if (what === 'activate') family.activated.add(who)
    else if (what === 'route-reflector-client') family.clients.add(who)
    else if (what === 'maximum-prefix') family.limits.set(who, Number(name))
    else if (what === 'prefix-list')
      family.filters.set(who, { ...family.filters.get(who), [way as 'in' | 'out']: name })
    else if (what === 'route-map')
      family.maps.set(who, { ...family.maps.get(who), [way as 'in' | 'out']: name })
    else throw new Error(`not understood in an address family: ${words.join(' ')}`)
  }

  private bfdLine(words: string[]): void {
    if (words[0] === 'peer')
      this.bfd.set(words[1] as string, words[words.indexOf('local-address') + 1] as string)
  }

  file(): FrrFile {
    const { hostname, gracefulRestart, preservesForwarding, main } = this
    const { neighbors, groups, communities, blackholes, vrfs, bfd } = this
    const inOrder = <T>(entries: ReadonlyMap<number, T>): T[] =>
      [...entries].sort(([a], [b]) => a - b).map(([, entry]) => entry)
    const sorted = <T>(maps: ReadonlyMap<string, ReadonlyMap<number, T>>): Map<string, T[]> =>
      new Map([...maps].map(([name, entries]) => [name, inOrder(entries)]))
    return {
      hostname,
      ...main,
      gracefulRestart,
      preservesForwarding,
      neighbors,
      groups,
      lists: sorted(this.lists),
      communities,
      routeMaps: sorted(this.routeMaps),
      blackholes,
      vrfs,
      bfd,
    }
  }
}

/** The prefixes that a list lets through, where those are exact ones; an absent or empty list passes all. */
export const permitted = (file: FrrFile, ip: 'ip' | 'ipv6', name: string): readonly string[] | 'all' => {
  const entries = file.lists.get(`${ip} ${name}`)
  if (!entries || entries.length === 0) return 'all'
  return entries.filter(entry => entry.startsWith('permit ')).map(entry => entry.slice('permit '.length))
}
