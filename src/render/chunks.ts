/** A piece of a file's content. Chunks may share bytes with other files' chunks; nobody writes into them. */
export type Chunk = Uint8Array

const encoder = new TextEncoder()

/** Text as one chunk. */
export const chunk = (text: string): Chunk => encoder.encode(text)

/** Chunks as one string: for diffs, tests and standard output; writing a file does not need it. */
export const textOf = (chunks: readonly Chunk[]): string => {
  const decoder = new TextDecoder()
  return chunks.map(part => decoder.decode(part, { stream: true })).join('') + decoder.decode()
}
