import { createHash } from 'node:crypto'
import { parse } from 'ini'
import type { KeyRing } from '../../src/model/mesh.js'
import { type PrivateKey, privateKeyOf, publicKeyOf } from '../../src/net/index.js'

/**
 * Keys for tests come from names, so that nothing is random: a node's private key is the SHA-256 of its
 * name, clamped (RFC 7748, section 5). On a shell, without this file:
 *
 *     printf node1 | openssl dgst -sha256 -binary | base64    # the private key, not yet clamped
 *     printf node1 | openssl dgst -sha256 -binary | base64 | wg pubkey
 */
export const privateKeyFor = (name: string): PrivateKey =>
  privateKeyOf(createHash('sha256').update(name).digest())

/** The public half, as mesh.ini has it. */
export const publicKeyFor = (name: string): string => publicKeyOf(privateKeyFor(name))

/** The seed of all preshared keys in tests: the SHA-256 of `preshared`. */
export const presharedSeed: Uint8Array = createHash('sha256').update('preshared').digest()

/** The key ring of a mesh.ini: a key for every node and client but those that keep their own. */
export const keyRingFor = (meshIniText: string): KeyRing => {
  const sections = Object.entries(parse(meshIniText)) as [string, Record<string, unknown>][]
  const names = sections.flatMap(([header, keys]) => {
    const [kind, name] = header.split(/\s+/)
    const keepsItsOwn = ['yes', 'on', true].includes(
      (keys['key-on-node'] ?? keys['key-on-client']) as string | true,
    )
    return (kind === 'node' || kind === 'client') && name && !keepsItsOwn ? [name] : []
  })
  return { privateKeys: new Map(names.map(name => [name, privateKeyFor(name)])), presharedSeed }
}
