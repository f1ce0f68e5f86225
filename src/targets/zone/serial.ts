import { hashBits } from '../../net/index.js'
import { type Chunk, textOf } from '../../render/chunks.js'
import type { OutputFile } from '../../render/target.js'

/**
 * The content of a file that counts its changes. There is no clock here: a zone written for the first time
 * begins with a number of its content's own, so that two trees with different zones hardly ever have one
 * number for both; after that the file itself says how far it has come. Whoever needs a certain number, to go
 * on from another master's, writes it into the file.
 */
export const withSerial = (
  contentWith: (serial: number) => readonly Chunk[],
): Required<Pick<OutputFile, 'content' | 'revise'>> => ({
  content: contentWith(hashBits(textOf(contentWith(0)), 32) || 1),
  revise: before => {
    const serial = serialIn(before)
    if (serial === null) return contentWith(hashBits(textOf(contentWith(0)), 32) || 1)
    const same = contentWith(serial)
    return textOf(same) === before ? same : contentWith(after(serial))
  },
})

/** The serial of a zone file of ours, or `null` where there is none. */
const serialIn = (text: string): number | null => {
  const serial = Number(/^ +(\d{1,10}) ; serial/m.exec(text)?.[1])
  return Number.isInteger(serial) && serial < 2 ** 32 ? serial : null
}

/** One more, modulo 2^32 (RFC 1982, section 3.1); 0 is left out, which some servers take for "none". */
const after = (serial: number): number => (serial + 1) % 2 ** 32 || 1
