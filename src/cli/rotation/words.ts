import { peersOf, relayedBy } from '../../impact/index.js'
import type { MeshNode } from '../../model/mesh.js'
import { addressPart } from '../../net/index.js'
import type { Io } from '../io.js'
import { few } from '../newcomers/new-keys.js'
import { clientOf, nodeOf, type Rotated } from './rotation.js'

const addressesOf = ({ underlay, overlay, mac }: MeshNode): string =>
  `${[...underlay, ...overlay].map(address => addressPart(address)).join(', ')}, ${mac}`

const next = 'next: ciab-gen gen, and the steps that it prints'

/** What staged keys mean. */
export const sayStaged = (io: Io, names: readonly string[], { after }: Rotated): void => {
  const tell = (text: string) => io.stderr.write(`${text}\n`)
  for (const name of names) tell(`${name} is about to have the key ${nodeOf(after, name).nextPublicKey}`)
  tell('nothing changes on the wire yet')
  if (names.length > 1)
    tell(`nodes that change together lose each other until the last of them has its key: ${names.join(', ')}`)
  tell(next)
}

/** What changed, what did not, and what carries nothing meanwhile. */
export const sayRotated = (io: Io, names: readonly string[], rotated: Rotated): void => {
  const { before, after, resumed } = rotated
  const tell = (text: string) => io.stderr.write(`${text}\n`)
  for (const name of resumed) tell(`finished for ${name} what was cut short`)
  const nodes = names.filter(name => clientOf(after, name) === null)
  for (const name of names) {
    const found = clientOf(after, name)
    if (found)
      tell(
        `${name} has the key ${found.client.publicKey} now: once ${found.carrier.name} has applied its new files, the old one opens nothing, and ${name} needs its new file`,
      )
  }
  for (const name of nodes) {
    const [old, now] = [nodeOf(before, name), nodeOf(after, name)]
    const same = addressesOf(old) === addressesOf(now)
    tell(
      `${name} has the key ${now.publicKey} now; ${same ? 'as before it has' : 'it has'} ${addressesOf(now)}`,
    )
  }
  for (const name of nodes)
    if (nodeOf(after, name).privateKey === null)
      tell(
        `before the new files take effect on ${name}, its owner writes the private key to /etc/wireguard/${after.name}.key`,
      )
  const sudden = nodes.filter(name => nodeOf(before, name).nextPublicKey === null)
  for (const name of sudden) {
    tell(
      `until the new files of both are in effect, and up to 5 s longer, nothing passes between ${name} and ${few(peersOf(after, nodeOf(after, name)).map(({ name }) => name)) || 'nobody'}`,
    )
    const relayed = relayedBy(after, nodeOf(after, name)).map(([a, b]) => `${a} and ${b}`)
    if (relayed.length > 0) tell(`nor, because ${name} is on the way, between ${few(relayed)}`)
    tell(`for a second of that at most: rotate-key ${name} --stage`)
  }
  for (const name of nodes) {
    const carried = nodeOf(after, name).clients.map(client => client.name)
    if (carried.length > 0)
      tell(
        `clients that ${name} carries are out until they have their new files, staged or not: ${few(carried)}`,
      )
  }
  tell(next)
}
