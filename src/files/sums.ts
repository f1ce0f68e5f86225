import { createHash } from 'node:crypto'
import type { NodeTree } from '../generate.js'
import { type Chunk, chunk } from '../render/chunks.js'
import { applyPath, sumsPath } from '../render/program.js'
import type { OutputFile } from '../render/target.js'

/**
 * The trees with a list of their files in each that has an apply.sh, as sha256sum(1) writes it. By it the node knows
 * which files are the tree's, and one that was edited there from one that was copied.
 *
 * A sum of a file with a password tells it to who can guess: the list is a secret like the file.
 */
export function* withSums(trees: Iterable<NodeTree>): Generator<NodeTree> {
  for (const tree of trees) {
    const { files } = tree
    yield files.some(({ path }) => path === applyPath) ? { ...tree, files: [...files, sumsOf(files)] } : tree
  }
}

const sumsOf = (files: readonly OutputFile[]): OutputFile => ({
  path: sumsPath,
  mode: 0o600,
  secret: true,
  content: [chunk(files.map(file => `${sumOf(file)}  ${file.path}\n`).join(''))],
})

/** What is the same on every node is so to its chunks. */
const alikes = new WeakMap<Chunk, string>()

const sumOf = ({ alike, content }: OutputFile): string => {
  const [only, ...others] = content
  if (!alike || !only || others.length > 0) return digestOf(content)
  const known = alikes.get(only) ?? digestOf(content)
  alikes.set(only, known)
  return known
}

const buffer = Buffer.allocUnsafe(1 << 16)

/** Chunks are mostly short, and hashing dear to begin: many of them at a time. */
const digestOf = (content: readonly Chunk[]): string => {
  const hash = createHash('sha256')
  let used = 0
  for (const part of content) {
    if (used + part.length > buffer.length) {
      hash.update(buffer.subarray(0, used))
      used = 0
    }
    if (part.length > buffer.length) hash.update(part)
    else {
      buffer.set(part, used)
      used += part.length
    }
  }
  return hash.update(buffer.subarray(0, used)).digest('hex')
}
