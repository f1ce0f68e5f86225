import type { NodePlan, TunnelPlan } from '../../model/plan.js'
import { chunk } from '../../render/chunks.js'
import type { Ownership } from '../../render/notes.js'
import type { OutputFile } from '../../render/target.js'

/** Where systemd-networkd, which is not root, may read keys; relative to the node's root. */
const folder = 'etc/ciab/keys'

/** Of the node's own key. */
export const privateKeyPath = ({ interface: name }: TunnelPlan): string => `${folder}/${name}.key`

/** Of the key that the node shares with one peer. */
export const presharedKeyPath = (peer: string): string => `${folder}/${peer}.psk`

/** A file for each key of the node: networkd reads nothing but the key in it, so nothing else can stand there. */
export const keyFiles = ({ tunnel }: NodePlan): OutputFile[] => [
  ...(tunnel.privateKey ? [keyFile(privateKeyPath(tunnel), tunnel.privateKey)] : []),
  ...(tunnel.presharedKeys ?? []).flatMap((key, at) => {
    const peer = tunnel.peers[at]
    if (!peer) throw new Error('the plan has a preshared key without a peer')
    return key === null ? [] : [keyFile(presharedKeyPath(peer.name), key)]
  }),
]

const keyFile = (path: string, key: { reveal(): string }): OutputFile => ({
  path,
  mode: 0o600,
  secret: true,
  content: [chunk(`${key.reveal()}\n`)],
})

/** The user systemd-network must be able to read them, and nobody else. */
export const keyOwners: readonly Ownership[] = [
  { path: folder, owner: 'root:systemd-network', mode: '0750' },
  { path: `${folder}/*`, owner: 'root:systemd-network', mode: '0640' },
]
