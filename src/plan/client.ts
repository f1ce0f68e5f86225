import type { ClientPlan } from '../model/client-plan.js'
import { endpointForClient } from '../model/dialing.js'
import { entriesOf } from '../model/entries.js'
import type { Mesh, MeshClient, MeshNode } from '../model/mesh.js'
import { addressPart, familyOf, hostPrefix, lengthPart, type Prefix } from '../net/index.js'
import { behind } from './behind.js'
import { poolPrefixes, withoutCovered } from './pools.js'
import { presharedKeyFor } from './tunnel.js'

/** Every client's view of the mesh, in order of id. */
export const planClients = (mesh: Mesh): ClientPlan[] =>
  mesh.nodes
    .flatMap(node => node.clients.map(client => planClient(mesh, node, client)))
    .sort((a, b) => a.id - b.id)

const planClient = (mesh: Mesh, node: MeshNode, client: MeshClient): ClientPlan => ({
  mesh: mesh.name,
  name: client.name,
  id: client.id,
  privateKey: client.privateKey,
  publicKey: client.publicKey,
  addresses: client.addresses,
  mtu: client.reach.length > 0 ? mesh.mtu.vxlan : mesh.mtu.overlay,
  dns: client.dns,
  fullTunnel: client.fullTunnel,
  carrier: {
    name: node.name,
    publicKey: node.publicKey,
    allowedIps: client.fullTunnel ? everything : reachedBy(mesh, client),
    endpoint: endpointForClient(client, node)?.endpoint ?? null,
    keepalive: client.keepalive,
  },
  presharedKey: presharedKeyFor(mesh, node, client.publicKey),
})

/** Of a family that the client has no address of nothing gets through, and nothing past the tunnel either. */
const everything = ['0.0.0.0/0', '::/0'] as unknown as readonly Prefix[]

/** The mesh, as far as the client has addresses to speak under, the widest first. */
const reachedBy = (mesh: Mesh, { addresses, reach }: MeshClient): Prefix[] => {
  const all = [
    ...poolPrefixes(mesh),
    ...mesh.segments.flatMap(({ name, prefixes }) => (reach.includes(name) ? prefixes : [])),
    ...entriesOf(mesh, { reach }).flatMap(({ prefixes }) => prefixes),
    ...mesh.nodes.flatMap(node => [
      ...[...node.underlay, ...node.overlay].map(address => hostPrefix(addressPart(address))),
      ...node.networks.flatMap(({ prefixes }) => prefixes),
      ...node.allowedIps,
      ...behind(node),
    ]),
  ]
  const families = new Set(addresses.map(familyOf))
  return withoutCovered(
    all.filter(prefix => families.has(familyOf(prefix))).sort((a, b) => lengthPart(a) - lengthPart(b)),
  )
}
