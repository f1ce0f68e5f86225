/**
 * A piece of a file's content. Chunks share bytes, and those of stanzas the buffers they lie in, with those of other
 * files, also of other nodes: nobody writes into them, and what else their `buffer` holds is nobody's to read.
 */
export type Chunk = Uint8Array

const encoder = new TextEncoder()

/** Text as one chunk. */
export const chunk = (text: string): Chunk => encoder.encode(text)

/** Chunks as one of its own, whose bytes may be changed. */
export const joined = (chunks: readonly Chunk[]): Uint8Array => {
  const bytes = new Uint8Array(chunks.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of chunks) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Chunks as one string: for diffs, tests and standard output; writing a file does not need it. */
export const textOf = (chunks: readonly Chunk[]): string => {
  const decoder = new TextDecoder()
  return chunks.map(part => decoder.decode(part, { stream: true })).join('') + decoder.decode()
}
