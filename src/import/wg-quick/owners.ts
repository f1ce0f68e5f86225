import type { Diagnostic } from '../../diagnostics/index.js'
import type { PublicKey } from '../../net/index.js'
import { shown } from '../values.js'
import type { OwnFile } from './file.js'
import { placeOf } from './names.js'

/** The file of each key's holder. A file without a key is that of the peer whom others call like it. */
export const keyHolders = (files: readonly OwnFile[], diagnostics: Diagnostic[]): Map<PublicKey, OwnFile> => {
  const holders = new Map<PublicKey, OwnFile>()
  const calls = new Map(files.flatMap(({ peers }) => peers.map(peer => [peer.name, peer.publicKey] as const)))
  for (const file of [...files].sort((a, b) => Number(!a.publicKey) - Number(!b.publicKey))) {
    const name = file.name ?? placeOf(file.file).base
    const key = file.publicKey ?? calls.get(name)
    const twin = key && holders.get(key)
    if (!key)
      diagnostics.push({
        severity: 'error',
        code: 'import-unmatched',
        message: file.keyFile
          ? `the private key is in ${shown(file.keyFile)}, which is not beside the file, and no other file names a peer "${name}"`
          : `the file has no PrivateKey, and no other file names a peer "${name}"`,
        span: file.span,
        hint: file.keyFile
          ? 'copy the key beside the file, or write the name as a comment above that peer in another file'
          : 'write PrivateKey into it, or the name as a comment under that [Peer] in another file',
      })
    else if (twin) diagnostics.push(twice(file, twin))
    else holders.set(key, file)
  }
  return holders
}

/** Routing daemons on point-to-point links have an interface for each peer; so has who knows no other way. */
const twice = (file: OwnFile, twin: OwnFile): Diagnostic => ({
  severity: 'error',
  code: 'duplicate-key-pair',
  message: `the file has the same key as ${twin.file}: two interfaces of one node, or two copies of one file`,
  span: file.span,
  hint: 'a node of a mesh has one interface for all its peers. Leave out a copy; where each peer has an interface of its own (BGP, OSPF or babel on each of them), leave these files as they are and begin a mesh beside them with "ciab-gen init": another name, another port, new keys',
  related: { message: `${twin.file} is the other`, span: twin.span },
})

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
  const numbered = (): string => {
    let number = names.size + 1
    while (taken.has(`node${number}`)) number++
    return `node${number}`
  }
  // Files that are all called after the mesh tell no names; their peers may.
  const told = new Set(files.map(file => file.name))
  for (const [key, file] of holders)
    give(
      key,
      (told.size < files.length ? (calledBy(key) ?? file.name) : file.name) ?? calledBy(key) ?? numbered(),
    )
  for (const file of files)
    for (const { publicKey } of file.peers)
      if (!names.has(publicKey)) give(publicKey, calledBy(publicKey) ?? numbered())
  return names
}
