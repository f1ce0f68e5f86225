import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { Io } from '../io.js'
import { few } from '../newcomers/new-keys.js'
import { takingEffect } from '../output/installing.js'
import { nodeOf, type Rotated } from './rotation.js'

const addressesOf = ({ underlay, overlay, mac }: MeshNode): string =>
  `${[...underlay, ...overlay].map(address => address.slice(0, address.indexOf('/'))).join(', ')}, ${mac}`

/** What to do once keys are staged. */
export const sayStaged = (io: Io, names: readonly string[], { after }: Rotated): void => {
  const tell = (text: string) => io.stderr.write(`${text}\n`)
  for (const name of names) tell(`${name} is about to have the key ${nodeOf(after, name).nextPublicKey}`)
  tell(
    'nothing changes on the wire before step 4:\n' +
      '1. ciab-gen gen\n' +
      `2. copy the trees of ${peersOf(after, names)}, and run there: sh /etc/ciab/follow-keys.sh --background\n` +
      `3. ciab-gen rotate-key ${names.join(' ')} && ciab-gen gen\n` +
      `4. copy the tree of ${names.join(', ')}, and ${takingEffect(nodesOf(after, names))} there: each of the others follows within a second\n` +
      `5. copy the trees of the others, and ${takingEffect(othersOf(after, names))} there: the old key goes`,
  )
  if (names.length > 1)
    tell(`nodes that change together lose each other until the last of them has its key: ${names.join(', ')}`)
}

/** What changed, what did not, and what carries nothing meanwhile. */
export const sayRotated = (io: Io, names: readonly string[], rotated: Rotated): void => {
  const { before, after, resumed } = rotated
  const tell = (text: string) => io.stderr.write(`${text}\n`)
  for (const name of resumed) tell(`finished for ${name} what was cut short`)
  for (const name of names) {
    const [old, now] = [nodeOf(before, name), nodeOf(after, name)]
    const same = addressesOf(old) === addressesOf(now)
    tell(
      `${name} has the key ${now.publicKey} now; ${same ? 'as before it has' : 'it has'} ${addressesOf(now)}`,
    )
  }
  for (const name of names)
    if (nodeOf(after, name).privateKey === null)
      tell(
        `before the new files take effect on ${name}, its owner writes the private key to /etc/wireguard/${after.name}.key`,
      )
  const staged = names.filter(name => nodeOf(before, name).nextPublicKey !== null)
  const sudden = names.filter(name => !staged.includes(name))
  if (staged.length > 0) {
    const theirs = takingEffect(othersOf(after, staged))
    tell(
      `next: ciab-gen gen; copy the tree of ${staged.join(', ')}, and ${takingEffect(nodesOf(after, staged))} there`,
    )
    tell(
      `peers where follow-keys.sh waits follow within a second; others are cut off until ${theirs === 'run apply.sh' ? 'their apply.sh has run' : 'their new files are in effect'}`,
    )
    tell(`then: copy the trees of the others, and ${theirs} there: the old key goes`)
  }
  if (sudden.length > 0)
    tell(
      `next: ciab-gen gen; copy all trees, and ${takingEffect(after.nodes)} on ${sudden.join(', ')} and everywhere else at once`,
    )
  for (const name of sudden) {
    tell(
      `until both have done so, and up to 5 s longer, nothing passes between ${name} and ${peersOf(after, [name])}`,
    )
    const relayed = relayedBy(after, nodeOf(after, name))
    if (relayed.length > 0) tell(`nor, because ${name} is on the way, between ${few(relayed)}`)
    tell(`for less than a second of that: rotate-key ${name} --stage`)
  }
}

const nodesOf = (mesh: Mesh, names: readonly string[]): MeshNode[] =>
  mesh.nodes.filter(({ name }) => names.includes(name))

const othersOf = (mesh: Mesh, names: readonly string[]): MeshNode[] =>
  mesh.nodes.filter(({ name }) => !names.includes(name))

/** The nodes that have one of these as a peer. */
const peersOf = (mesh: Mesh, names: readonly string[]): string => {
  const ids = mesh.nodes.filter(({ name }) => names.includes(name)).map(({ id }) => id)
  const peers = mesh.nodes.filter(
    ({ id, name }) =>
      ids.some(other => other !== id && !mesh.detours.get(id)?.has(other)) &&
      !(ids.length === 1 && names.includes(name)),
  )
  return few(peers.map(({ name }) => name)) || 'nobody'
}

/** Pairs whose way leads through a node. */
const relayedBy = (mesh: Mesh, node: MeshNode): string[] => {
  const nameOf = new Map(mesh.nodes.map(({ id, name }) => [id, name]))
  return [...mesh.detours].flatMap(([id, detours]) =>
    [...detours]
      .filter(([other, relay]) => relay === node.id && id < other)
      .map(([other]) => `${nameOf.get(id)} and ${nameOf.get(other)}`),
  )
}
