import type { Entries } from '../../edit/index.js'
import { keyFileOf, publicHalf, removeKey, removeSeed, writeKey, writeSeed } from '../../files/index.js'
import type { KeyRing } from '../../model/mesh.js'
import { type PrivateKey, type PublicKey, privateKeyOf } from '../../net/index.js'
import type { Io } from '../io.js'
import { need } from '../output/report.js'

/** Secrets that were drawn and are not written yet, and the ring as it will be with them. */
export interface NewKeys {
  readonly ring: KeyRing
  readonly drawn: ReadonlyMap<string, PrivateKey>
  readonly seed: Uint8Array | null
  /** Nodes whose key file was there already. */
  readonly found: readonly string[]
}

/** Draws a key for every node that has none yet, and the seed of the preshared keys where one is wanted. */
export const drawKeys = (io: Io, ring: KeyRing, nodes: readonly string[], wantSeed: boolean): NewKeys => {
  const privateKeys = new Map(ring.privateKeys)
  const publicKeys = new Map(ring.publicKeys)
  const drawn = new Map<string, PrivateKey>()
  const found = nodes.filter(node => privateKeys.has(node))
  for (const node of nodes) {
    if (privateKeys.has(node)) continue
    const key = privateKeyOf(io.randomBytes(32))
    drawn.set(node, key)
    privateKeys.set(node, key)
    publicKeys.set(node, publicHalf(key))
  }
  const seed = wantSeed && !ring.presharedSeed ? io.randomBytes(32) : null
  return { ring: { privateKeys, publicKeys, presharedSeed: seed ?? ring.presharedSeed }, drawn, seed, found }
}

/** Writes drawn secrets and then does `rest`; if that fails the files go again. */
export const writeKeysAnd = (home: string, keys: NewKeys, rest: () => void): void => {
  const written: string[] = []
  try {
    for (const [node, key] of keys.drawn) {
      if (need(writeKey(home, node, key))) written.push(node)
    }
    if (keys.seed) need(writeSeed(home, keys.seed))
    rest()
  } catch (error) {
    for (const node of written) removeKey(home, node)
    if (keys.seed) removeSeed(home)
    throw error
  }
}

/** The lines of a new node's section. */
export const entriesOf = (
  id: number,
  endpoint: string | undefined,
  publicKey: string,
  onNode: boolean,
): Entries => [
  ['id', `${id}`],
  ['endpoint', endpoint ?? 'none'],
  ['public-key', publicKey],
  ...(onNode ? [['key-on-node', 'yes'] as const] : []),
]

export const publicKeyIn = (keys: NewKeys, node: string): PublicKey =>
  keys.ring.publicKeys?.get(node) as PublicKey

/** What to say about keys and endpoints of nodes that were made. */
export const sayNews = (io: Io, keys: NewKeys, undialed: readonly string[]): void => {
  const drawn = [...keys.drawn.keys()]
  if (drawn.length > 0)
    io.stderr.write(`new private ${drawn.length === 1 ? 'key' : 'keys'}: ${few(drawn.map(keyFileOf))}\n`)
  if (keys.found.length > 0) io.stderr.write(`found and used: ${few(keys.found.map(keyFileOf))}\n`)
  const [first] = undialed
  if (first === undefined) return
  io.stderr.write(
    `without an endpoint, so they only dial others: ${few(undialed)}\n` +
      `say where one can be dialled: ciab-gen set node ${first} endpoint HOST\n`,
  )
}

export const few = (texts: readonly string[]): string =>
  texts.length > 5 ? `${texts.slice(0, 3).join(', ')} … ${texts.at(-1)} (${texts.length})` : texts.join(', ')
