import { createHash, createHmac, createPrivateKey, createPublicKey } from 'node:crypto'

/** PKCS #8 wrapping of a raw X25519 private key (RFC 8410). */
const prefix = Buffer.from('302e020100300506032b656e04220420', 'hex')

/** The public half of a private key in base64, by OpenSSL instead of tweetnacl. */
export const publicHalf = (privateKey: string): string => {
  const known = halves.get(privateKey)
  if (known) return known
  const der = Buffer.concat([prefix, Buffer.from(privateKey, 'base64')])
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
  const raw = key.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')
  halves.set(privateKey, raw)
  return raw
}

const halves = new Map<string, string>()

/** What `wg genkey` would have made of the bytes: RFC 7748, section 5. */
const clamped = (bytes: Buffer): Buffer => {
  bytes[0] = (bytes[0] as number) & 0xf8
  bytes[31] = ((bytes[31] as number) & 0x7f) | 0x40
  return bytes
}

/** The private key, in base64, that a node has in tests. */
export const privateTextFor = (name: string): string =>
  clamped(createHash('sha256').update(name).digest()).toString('base64')

export const publicKeyFor = (name: string): string => publicHalf(privateTextFor(name))

/** The preshared key of two nodes: HMAC-SHA-512 over their sorted public keys, cut to 32 bytes. */
export const presharedFor = (seed: Uint8Array, a: string, b: string): string =>
  createHmac('sha512', seed)
    .update(Buffer.concat([a, b].sort().map(key => Buffer.from(key, 'base64'))))
    .digest()
    .subarray(0, 32)
    .toString('base64')

/** The password of all BGP sessions: HMAC-SHA-512 over what it is for, cut to 32 bytes, in base64url. */
export const passwordFor = (seed: Uint8Array): string =>
  createHmac('sha512', seed).update('BGP session password').digest().subarray(0, 32).toString('base64url')

/** What preshared keys come from in these tests. */
export const presharedSeed: Uint8Array = createHash('sha256').update('preshared.seed').digest()
