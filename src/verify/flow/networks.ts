import type { Span } from '../../diagnostics/index.js'
import type { FileText, FrrLine, FrrReader } from '../../readers/index.js'
import type { Said } from '../said.js'

/** A tenant's routing table on a node: its devices from networks.conf, its routes from frr.conf. */
export interface Vrf {
  readonly tenant: string
  readonly name: string
  readonly vni: string
  /** What FRR has for the VNI of this VRF, which is the one that counts. */
  readonly spoken: Said | null
  /** The bridge over which it speaks with other nodes, and its VXLAN device. */
  readonly bridge: string
  readonly vxlan: string
  /** Bridges of its containers. */
  readonly bridges: readonly string[]
  readonly span: Span
  /** Networks that it tells others of. */
  readonly announced: readonly Said[]
  /** What it knows by way of another VRF of the node: the network, and the bridge it is on; or a client, and the tunnel. */
  readonly leaks: readonly { readonly prefix: string; readonly bridge: string; readonly span: Span }[]
  /** Families that it advertises by EVPN. */
  readonly advertised: readonly string[]
  /** Route targets that are written; FRR has its own for the VNI where none is. */
  readonly imports: readonly Said[]
  readonly exports: readonly Said[]
  /** The place of its router. */
  readonly router: Span | null
}

/** A subnet that containers of several nodes share. */
export interface Segment {
  readonly name: string
  readonly vni: string
  readonly vxlan: string
  readonly bridge: string
  readonly span: Span
}

/** Where what a client sends to a network is looked up: a rule (ip-rule(8)). */
export interface EntryRule {
  /** The number of a tenant's routing table, which is its VNI. */
  readonly table: string
  readonly client: string
  readonly network: string
  readonly span: Span
}

/** What networks.sh makes of a node's networks.conf. */
export interface Networks {
  readonly vrfs: readonly Vrf[]
  readonly segments: readonly Segment[]
  readonly entries: readonly EntryRule[]
  readonly mtu: Said | null
  readonly port: Said | null
  readonly local: Said | null
}

/** Reads networks.conf, and what frr.conf says about the VRFs in it. */
export const networksOf = (
  conf: FileText | undefined,
  frr: FileText | undefined,
  readFrr: FrrReader,
): Networks => {
  const lines = conf ? wordsIn(conf) : []
  const said = (word: string): Said | null => {
    const found = lines.findLast(({ words }) => words[0] === word)
    return found ? { value: found.words[1] ?? '', span: found.span } : null
  }
  const routing = frr && lines.some(({ words }) => words[0] === 'tenant') ? readFrr(frr.file, frr.text) : []
  return {
    vrfs: lines.flatMap(({ words: [word, tenant, vni, name, bridge, vxlan, ...bridges], span }) =>
      word === 'tenant' && tenant && vni && name && bridge && vxlan
        ? [{ tenant, vni, name, bridge, vxlan, bridges, span, ...routesIn(routing, name) }]
        : [],
    ),
    segments: lines.flatMap(({ words: [word, name, vni, vxlan, bridge], span }) =>
      word === 'segment' && name && vni && vxlan && bridge ? [{ name, vni, vxlan, bridge, span }] : [],
    ),
    entries: lines.flatMap(({ words: [word, table, client, network], span }) =>
      word === 'enter' && table && client && network ? [{ table, client, network, span }] : [],
    ),
    mtu: said('mtu'),
    port: said('port'),
    local: said('local'),
  }
}

const wordsIn = ({ file, text }: FileText): { words: string[]; span: Span }[] =>
  text.split('\n').flatMap((raw, index) => {
    const line = raw.trim()
    return line === '' || line.startsWith('#')
      ? []
      : [
          {
            words: line.split(/\s+/),
            span: { file, line: index + 1, column: 1, length: Math.max(1, raw.length) },
          },
        ]
  })

const routesIn = (lines: readonly FrrLine[], vrf: string) => {
  const own = lines.filter(({ within }) => within === `vrf ${vrf}`)
  const router = lines.find(({ text }) => new RegExp(`^router bgp \\d+ vrf ${vrf}$`).test(text))
  const within = router ? lines.filter(line => line.within === router.text) : []
  const vni = own.findLast(({ words }) => words[0] === 'vni')
  const said = ({ words, span }: FrrLine): Said => ({ value: words.at(-1) as string, span })
  const targets = (way: string): Said[] =>
    within
      .filter(({ family, words }) => family === 'l2vpn evpn' && words[0] === 'route-target')
      .filter(({ words }) => words[1] === way || words[1] === 'both')
      .map(said)
  return {
    spoken: vni ? { value: vni.words[1] ?? '', span: vni.span } : null,
    announced: within
      .filter(({ words, family }) => words[0] === 'network' && /^ipv[46] unicast$/.test(family ?? ''))
      .map(({ words, span }) => ({ value: words[1] as string, span })),
    leaks: own.flatMap(({ words, span }) =>
      words[1] === 'route' && words[4] === 'nexthop-vrf'
        ? [{ prefix: words[2] as string, bridge: words[3] as string, span }]
        : [],
    ),
    advertised: within
      .filter(({ words, family }) => family === 'l2vpn evpn' && words[0] === 'advertise')
      .map(({ words }) => words[1] as string),
    imports: targets('import'),
    exports: targets('export'),
    router: router?.span ?? null,
  }
}
