import nacl from 'tweetnacl'

/** The first `bits` (at most 48) of the text's SHA-512: the same on every machine, for ever. */
export const hashBits = (text: string, bits: number): number => {
  const digest = nacl.hash(new TextEncoder().encode(text))
  const first48 = digest.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0)
  return Math.floor(first48 / 2 ** (48 - bits))
}

/** The first half of the text's SHA-512, in hexadecimal: two texts have another. */
export const sumOf = (text: string): string =>
  [...nacl.hash(new TextEncoder().encode(text)).subarray(0, 32)]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('')
