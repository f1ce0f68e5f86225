import type { NodePlan } from '../../model/plan.js'
import type { View } from '../../render/template.js'
import { carrying, quotedSet, tenantsView } from './tenants.js'

type ByFamily = NodePlan['firewall']['local']

/** What `<mesh>.nft` needs to know. Rules about a family in which the node has nothing are left out. */
export const rulesView = (node: NodePlan): View => {
  const { firewall } = node
  const { mesh, local, segment } = firewall
  const own = merged(local, firewall.shared)
  const masqueraded = ours(node)
  const bridges = carrying('containers', node)
  const sets = families.map(({ ip, family, digit }) => ({
    ip,
    mesh: defined('mesh', digit, mesh[family]),
    local: defined('local', digit, local[family]),
    segment: defined('segment', digit, segment[family]),
    masqueraded: defined('masqueraded', digit, masqueraded[family]),
    own: defined(firewall.shared[family].length > 0 ? 'own' : 'local', digit, own[family]),
    foreign:
      own[family].length > 0
        ? `${ip} saddr != $${firewall.shared[family].length > 0 ? 'own' : 'local'}${digit}`
        : `meta nfproto ipv${digit}`,
  }))
  const rules = (name: 'mesh' | 'local' | 'segment'): View[] =>
    sets.flatMap(({ ip, [name]: set }) => (set === null ? [] : [{ ip, set }]))
  const pairs = (name: 'own' | 'masqueraded'): View[] =>
    sets.flatMap(({ ip, mesh, [name]: local }) =>
      mesh === null || local === null ? [] : [{ ip, local, mesh }],
    )
  return {
    node: node.name,
    tunnel: firewall.tunnel,
    listenPort: firewall.listenPort,
    unrouted: quotedSet(unrouted(node)),
    vxlan: vxlanView(node),
    ...tenantsView(node),
    defines: [
      define('inside', quoted(carrying('nodes', node)), 'Interfaces inside the encryption.'),
      define('bridges', quoted(bridges), 'Container bridges.'),
      ...families.flatMap(({ family, digit }) => [
        define(`mesh${digit}`, mesh[family], "Every address of the mesh: nodes' and containers'."),
        define(`segment${digit}`, segment[family], "Nodes' addresses on the VXLAN segment."),
        define(`local${digit}`, local[family], "This node's container networks."),
        ...(firewall.shared[family].length > 0
          ? [define(`own${digit}`, own[family], 'Those, and the networks of its segments.')]
          : []),
        define(
          `masqueraded${digit}`,
          masqueraded[family],
          'Those that are behind this host on the internet.',
        ),
      ]),
    ].flat(),
    bridged: bridges.length > 0,
    mesh: rules('mesh'),
    local: rules('local'),
    segment: rules('segment').map(rule => ({ ...rule, overlay: firewall.overlay })),
    foreign: sets.map(set => set.foreign),
    keep: pairs('own'),
    leave: pairs('masqueraded'),
  }
}

/** Interfaces that no router of this host is behind. A bridge of the operator's may well lead to one. */
const unrouted = ({ devices }: NodePlan): string[] =>
  devices.filter(({ carries, maker }) => carries !== 'frames' && maker !== null).map(({ name }) => name)

const vxlanView = ({ firewall: { tunnel, vxlanPort: port, vnis } }: NodePlan): View | null =>
  vnis.length > 0 ? { tunnel, port, vnis: vnis.length > 1 ? `{ ${vnis.join(', ')} }` : `${vnis[0]}` } : null

const families = [
  { ip: 'ip', family: 'ipv4', digit: '4' },
  { ip: 'ip6', family: 'ipv6', digit: '6' },
] as const

const quoted = (names: readonly string[]): string[] => names.map(name => `"${name}"`)

const merged = (one: ByFamily, other: ByFamily): ByFamily => ({
  ipv4: [...one.ipv4, ...other.ipv4],
  ipv6: [...one.ipv6, ...other.ipv6],
})

/** nft has no empty sets in rules: nothing is defined for them. */
const define = (name: string, elements: readonly string[], what: string): View[] =>
  elements.length > 0 ? [{ name, elements, what }] : []

const defined = (name: string, digit: string, elements: readonly string[]): string | null =>
  elements.length > 0 ? `$${name}${digit}` : null

/**
 * The networks whose way to the internet is ours to make. An existing bridge has its owner's NAT setting,
 * and of IPv6 only unique local addresses (RFC 4193) need translation.
 */
const ours = ({ containers }: NodePlan): { ipv4: string[]; ipv6: string[] } => {
  const prefixes = containers.networks.flatMap(({ existing, vrf, prefixes }) =>
    existing || vrf !== null ? [] : prefixes,
  )
  return {
    ipv4: prefixes.filter(prefix => !prefix.includes(':')),
    ipv6: prefixes.filter(prefix => /^f[cd]/.test(prefix)),
  }
}
