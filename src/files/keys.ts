import { createPrivateKey } from 'node:crypto'
import { renameSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type Diagnostic, type Result, resultOf } from '../diagnostics/index.js'
import type { KeyRing } from '../model/mesh.js'
import {
  base64Of,
  bytesOf,
  type Parsed,
  type PresharedKey,
  type PrivateKey,
  type PublicKey,
  pairOf,
  parseLabel,
  parsePresharedKey,
  parsePrivateKey,
  parsePublicKey,
} from '../net/index.js'
import { sweep } from './draft.js'
import { syncDirectory } from './durable.js'
import { attempt, isErrno } from './fault.js'
import { keysFolder, keysFolderFaults, makeKeysFolder } from './keys-folder.js'
import { readRegular } from './read.js'
import { createFile, replaceFile } from './replace.js'

const seedFile = 'preshared.seed'

/** Preshared keys that single pairs had before: two public keys and the key on each line. */
const pinnedFile = 'preshared.keys'

/** A key is 45 bytes; anything much longer is something else. */
const largestKey = 4096

/** A line has 135 characters, and a mesh of 300 nodes 45,000 pairs. */
const largestPinned = 8 * 1024 * 1024

/** Path of a node's key file as people call it, relative to mesh.ini's directory. */
export const keyFileOf = (node: string): string => `${keysFolder}/${node}.key`

/** Reads `keys/<node>.key` of each node that has one, and the seed of the preshared keys. */
export const readKeys = (directory: string, nodes: readonly string[]): Result<KeyRing> => {
  const diagnostics: Diagnostic[] = []
  const privateKeys = new Map<string, PrivateKey>()
  const publicKeys = new Map<string, PublicKey>()
  for (const node of new Set(nodes)) {
    // A name that is no label never becomes part of a path; parse reports it.
    if (!parseLabel(node).ok) continue
    const key = readSecret(directory, keyFileOf(node), parsePrivateKey, diagnostics)
    if (!key) continue
    privateKeys.set(node, key)
    publicKeys.set(node, publicHalf(key))
  }
  const seed = readSecret(directory, `${keysFolder}/${seedFile}`, parsePresharedKey, diagnostics)
  const pinned = readSecret(directory, `${keysFolder}/${pinnedFile}`, parsePinned, diagnostics, largestPinned)
  diagnostics.push(...keysFolderFaults(directory))
  return resultOf(diagnostics, () => ({
    privateKeys,
    publicKeys,
    presharedSeed: seed && bytesOf(seed.reveal()),
    ...(pinned ? { pinnedPresharedKeys: pinned } : {}),
  }))
}

/** A node's key that waits to be used. No node's name has a dot, so none is called like that. */
export const nextOf = (node: string): string => `${node}.next`

/** Reads one key file of `keys/`, or `null` where it is not there. */
export const readKey = (directory: string, name: string): Result<PrivateKey | null> => {
  const diagnostics: Diagnostic[] = []
  const key = readSecret(directory, keyFileOf(name), parsePrivateKey, diagnostics)
  return resultOf(diagnostics, () => key)
}

/** Puts a node's next key in place of the one it has. */
export const promoteKey = (directory: string, node: string): Result<null> =>
  attempt(() => {
    renameSync(join(directory, keyFileOf(nextOf(node))), join(directory, keyFileOf(node)))
    syncDirectory(join(directory, keysFolder))
    return null
  })

const parsePinned = (text: string): Parsed<Map<string, PresharedKey>> => {
  const pinned = new Map<string, PresharedKey>()
  for (const line of text.split('\n')) {
    const [one = '', other = '', secret = ''] = line.trim().split(/\s+/)
    const [a, b, key] = [parsePublicKey(one), parsePublicKey(other), parsePresharedKey(secret)]
    if (!a.ok) return a
    if (!b.ok) return b
    if (!key.ok) return key
    pinned.set(pairOf(a.value, b.value), key.value)
  }
  return { ok: true, value: pinned }
}

/** Writes the preshared keys that single pairs had before. */
export const writePinned = (directory: string, keys: ReadonlyMap<string, PresharedKey>): Result<boolean> =>
  writeSecret(directory, pinnedFile, pinnedText(keys).trimEnd())

const pinnedText = (keys: ReadonlyMap<string, PresharedKey>): string =>
  [...keys].map(([pair, key]) => `${pair} ${key.reveal()}\n`).join('')

/** Writes a node's new private key; another that is there is never overwritten. Answers whether it was written now. */
export const writeKey = (directory: string, node: string, key: PrivateKey): Result<boolean> =>
  writeSecret(directory, `${node}.key`, key.reveal())

/** Writes the seed that all preshared keys come from. */
export const writeSeed = (directory: string, seed: Uint8Array): Result<boolean> =>
  writeSecret(directory, seedFile, base64Of(seed))

/** Deletes the seed that preshared keys would have come from. */
export const removeSeed = (directory: string): Result<boolean> => removeSecret(directory, seedFile)

/** Puts another seed in place of the one that all preshared keys came from. */
export const replaceSeed = (directory: string, seed: Uint8Array): Result<null> =>
  attempt(() => {
    replaceFile(join(directory, keysFolder, seedFile), `${base64Of(seed)}\n`, null)
    return null
  })

/** Puts other preshared keys of single pairs in place of those there are; none take the file away. */
export const replacePinned = (directory: string, keys: ReadonlyMap<string, PresharedKey>): Result<null> =>
  attempt(() => {
    const path = join(directory, keysFolder, pinnedFile)
    if (keys.size === 0) unlinkSync(path)
    else replaceFile(path, pinnedText(keys), null)
    return null
  })

/** A key as wg prints it, for whoever asked to see it. */
export const keyLine = (key: PrivateKey | PresharedKey): string => `${key.reveal()}\n`

/** Deletes a node's key file. Answers whether there was one. */
export const removeKey = (directory: string, node: string): Result<boolean> =>
  removeSecret(directory, `${node}.key`)

const removeSecret = (directory: string, file: string): Result<boolean> =>
  attempt(() => {
    try {
      unlinkSync(join(directory, keysFolder, file))
      return true
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false
      throw error
    }
  })

/** Gives a node's key file a second name; the first goes with {@link removeKey}. Answers whether there is one. */
export const copyKey = (directory: string, from: string, to: string): Result<boolean> =>
  attempt(() => {
    const [source, target] = [join(directory, keyFileOf(from)), join(directory, keyFileOf(to))]
    const key = readRegular(source, largestKey)
    if (typeof key === 'string') return false
    const there = readRegular(target, largestKey)
    // The same key is there after a rename that was cut short.
    if (typeof there !== 'string' && Buffer.compare(key, there) === 0) return true
    createFile(target, Buffer.from(key).toString('latin1'), 0o600)
    return true
  })

/**
 * The public half of a private key, as OpenSSL derives it: a twentieth of the time it takes in JavaScript.
 * A JSON Web Key must have an `x`, the public half (RFC 8037), but only `d` is used: what is given for
 * `x` does not matter.
 */
export const publicHalf = (key: PrivateKey): PublicKey => {
  const d = Buffer.from(bytesOf(key.reveal())).toString('base64url')
  const jwk = createPrivateKey({ key: { kty: 'OKP', crv: 'X25519', d, x: d }, format: 'jwk' }).export({
    format: 'jwk',
  })
  return Buffer.from(jwk.x as string, 'base64url').toString('base64') as PublicKey
}

/** Answers whether the file was written: where it is there with just that in it, it stays. */
const writeSecret = (directory: string, file: string, text: string): Result<boolean> =>
  attempt(() => {
    const folder = join(directory, keysFolder)
    makeKeysFolder(directory)
    sweep(folder, '')
    const path = join(folder, file)
    const content = `${text}\n`
    const there = readRegular(path, largestPinned)
    if (typeof there !== 'string' && Buffer.from(there).toString('latin1') === content) return false
    createFile(path, content, 0o600)
    return true
  })

const readSecret = <T>(
  directory: string,
  file: string,
  parse: (text: string) => Parsed<T>,
  diagnostics: Diagnostic[],
  largest = largestKey,
): T | null => {
  const span = { file, line: 1, column: 1, length: 1 }
  const result = attempt(() => readRegular(join(directory, file), largest))
  if (!result.ok) diagnostics.push(...result.diagnostics)
  if (!result.ok || result.value === 'absent') return null
  const bytes = result.value
  const parsed = parse(typeof bytes === 'string' ? '' : Buffer.from(bytes).toString('latin1').trim())
  if (!parsed.ok) {
    diagnostics.push({
      severity: 'error',
      code: 'key-syntax',
      message: parsed.message,
      span,
      hint: parsed.hint,
    })
    return null
  }
  if (process.platform !== 'win32' && (statSync(join(directory, file)).mode & 0o077) !== 0)
    diagnostics.push({
      severity: 'warning',
      code: 'key-mode',
      message: 'other users of this machine can read the key',
      span,
      hint: `chmod 600 ${file}`,
    })
  return parsed.value
}
