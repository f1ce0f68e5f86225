import type { Mesh, MeshNode } from '../model/mesh.js'
import { hiddenPresharedKey, hiddenPrivateKey } from '../net/index.js'

const keyless = <Owner extends Pick<MeshNode, 'privateKey'>>(owner: Owner): Owner => ({
  ...owner,
  privateKey: owner.privateKey && hiddenPrivateKey,
})

/** The mesh as one may show it: with every secret that it holds as `(hidden)`. */
export const withoutSecrets = (mesh: Mesh): Mesh => ({
  ...mesh,
  presharedSeed: mesh.presharedSeed && 'hidden',
  sessionPassword: mesh.sessionPassword && hiddenPresharedKey,
  pinnedPresharedKeys: new Map([...mesh.pinnedPresharedKeys.keys()].map(pair => [pair, hiddenPresharedKey])),
  nodes: mesh.nodes.map(node => ({ ...keyless(node), clients: node.clients.map(keyless) })),
})
