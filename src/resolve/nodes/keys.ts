import type { Secrets } from '../../model/mesh.js'
import type { NodeKeys, SectionSpec } from '../../model/spec.js'
import {
  hiddenPresharedKey,
  hiddenPrivateKey,
  type PresharedKey,
  type PrivateKey,
  type PublicKey,
  publicKeyOf,
  sessionPasswordOf,
} from '../../net/index.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import type { IdentifiedClient } from './ids.js'

type KeyKeys = Pick<NodeKeys, 'public-key' | 'next-public-key' | 'key-on-node'>

/** A node, or a client with its keys under the same names. */
export interface KeyOwner extends SectionSpec<KeyKeys> {
  readonly kind?: 'client'
}

/** A client as the owner of a key. */
export const ownerOf = ({ name, span, keys }: IdentifiedClient): KeyOwner => ({
  kind: 'client',
  name,
  span,
  keys: {
    ...(keys['public-key'] ? { 'public-key': keys['public-key'] } : {}),
    ...(keys['key-on-client'] ? { 'key-on-node': keys['key-on-client'] } : {}),
  },
})

/** A node's key, of which its owner may keep the private half. */
export interface NodeKeyPair {
  readonly publicKey: PublicKey
  readonly privateKey: PrivateKey | null
}

/** Each node's pair of keys, by name, once the two halves are known to belong together. */
export const keyPairs = (
  nodes: readonly KeyOwner[],
  secrets: Secrets,
  report: Report,
): Map<string, NodeKeyPair> => {
  const pairs = new Map<string, NodeKeyPair>()
  const owners = new Map<PublicKey, KeyOwner>()
  for (const node of nodes) {
    const pair = keyPairOf(node, secrets, report)
    if (!pair) continue
    pairs.set(node.name, pair)
    const owner = owners.get(pair.publicKey)
    if (owner)
      report.error(
        'duplicate-key-pair',
        `${node.name} and ${owner.name} have the same key`,
        node.keys['public-key']?.span ?? node.span,
        `make a new one: delete public-key and keys/${node.name}.key, then put the output of "wg genkey" in that file`,
        { message: `${owner.name} has it here`, span: owner.keys['public-key']?.span ?? owner.span },
      )
    owners.set(pair.publicKey, node)
  }
  for (const node of nodes) reportNextKey(node, owners, report)
  return pairs
}

/** A staged key is new: whoever had one of the mesh's keys before could read along. */
const reportNextKey = (node: KeyOwner, owners: Map<PublicKey, KeyOwner>, report: Report): void => {
  const next = node.keys['next-public-key']
  if (!next) return
  const owner = owners.get(next.value)
  owners.set(next.value, node)
  if (!owner) return
  const whose = owner === node ? 'the key it has already' : `a key of ${owner.name}`
  report.error(
    'duplicate-key-pair',
    `next-public-key of ${node.name} is ${whose}`,
    next.span,
    `take the line out and run "ciab-gen rotate-key ${node.name} --stage"`,
  )
}

const keyPairOf = (node: KeyOwner, secrets: Secrets, report: Report): NodeKeyPair | null => {
  const kind = node.kind ?? 'node'
  const written = node.keys['public-key']
  const onNode = node.keys['key-on-node']?.value ?? false
  const span = written?.span ?? node.span
  const file = `keys/${node.name}.key`
  const privateKey = secrets === 'hidden' ? hiddenPrivateKey : secrets.privateKeys.get(node.name)
  if (onNode || secrets === 'hidden') {
    if (!written) {
      report.error(
        'missing-key',
        `[${kind} ${node.name}] has no public-key`,
        node.span,
        `write the 44 characters that "wg pubkey" prints on that ${kind}`,
      )
      return null
    }
    if (onNode && privateKey && secrets !== 'hidden')
      report.error(
        'key-on-node',
        `${node.name} keeps its private key itself, but ${file} holds one`,
        node.keys['key-on-node']?.span ?? span,
        `delete ${file}, or the line key-on-${kind}`,
      )
    return { publicKey: written.value, privateKey: onNode ? null : hiddenPrivateKey }
  }
  if (!privateKey) {
    // Who gives objects hands the keys over with them: there are no files.
    const given = span.field !== undefined
    report.error(
      'key-missing',
      given
        ? `the secrets hold no private key of ${node.name}`
        : `there is no ${file}, the private key of ${node.name}`,
      span,
      given
        ? `give privateKeys one for ${node.name}, or the ${kind} a public-key and key-on-${kind}: true where it keeps its own`
        : `put the output of "wg genkey" in ${file}, or write key-on-${kind} = yes where the ${kind} keeps its own`,
    )
    return null
  }
  const publicKey = secrets.publicKeys?.get(node.name) ?? publicKeyOf(privateKey)
  if (written && written.value !== publicKey)
    report.error(
      'key-pair',
      `public-key is not the public half of ${file}`,
      span,
      `write what "wg pubkey < ${file}" prints, or restore the file`,
    )
  return { publicKey, privateKey }
}

/** What the mesh's preshared keys come from. */
export const presharedSeedOf = (
  settings: Settings,
  secrets: Secrets,
  report: Report,
): Uint8Array | 'hidden' | null => {
  if (!settings.presharedKeys) return null
  return seedFor('preshared-keys', 'preshared keys are on', settings, secrets, report)
}

/** The password of all BGP sessions, from the same seed. */
export const sessionPassword = (
  settings: Settings,
  secrets: Secrets,
  report: Report,
): PresharedKey | null => {
  if (!settings.sessionPassword) return null
  const seed = seedFor('session-password', 'sessions have a password', settings, secrets, report)
  if (seed === 'hidden') return hiddenPresharedKey
  return seed && sessionPasswordOf(seed)
}

const seedFor = (
  key: 'preshared-keys' | 'session-password',
  fact: string,
  settings: Settings,
  secrets: Secrets,
  report: Report,
): Uint8Array | 'hidden' | null => {
  if (secrets === 'hidden') return 'hidden'
  const given = settings.spanOf(key).field !== undefined
  if (!secrets.presharedSeed)
    report.error(
      'preshared-seed',
      given
        ? `${fact}, but the secrets hold no presharedSeed`
        : `${fact}, but there is no keys/preshared.seed`,
      settings.spanOf(key),
      given
        ? `give presharedSeed ${seedBytes} random bytes, the same ones each time`
        : `"ciab-gen set mesh ${key} yes" makes one; every operator needs the same file`,
    )
  else if (secrets.presharedSeed.length !== seedBytes)
    report.error(
      'preshared-seed',
      `${fact}, but their seed has ${secrets.presharedSeed.length} bytes`,
      settings.spanOf(key),
      `it has ${seedBytes} random bytes`,
    )
  return secrets.presharedSeed
}

/** Of what all preshared keys come from. */
const seedBytes = 32
