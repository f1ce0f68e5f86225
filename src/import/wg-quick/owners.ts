import type { Diagnostic } from '../../diagnostics/index.js'
import type { PublicKey } from '../../net/index.js'
import type { OwnFile } from './file.js'

/** The file of each key's holder. A file without a key is that of the peer whom others call like it. */
export const keyHolders = (files: readonly OwnFile[], diagnostics: Diagnostic[]): Map<PublicKey, OwnFile> => {
  const holders = new Map<PublicKey, OwnFile>()
  const calls = new Map(files.flatMap(({ peers }) => peers.map(peer => [peer.name, peer.publicKey] as const)))
  for (const file of [...files].sort((a, b) => Number(!a.publicKey) - Number(!b.publicKey))) {
    const key = file.publicKey ?? calls.get(file.name)
    const twin = key && holders.get(key)
    if (!key)
      diagnostics.push({
        severity: 'error',
        code: 'import-unmatched',
        message: `the file has no PrivateKey, and no other file names a peer "${file.name}"`,
        span: file.span,
        hint: 'write PrivateKey into it, or the name as a comment under that [Peer] in another file',
      })
    else if (twin)
      diagnostics.push({
        severity: 'error',
        code: 'duplicate-key-pair',
        message: `the file has the same key as ${twin.file}`,
        span: file.span,
        hint: 'give one file of each node, and each node a key of its own ("wg genkey")',
        related: { message: `${twin.file} is the other`, span: twin.span },
      })
    else holders.set(key, file)
  }
  return holders
}

/** A name for every key: what its own file says, what others call it, or a number. */
export const namedNodes = (
  files: readonly OwnFile[],
  holders: ReadonlyMap<PublicKey, OwnFile>,
): Map<PublicKey, string> => {
  const names = new Map<PublicKey, string>()
  const taken = new Set<string>()
  const give = (key: PublicKey, wanted: string): void => {
    let name = wanted
    for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`
    taken.add(name)
    names.set(key, name)
  }
  const calledBy = (key: PublicKey): string | null =>
    files.flatMap(file => file.peers).find(peer => peer.publicKey === key && peer.name !== null)?.name ?? null
  // Files that are all called after the mesh tell no names; their peers may.
  const told = new Set(files.map(file => file.name))
  for (const [key, file] of holders)
    give(key, told.size < files.length ? (calledBy(key) ?? file.name) : file.name)
  for (const file of files)
    for (const { publicKey } of file.peers)
      if (!names.has(publicKey)) give(publicKey, calledBy(publicKey) ?? `node${names.size + 1}`)
  return names
}
