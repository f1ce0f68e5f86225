import type { NodePlan } from '../../model/plan.js'
import type { PolicyPlan, PolicyPoint } from '../../model/policy-plan.js'
import type { Prefix } from '../../net/index.js'
import type { View } from '../../render/template.js'
import {
  aboutSet,
  families,
  growsWithNodes,
  membersOf,
  quotedSet,
  rulesAt,
  standsFor,
  variable,
} from './rules.js'

/** What `<mesh>.nft` needs to know. Rules about a family in which the node has nothing are left out. */
export const rulesView = (node: NodePlan): View => {
  const { firewall } = node
  const [inside, bridges, tenants] = [
    carrying('nodes', node),
    carrying('containers', node),
    carrying('tenant', node),
  ]
  const vxlans = (node.evpn?.segments ?? []).map(({ vxlan }) => vxlan)
  const policy = { ...firewall.policy, sets: { ...firewall.policy.sets, masqueraded: masqueraded(node) } }
  const at = (point: PolicyPoint): View[] => rulesAt(policy, point, inside)
  /** A line with a rule for each family in which neither is empty. */
  const inBoth = (set: string, rule: (ip: string, set: string, mesh: string) => string): string | null =>
    families
      .filter(({ family }) => [set, 'mesh'].every(one => membersOf(policy, one, family).length > 0))
      .map(({ ip, family, digit }) =>
        rule(ip, `$${variable(standsFor(policy, set, family), digit)}`, `$${variable('mesh', digit)}`),
      )
      .join('; ') || null
  return {
    node: node.name,
    listenPort: firewall.listenPort,
    defines: defines(policy),
    inside: inside.map(name => `"${name}"`).join(', '),
    arrival: at('arrival'),
    outside: at('outside'),
    host: at('host'),
    way: at('way'),
    within: quotedSet(['lo', ...inside, ...bridges, ...tenants]),
    // A client that goes out by this node is somebody else to a tenant's containers only if it hides.
    bridges: quotedSet(['lo', ...bridges, ...('exiting' in policy.sets ? tenants : [])]),
    encrypted: inBoth('mesh', (ip, mesh) => `${ip} daddr ${mesh} jump encrypted`),
    lans: lansOf(node),
    // On its way into a LAN nothing is rewritten either, nor on its way out.
    keep: inBoth(
      firewall.lans ? 'mesh' : 'own',
      (ip, own, mesh) => `${ip} saddr ${own} ${ip} daddr ${mesh} snat ${ip} to ${ip} saddr`,
    ),
    leave: ['masqueraded', ...('exiting' in policy.sets ? ['exiting'] : [])].flatMap(
      set => inBoth(set, (ip, ours, mesh) => `${ip} saddr ${ours} ${ip} daddr != ${mesh} masquerade`) ?? [],
    ),
    segmented: vxlans.length === 0 ? null : { vxlans: quotedSet(vxlans), frame: at('frame') },
  }
}

/** A line for each LAN and family. */
const lansOf = ({ firewall: { lans = [] } }: NodePlan): View[] =>
  lans.flatMap(({ interface: name, prefixes }) =>
    prefixes.map(prefix => ({ interface: name, ip: prefix.includes(':') ? 'ip6' : 'ip', prefixes: prefix })),
  )

/** The names of the node's devices that packets of this kind are seen to come from. */
const carrying = (what: 'nodes' | 'containers' | 'tenant', { devices }: NodePlan): string[] =>
  devices.filter(({ carries }) => carries === what).map(({ name }) => name)

/** Of each set that a rule names. */
const defines = (policy: PolicyPlan): View[] => {
  const named = new Set([
    ...policy.rows.flatMap(({ from, to }) => [from.within, from.outside, to.within, to.outside]),
    ...['mesh', 'own', 'masqueraded'],
  ])
  return Object.keys(policy.sets).flatMap(set => {
    const what = aboutSet(set)
    const lists = families.flatMap(({ family, digit }): View[] => {
      const elements = membersOf(policy, set, family)
      // nft has no empty sets in rules: nothing is defined for them.
      if (elements.length === 0 || standsFor(policy, set, family) !== set) return []
      const name = variable(set, digit)
      if (!growsWithNodes(set)) return [{ line: { name, set: `{ ${elements.join(', ')} }` }, lines: null }]
      return [
        {
          line: null,
          lines: { name, ...(set === 'mesh' ? poolsFirst(policy, elements) : { first: '{', elements }) },
        },
      ]
    })
    return what !== null && named.has(set) && lists.length > 0 ? [{ what, lists }] : []
  })
}

/** The pools, which no node brings, on the line that opens the set. */
const poolsFirst = ({ sets }: PolicyPlan, elements: readonly Prefix[]): View => {
  const isPool = (prefix: Prefix): boolean => sets.pools?.includes(prefix) === true
  const pools = elements.filter(isPool)
  return {
    first: ['{', ...pools.map(pool => `${pool},`)].join(' '),
    elements: elements.filter(prefix => !isPool(prefix)),
  }
}

/**
 * The networks whose way to the internet is ours to make. An existing bridge has its owner's NAT setting,
 * and of IPv6 only unique local addresses (RFC 4193) need translation.
 */
const masqueraded = ({ containers }: NodePlan): Prefix[] =>
  containers.networks.flatMap(({ existing, vrf, prefixes }) =>
    existing || vrf !== null ? [] : prefixes.filter(prefix => !prefix.includes(':') || /^f[cd]/.test(prefix)),
  )
