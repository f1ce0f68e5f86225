/**
 * A piece of a file's content. Chunks share bytes, and the buffers they lie in, with those of other files, also of other
 * nodes: nobody writes into them, and what else their `buffer` holds is nobody's to read.
 */
export type Chunk = Uint8Array

const encoder = new TextEncoder()

/** Text as one chunk. Short texts, of which there are many, share a page: a buffer of its own costs more than they. */
export const chunk = (text: string): Chunk => {
  if (text.length > longestShared) return encoder.encode(text)
  // No character of UTF-16 takes more than three bytes in UTF-8 (RFC 3629, section 3).
  if (page.length < 3 * text.length) page = new Uint8Array(pageSize)
  const { written } = encoder.encodeInto(text, page)
  const bytes = page.subarray(0, written)
  page = page.subarray(written)
  return bytes
}

const pageSize = 1 << 16
const longestShared = 1 << 12
let page = new Uint8Array(pageSize)

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
