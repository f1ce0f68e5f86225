import type { NodePlan } from '../../model/plan.js'
import type { PolicyPlan } from '../../model/policy-plan.js'
import type { View } from '../../render/template.js'
import { aboutSet, families, membersOf, rulesAt, setOf, variable } from './rules.js'

/** What `<mesh>.nft` needs to know. Rules about a family in which the node has nothing are left out. */
export const rulesView = (node: NodePlan): View => {
  const { policy, listenPort } = node.firewall
  const [inside, bridges, tenants] = [
    carrying('nodes', node),
    carrying('containers', node),
    carrying('tenant', node),
  ]
  const vxlans = (node.evpn?.segments ?? []).map(({ vxlan }) => `"${vxlan}"`)
  const masqueraded = ours(node)
  const sets = families.map(({ ip, family, digit }) => ({
    ip,
    mesh: membersOf(policy, 'mesh', family).length > 0 ? `$${variable('mesh', digit)}` : null,
    own: membersOf(policy, 'own', family).length > 0 ? `$${variable('own', digit)}` : null,
    masqueraded: masqueraded[family].length > 0 ? `$${variable('masqueraded', digit)}` : null,
  }))
  const pairs = (name: 'own' | 'masqueraded'): View[] =>
    sets.flatMap(({ ip, mesh, [name]: local }) =>
      mesh === null || local === null ? [] : [{ ip, local, mesh }],
    )
  return {
    node: node.name,
    listenPort,
    defines: [
      ...defines(policy),
      ...define(
        'Those that are behind this host on the internet.',
        'masqueraded',
        family => masqueraded[family],
      ),
    ],
    arrival: rulesAt(policy, 'arrival'),
    outside: rulesAt(policy, 'outside'),
    host: rulesAt(policy, 'host'),
    way: rulesAt(policy, 'way'),
    inside: quotedSet(inside),
    within: [inside, bridges, tenants].filter(names => names.length > 0).map(quotedSet),
    bridges: bridges.length > 0 ? quotedSet(bridges) : null,
    mesh: sets.flatMap(({ ip, mesh: set }) => (set === null ? [] : [{ ip, set }])),
    keep: pairs('own'),
    leave: pairs('masqueraded'),
    segmented: vxlans.length === 0 ? null : { vxlans: setOf(vxlans), frame: rulesAt(policy, 'frame') },
  }
}

/** The names of the node's devices that packets of this kind are seen to come from. */
const carrying = (what: 'nodes' | 'containers' | 'tenant', { devices }: NodePlan): string[] =>
  devices.filter(({ carries }) => carries === what).map(({ name }) => name)

const quotedSet = (names: readonly string[]): string => setOf(names.map(name => `"${name}"`))

/** Of each set that a rule names. */
const defines = (policy: PolicyPlan): View[] => {
  const named = new Set([
    ...policy.rows.flatMap(({ from, to }) => [from.within, from.outside, to.within, to.outside]),
    ...['mesh', 'own'],
  ])
  return Object.keys(policy.sets).flatMap(set => {
    const what = aboutSet(set)
    return what !== null && named.has(set) ? define(what, set, family => membersOf(policy, set, family)) : []
  })
}

/** nft has no empty sets in rules: nothing is defined for them. */
const define = (
  what: string,
  set: string,
  members: (family: 'ipv4' | 'ipv6') => readonly string[],
): View[] => {
  const lists = families.flatMap(({ family, digit }) => {
    const elements = members(family)
    return elements.length > 0 ? [{ name: variable(set, digit), elements }] : []
  })
  return lists.length > 0 ? [{ what, lists }] : []
}

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
