import type { Mesh, MeshNode } from '../model/mesh.js'
import { planner } from '../plan/plan.js'

/** Everything public that there is to say about a node, by headings. */
export interface NodeFacts {
  readonly name: string
  readonly id: number
  readonly site: string | null
  /** What it is, as {@link rolesIn} says. */
  readonly roles: readonly string[]
  /** Fields and their values. */
  readonly fields: readonly (readonly [field: string, values: readonly string[]])[]
  /** WireGuard's peers, clients too. */
  readonly peers: readonly {
    readonly name: string
    /** `null` where the peer dials. */
    readonly endpoint: string | null
    readonly keepalive: number | null
    readonly allowedIps: readonly string[]
  }[]
  /** BGP's neighbors. */
  readonly sessions: readonly {
    readonly name: string
    readonly address: string
    readonly networks: readonly string[]
  }[]
}

/** What a node is beside its addresses: `reflector`, `relay`, `behind NAT`, `exit`. For many nodes call it once. */
export const rolesIn = (mesh: Mesh): ((node: MeshNode) => string[]) => {
  const relays = new Set([...mesh.detours.values()].flatMap(row => [...row.values()]))
  return node => [
    ...(node.reflector ? ['reflector'] : []),
    ...(relays.has(node.id) ? ['relay'] : []),
    ...(node.endpoints.length === 0 ? ['behind NAT'] : []),
    ...(node.exit ? ['exit'] : []),
  ]
}

/** What there is to say about a node of the mesh; for many nodes call it once, and what it gives for each. */
export const factsIn = (mesh: Mesh): ((node: MeshNode) => NodeFacts) => {
  const planOf = planner(mesh)
  const rolesOf = rolesIn(mesh)
  return node => {
    const { tunnel, routing, overlay } = planOf(node)
    const on = (of: readonly { readonly name: string; readonly members: readonly number[] }[]): string[] =>
      of.filter(({ members }) => members.includes(node.id)).map(({ name }) => name)
    const fields: (readonly [string, readonly string[]])[] = [
      ['endpoint', node.endpoints.map(({ endpoint }) => endpoint)],
      ...[...node.endpointsAt].map(
        ([site, some]) => [`endpoint for ${site}`, some.map(({ endpoint }) => endpoint)] as const,
      ),
      ['listens on', [`UDP ${node.listenPort}`]],
      ['public key', [node.publicKey]],
      ['underlay', node.underlay],
      ['overlay', overlay?.addresses ?? []],
      ['networks', node.networks.map(({ bridge, prefixes }) => `${bridge} ${prefixes.join(' ')}`)],
      ['LANs', node.lans.map(lan => `${lan.interface} ${lan.prefixes.join(' ')}`)],
      [
        'clients',
        node.clients.map(({ name, addresses, reach }) =>
          [name, ...addresses, ...(reach.length > 0 ? ['enters', reach.join(' and ')] : [])].join(' '),
        ),
      ],
      ['tenants', on(mesh.tenants)],
      ['segments', on(mesh.segments)],
      ['tools', [...new Set(Object.values(node.targets))].filter(name => name !== 'none')],
    ]
    return {
      name: node.name,
      id: node.id,
      site: node.site,
      roles: rolesOf(node),
      fields: fields.filter(([, values]) => values.length > 0),
      peers: tunnel.peers.map(({ name, endpoint, keepalive, allowedIps }) => ({
        name,
        endpoint,
        keepalive,
        allowedIps,
      })),
      sessions: [...routing.neighbors, ...routing.clients].map(({ name, address, accepts }) => ({
        name,
        address,
        networks: accepts,
      })),
    }
  }
}
