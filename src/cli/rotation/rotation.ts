import { resolve } from 'node:path'
import {
  keyValue,
  machineNames,
  nextKeyIn,
  sectionOf,
  withKey,
  withNextKey,
  withoutNextKey,
} from '../../edit/index.js'
import {
  keyFileOf,
  nextOf,
  promoteKey,
  publicHalf,
  readKey,
  readKeys,
  removeKey,
  replaceFile,
  replacePinned,
  writeKey,
} from '../../files/index.js'
import { load } from '../../load.js'
import type { KeyRing, Mesh, MeshClient, MeshNode } from '../../model/mesh.js'
import { type PresharedKey, type PrivateKey, type PublicKey, pairOf, privateKeyOf } from '../../net/index.js'
import { UsageError } from '../arguments.js'
import type { Place } from '../command.js'
import { Failure, need } from '../output/report.js'
import { requireKeys } from '../workspace/keyless.js'
import { homeOf } from '../workspace/loading.js'
import { readForEdit, requireNodes, type Vetted, vet } from '../workspace/workspace.js'

/** A key that was brought along rather than drawn. */
export interface Given {
  /** For a node that keeps its private key itself. */
  readonly publicKey?: PublicKey | undefined
  readonly privateKey?: PrivateKey | undefined
}

/** What a rotation did. */
export interface Rotated {
  readonly vetted: Vetted
  /** The mesh before and after, with the same nodes at the same addresses. */
  readonly before: Mesh
  readonly after: Mesh
  /** Nodes that had been given their key by an earlier run, which was cut short. */
  readonly resumed: readonly string[]
}

interface NewKey {
  readonly publicKey: PublicKey
  /** `null` where the node's owner has it. */
  readonly privateKey: PrivateKey | null
  /** Whether the private key lies in its file for the next key already. */
  readonly stored: boolean
}

/** Gives nodes new keys, the staged ones where there are some. */
export const rotate = (place: Place, names: readonly string[], given: Given): Rotated => {
  const home = homeOf(place)
  const start = begin(place, names)
  const resumed = names.filter(name => resume(home, start, name))
  const due = names.filter(name => !resumed.includes(name))
  const { ring, mesh } = read(place, start)
  const keys = new Map(due.map(name => [name, newKey(place, ownerOf(mesh, name), given)]))
  const text = due.reduce((left, name) => need(withKey(left, name, keyIn(keys, name).publicKey)), start)
  const pinned = repinned(ring, mesh, keys)
  const then = ringWith(ring, keys, pinned)
  const vetted = vet(place, text, then, start)
  const after = need(load({ file: place.file, text }, then))
  const waiting = store(home, keys)
  try {
    if (pinned) need(replacePinned(home, new Map([...(ring.pinnedPresharedKeys ?? []), ...pinned])))
    if (text !== start) replaceFile(resolve(place.directory, place.file), text, start)
  } catch (error) {
    if (pinned) replacePinned(home, ring.pinnedPresharedKeys ?? new Map())
    for (const name of waiting) removeKey(home, nextOf(name))
    throw error
  }
  // From here on the rotation is decided: a run that is cut short is resumed by the next.
  for (const [name, { privateKey }] of keys) if (privateKey) need(promoteKey(home, name))
  if (pinned) need(replacePinned(home, pinned))
  return { vetted, before: mesh, after, resumed }
}

/** Tells mesh.ini the keys that nodes are about to have. */
export const stage = (place: Place, names: readonly string[], given: Given): Rotated => {
  const home = homeOf(place)
  const start = begin(place, names)
  for (const name of names)
    if (sectionOf(start, name).startsWith('client '))
      throw new UsageError(
        `${name} is a client, whose key changes in one step`,
        `write rotate-key ${name}, and give it its new file once its node has applied`,
      )
    else if (nextKeyIn(start, name) !== null)
      throw new UsageError(
        `${name} is about to have another key already`,
        `rotate-key ${name} puts it to use, rotate-key ${name} --cancel drops it`,
      )
  const { ring, mesh } = read(place, start)
  const keys = new Map(names.map(name => [name, newKey(place, ownerOf(mesh, name), given)]))
  const text = names.reduce((left, name) => need(withNextKey(left, name, keyIn(keys, name).publicKey)), start)
  const vetted = vet(place, text, ring, start)
  const after = need(load({ file: place.file, text }, ring))
  const waiting = store(home, keys)
  try {
    replaceFile(resolve(place.directory, place.file), text, start)
  } catch (error) {
    for (const name of waiting) removeKey(home, nextOf(name))
    throw error
  }
  return { vetted, before: mesh, after, resumed: [] }
}

/** Drops the keys that nodes were about to have. */
export const cancel = (place: Place, names: readonly string[]): void => {
  const home = homeOf(place)
  const start = begin(place, names)
  for (const name of names)
    if (nextKeyIn(start, name) === null)
      throw new UsageError(`${name} is not about to have another key`, 'there is nothing to cancel')
  const text = names.reduce(withoutNextKey, start)
  const staged = names.map(name => [nextOf(name), need(readKey(home, nextOf(name)))] as const)
  for (const [name] of staged) need(removeKey(home, name))
  try {
    replaceFile(resolve(place.directory, place.file), text, start)
  } catch (error) {
    for (const [name, key] of staged) if (key) writeKey(home, name, key)
    throw error
  }
}

const begin = (place: Place, names: readonly string[]): string => {
  const text = readForEdit(place)
  requireNodes(names, machineNames(text))
  return text
}

const read = (place: Place, text: string): { ring: KeyRing; mesh: Mesh } => {
  const ring = need(readKeys(homeOf(place), machineNames(text)))
  requireKeys({ file: place.file, text }, ring)
  return { ring, mesh: need(load({ file: place.file, text }, ring), { [place.file]: text }) }
}

export const nodeOf = (mesh: Mesh, name: string): MeshNode =>
  mesh.nodes.find(node => node.name === name) as MeshNode

/** A client of that name with the node that carries it; `null` where the name is a node's. */
export const clientOf = (mesh: Mesh, name: string): { client: MeshClient; carrier: MeshNode } | null => {
  for (const carrier of mesh.nodes)
    for (const client of carrier.clients) if (client.name === name) return { client, carrier }
  return null
}

/** A node, or a client, which is never about to have a key. */
type Owner = Pick<MeshNode, 'name' | 'publicKey' | 'privateKey' | 'nextPublicKey'>

const ownerOf = (mesh: Mesh, name: string): Owner => {
  const found = clientOf(mesh, name)
  return found ? { ...found.client, nextPublicKey: null } : nodeOf(mesh, name)
}

const keyIn = (keys: ReadonlyMap<string, NewKey>, name: string): NewKey => keys.get(name) as NewKey

/** Where mesh.ini has the new key and the file the old one, a run was cut short between the two. */
const resume = (home: string, text: string, name: string): boolean => {
  const written = keyValue(text, sectionOf(text, name), 'public-key')
  const next = need(readKey(home, nextOf(name)))
  if (!next || written !== publicHalf(next)) return false
  need(promoteKey(home, name))
  return true
}

const newKey = (place: Place, node: Owner, given: Given): NewKey => {
  const { name, nextPublicKey: staged } = node
  if (staged && (given.publicKey || given.privateKey))
    throw new UsageError(
      `${name} is about to have another key already`,
      `drop it with rotate-key ${name} --cancel`,
    )
  if (node.privateKey === null) {
    const publicKey = given.publicKey ?? staged
    if (publicKey) return { publicKey, privateKey: null, stored: false }
    throw new UsageError(
      `${name} keeps its private key itself`,
      `run "wg genkey" on it, and give what "wg pubkey" makes of that with --public-key`,
    )
  }
  if (given.publicKey)
    throw new UsageError(
      `the private key of ${name} is in ${keyFileOf(name)}`,
      'give the new one with --key-file',
    )
  const found = need(readKey(homeOf(place), nextOf(name)))
  const privateKey = found ?? given.privateKey ?? (staged ? null : privateKeyOf(place.io.randomBytes(32)))
  const publicKey = privateKey && publicHalf(privateKey)
  if (!privateKey || !publicKey || (staged && publicKey !== staged)) throw unfit(name, found !== null)
  return { publicKey, privateKey, stored: found !== null }
}

const unfit = (name: string, found: boolean): Failure => {
  const file = keyFileOf(nextOf(name))
  const message = found
    ? `next-public-key of ${name} is not the public half of ${file}`
    : `there is no ${file}, the key that ${name} is about to have`
  const hint = `restore the file, or drop the key with "ciab-gen rotate-key ${name} --cancel"`
  return new Failure([{ severity: 'error', code: 'next-key', message, span: null, hint }], {})
}

/** Writes the private keys that are in no file yet; answers whose. */
const store = (home: string, keys: ReadonlyMap<string, NewKey>): string[] => {
  const written: string[] = []
  for (const [name, { privateKey, stored }] of keys) {
    if (!privateKey || stored) continue
    need(writeKey(home, nextOf(name), privateKey))
    written.push(name)
  }
  return written
}

/** Preshared keys of single pairs under the pairs' new names, or `null` where there are none. */
const repinned = (
  { pinnedPresharedKeys: pinned }: KeyRing,
  mesh: Mesh,
  keys: ReadonlyMap<string, NewKey>,
): Map<string, PresharedKey> | null => {
  if (!pinned || pinned.size === 0) return null
  const renewed = new Map([...keys].map(([name, key]) => [ownerOf(mesh, name).publicKey, key.publicKey]))
  const now = (key = ''): PublicKey => renewed.get(key as PublicKey) ?? (key as PublicKey)
  return new Map(
    [...pinned].map(([pair, key]) => {
      const [one, other] = pair.split(' ')
      return [pairOf(now(one), now(other)), key]
    }),
  )
}

const ringWith = (
  ring: KeyRing,
  keys: ReadonlyMap<string, NewKey>,
  pinned: Map<string, PresharedKey> | null,
): KeyRing => {
  const privateKeys = new Map(ring.privateKeys)
  const publicKeys = new Map(ring.publicKeys)
  for (const [name, { privateKey, publicKey }] of keys) {
    if (!privateKey) continue
    privateKeys.set(name, privateKey)
    publicKeys.set(name, publicKey)
  }
  return { ...ring, privateKeys, publicKeys, ...(pinned ? { pinnedPresharedKeys: pinned } : {}) }
}
