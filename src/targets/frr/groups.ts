import type { RoutingPlan } from '../../model/plan.js'
import { bfdWords } from './bfd.js'

/** `neighbor GROUP WORDS`; a view of the template. */
export type GroupLine = {
  readonly group: string
  readonly words: string
}

/** How a node speaks with the members of a group. */
interface Group {
  readonly group: string
  /** In each address family, behind `activate`. */
  readonly policy: (family: 'ipv4' | 'ipv6') => readonly string[]
}

/** The peer-groups of a node, by its part in route reflection. */
const groupsOf = (routing: RoutingPlan): readonly Group[] => {
  const said = saidBy(routing)
  const reflectors = (policy: readonly string[]): Group => ({
    group: 'REFLECTORS',
    policy: family => ['prefix-list mesh in', ...policy, ...taken[family], ...said[family]],
  })
  switch (routing.role) {
    case 'peer':
      return [{ group: 'CIAB', policy: family => ['prefix-list own out', ...taken[family], ...said[family]] }]
    case 'client':
      return [reflectors(['prefix-list own out'])]
    case 'reflector':
      return [
        {
          group: 'CLIENTS',
          policy: family => ['route-reflector-client', `route-map ${clientMap[family]} in`, ...said[family]],
        },
        reflectors([]),
      ]
  }
}

/** The route-maps that look at what clients announce. */
export const clientMap = { ipv4: 'from-clients', ipv6: 'from-clients6' } as const

/** How routes are taken that no map of clients looks at. */
const taken = { ipv4: [], ipv6: ['route-map global-next-hop in'] } as const

/** How a node's own are announced; what it reflects, no map of FRR's changes. */
const saidBy = ({ nextHop6 }: RoutingPlan): Readonly<Record<'ipv4' | 'ipv6', readonly string[]>> => ({
  ipv4: [],
  ipv6: nextHop6 ? ['route-map own-next-hop out'] : [],
})

/** What a group is. FRR does not print timers that equal its own. */
export const groupLines = (routing: RoutingPlan, release: string | null): GroupLine[] =>
  groupsOf(routing).flatMap(({ group }) => sessionLines(group, routing.source, routing, release))

/** The lines that all groups have, whatever they carry. */
export const sessionLines = (
  group: string,
  source: string,
  { asn, timers, bfd, password }: Pick<RoutingPlan, 'asn' | 'timers' | 'bfd' | 'password'>,
  release: string | null,
): GroupLine[] =>
  [
    'peer-group',
    `remote-as ${asn}`,
    ...(password === null ? [] : [`password ${password.reveal()}`]),
    ...bfdWords(release, bfd),
    `update-source ${source}`,
    ...(timers.keepalive === 60 && timers.hold === 180 ? [] : [`timers ${timers.keepalive} ${timers.hold}`]),
    'timers connect 1',
  ].map(words => ({ group, words }))

/** What a group may say and hear in an address family. */
export const policyLines = (routing: RoutingPlan, family: 'ipv4' | 'ipv6'): GroupLine[] => {
  const limit = routing.maximumPrefix === null ? [] : [`maximum-prefix ${routing.maximumPrefix}`]
  return groupsOf(routing).flatMap(({ group, policy }) => {
    const [first = '', ...rest] = policy(family)
    // In the order in which FRR prints them.
    const words = first === 'route-reflector-client' ? [first, ...limit, ...rest] : [...limit, first, ...rest]
    return ['activate', ...words].map(words => ({ group, words }))
  })
}
