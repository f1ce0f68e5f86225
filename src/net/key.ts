import nacl from 'tweetnacl'
import { accepted, type Brand, type Parsed, refused } from './brand.js'

/** A WireGuard public key: 32 bytes in base64, 44 characters. */
export type PublicKey = Brand<string, 'PublicKey'>

/** What secrets print as wherever text is made of them by accident. */
export const hidden = '(hidden)'

/** A value that shows itself only when asked by name. */
abstract class Secret {
  readonly #text: string

  /** @param text one line, as it stands in a file; parsers and {@link privateKeyOf} give nothing else */
  constructor(text: string) {
    if (!/^[\x20-\x7e]+$/.test(text)) throw new TypeError('a secret is one line of printable text')
    this.#text = text
  }

  /** The secret in base64; for writing it into a 0600 file, and nowhere else. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return hidden
  }

  toJSON(): string {
    return hidden
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden
  }
}

/** A WireGuard private key, clamped as `wg genkey` does it. */
export class PrivateKey extends Secret {
  readonly kind = 'private-key'
}

/** A key that two peers share, mixed into their handshake (wg(8), PresharedKey). */
export class PresharedKey extends Secret {
  readonly kind = 'preshared-key'
}

/** Stand-ins for a tree that is to be reviewed and committed. */
export const hiddenPrivateKey = new PrivateKey(hidden)
export const hiddenPresharedKey = new PresharedKey(hidden)

const base64Key = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/

/** Reads a public key. Neither this nor any other key is quoted in the refusal. */
export const parsePublicKey = (text: string): Parsed<PublicKey> => {
  if (!base64Key.test(text))
    return refused(
      'key-syntax',
      'the value is not a key of 32 bytes in base64',
      'write the 44 characters that "wg pubkey" prints',
    )
  if (/^A{43}=$/.test(text))
    return refused(
      'key-syntax',
      'the key is all zeros, which WireGuard takes for no key',
      'write the 44 characters that "wg pubkey" prints',
    )
  return accepted(text as PublicKey)
}

/** Reads a private key and clamps it, so that what we store is what `wg show` shows. */
export const parsePrivateKey = (text: string): Parsed<PrivateKey> =>
  base64Key.test(text)
    ? accepted(privateKeyOf(bytesOf(text)))
    : refused(
        'key-syntax',
        'the file does not hold a key of 32 bytes in base64',
        'write the 44 characters that "wg genkey" prints',
      )

/** Reads 44 characters of base64, as `wg genpsk` prints them. */
export const parsePresharedKey = (text: string): Parsed<PresharedKey> =>
  base64Key.test(text)
    ? accepted(new PresharedKey(text))
    : refused(
        'key-syntax',
        'the value is not a key of 32 bytes in base64',
        'write the 44 characters that "wg genpsk" prints',
      )

/** A private key from 32 random bytes; another number of them is an exception. */
export const privateKeyOf = (random: Uint8Array): PrivateKey => {
  if (!(random instanceof Uint8Array) || random.length !== keyBytes)
    throw new RangeError(`a private key is made from ${keyBytes} bytes, not ${Number(random?.length)}`)
  return new PrivateKey(base64Of(clamp(random)))
}

const keyBytes = 32

/** RFC 7748, section 5: clear the three low bits and the highest, set the second highest. */
const clamp = (bytes: Uint8Array): Uint8Array => {
  const clamped = Uint8Array.from(bytes)
  clamped[0] = (clamped[0] as number) & 248
  clamped[31] = ((clamped[31] as number) & 127) | 64
  return clamped
}

/** The public half of a private key: Curve25519 of it and the base point. About 0.6 ms. */
export const publicKeyOf = (key: PrivateKey): PublicKey =>
  base64Of(nacl.box.keyPair.fromSecretKey(bytesOf(key.reveal())).publicKey) as PublicKey

/** The 32 bytes of a key in base64. */
export const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), char => char.charCodeAt(0))

/** With padding, as wg(8) has it. */
export const base64Of = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))

/**
 * The preshared key of a pair: the first 32 bytes of HMAC-SHA-512 (RFC 2104) over the two public keys in
 * order, keyed with the mesh's random seed. The same from both sides, another for every pair, and
 * unmoved by nodes that come and go.
 */
export const presharedKeyOf = (seed: Uint8Array, a: PublicKey, b: PublicKey): PresharedKey => {
  const [first, second] = a < b ? [a, b] : [b, a]
  const message = joined(bytesOf(first), bytesOf(second))
  return new PresharedKey(base64Of(hmac(seed, message).subarray(0, 32)))
}

/**
 * The password of the mesh's BGP sessions (RFC 2385), from the same seed: 43 letters, digits and signs that
 * frr.conf can hold, within the 80 that TCP takes.
 */
export const sessionPasswordOf = (seed: Uint8Array): PresharedKey => {
  const message = new TextEncoder().encode('BGP session password')
  const text = base64Of(hmac(seed, message).subarray(0, 32))
  return new PresharedKey(text.replaceAll('+', '-').replaceAll('/', '_').replace('=', ''))
}

/** The name of a pair of nodes, whichever is named first: their public keys in order. */
export const pairOf = (a: PublicKey, b: PublicKey): string => (a < b ? `${a} ${b}` : `${b} ${a}`)

const blockSize = 128

const hmac = (key: Uint8Array, message: Uint8Array): Uint8Array => {
  const padded = new Uint8Array(blockSize)
  padded.set(key.length > blockSize ? nacl.hash(key) : key)
  const inner = nacl.hash(joined(xored(padded, 0x36), message))
  return nacl.hash(joined(xored(padded, 0x5c), inner))
}

const xored = (bytes: Uint8Array, mask: number): Uint8Array => bytes.map(byte => byte ^ mask)

const joined = (head: Uint8Array, tail: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(head.length + tail.length)
  bytes.set(head)
  bytes.set(tail, head.length)
  return bytes
}
