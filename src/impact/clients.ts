import type { Mesh, MeshClient, MeshNode } from '../model/mesh.js'

/** A client with the node that carries it. */
export interface Carried {
  readonly client: MeshClient
  readonly carrier: MeshNode
}

/** The clients of a mesh, node by node. */
export const carriedIn = ({ nodes }: Mesh): Carried[] =>
  nodes.flatMap(carrier => carrier.clients.map(client => ({ client, carrier })))

/**
 * What each client was before, by the names that they have now; one that has its public key still, or else its id, is
 * the same, whatever it is called and whoever carries it.
 */
export const clientsBefore = (before: Mesh, after: Mesh): ReadonlyMap<string, Carried> => {
  const old = carriedIn(before)
  const byKey = new Map(old.map(one => [one.client.publicKey as string, one]))
  const byId = new Map(old.map(one => [one.client.id, one]))
  const known = new Map<string, Carried>()
  const taken = new Set<Carried>()
  for (const find of [
    ({ publicKey }: MeshClient) => byKey.get(publicKey),
    ({ id }: MeshClient) => byId.get(id),
  ])
    for (const { client } of carriedIn(after)) {
      const was = find(client)
      if (!was || known.has(client.name) || taken.has(was)) continue
      known.set(client.name, was)
      taken.add(was)
    }
  return known
}
