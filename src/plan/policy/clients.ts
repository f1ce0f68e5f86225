import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { PolicyPoint, PolicyRow } from '../../model/policy-plan.js'
import { metadataPrefixes, type Prefix } from '../../net/index.js'
import { withoutCovered } from '../pools.js'
import { type Here, row } from './row.js'

/** The sets that rows about a node's clients name; none where it carries none. */
export const clientSets = (mesh: Mesh, { clients }: MeshNode): Record<string, readonly Prefix[]> => {
  if (clients.length === 0) return {}
  const exiting = clients.filter(({ fullTunnel }) => fullTunnel)
  return {
    clients: clients.flatMap(({ addresses }) => addresses),
    ...(exiting.length === 0
      ? {}
      : {
          exiting: exiting.flatMap(({ addresses }) => addresses),
          beside: withoutCovered([...notInternet, ...metadataPrefixes]),
        }),
    ...Object.fromEntries(
      mesh.segments.flatMap(({ name, tenant, prefixes }) => {
        const apart = clients.filter(({ reach }) => !reach.includes(name))
        return tenant !== null || prefixes.length === 0 || apart.length === 0
          ? []
          : [
              [segment(name), prefixes],
              [keptFrom(name), apart.flatMap(({ addresses }) => addresses)],
            ]
      }),
    ),
  }
}

/** What is next to a node rather than on the internet: private, shared and link-local ranges, and multicast. */
const notInternet = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', '224.0.0.0/3'],
  ...['fc00::/7', 'fe80::/10', 'ff00::/8'],
] as unknown as readonly Prefix[]

/** Clients that go out by their node go to the internet, and not to what the node is connected to besides. */
export const leavingClients = (point: PolicyPoint, { sets, tunnel }: Here): PolicyRow[] =>
  sets.exiting === undefined
    ? []
    : [
        row(point, 'pass', 'Clients with a full tunnel go out by this node, to the internet alone.', {
          from: { on: tunnel, within: 'exiting' },
          to: { outside: 'beside' },
        }),
      ]

/** Between clients and segments that they may not enter nothing passes, whoever begins. */
export const keptApart = (point: PolicyPoint, { sets, tunnel }: Here): PolicyRow[] => {
  const because = 'A client enters the segments that mesh.ini names for it.'
  return Object.keys(sets).flatMap(set => {
    const name = /^kept from (.+)$/.exec(set)?.[1]
    if (name === undefined) return []
    return [
      row(point, 'drop', because, { from: { on: tunnel, within: set }, to: { within: segment(name) } }),
      ...(point === 'way'
        ? [row(point, 'drop', because, { from: { within: segment(name) }, to: { on: tunnel, within: set } })]
        : []),
    ]
  })
}

/** Clients come out of the tunnel, as what they speak with does. */
export const carrying = ({ sets, inside, tunnel }: Here): PolicyRow[] => {
  const because = 'Clients of this node go by it to other nodes, and back.'
  return (sets.clients?.length ?? 0) === 0
    ? []
    : [
        row('way', 'pass', because, { from: { on: tunnel, within: 'clients' }, to: { on: inside } }),
        row('way', 'pass', because, { from: { on: inside }, to: { on: tunnel, within: 'clients' } }),
      ]
}

const segment = (name: string): string => `segment ${name}`
const keptFrom = (name: string): string => `kept from ${name}`
