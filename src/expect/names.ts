import type { Mesh } from '../model/mesh.js'

/** Whose addresses and public keys are whose, in the words of mesh.ini: `node4`, `client phone`. */
export const namesIn = ({ nodes }: Mesh): ReadonlyMap<string, string> => {
  const names = new Map<string, string>()
  const bare = (text: string): string => text.split('/')[0] as string
  for (const node of nodes) {
    for (const address of [...node.underlay, ...node.overlay]) names.set(bare(address), node.name)
    for (const key of [node.publicKey, node.nextPublicKey]) if (key !== null) names.set(key, node.name)
    for (const client of node.clients) {
      for (const address of client.addresses) names.set(bare(address), `client ${client.name}`)
      names.set(client.publicKey, `client ${client.name}`)
    }
  }
  return names
}
