import {
  addressOf,
  addressPart,
  bitsOf,
  bytesOf,
  type InterfaceAddress,
  integerOf,
  interfaceAddress,
  lengthPart,
  type Mac,
  macOf,
  type Prefix,
  type PublicKey,
} from '../../net/index.js'

const integer = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)

/** vwgen's MAC address of a node: the last 6 bytes of its public key, made unicast and locally administered. */
export const macOfKey = (key: PublicKey): Mac =>
  macOf((integer(bytesOf(key).slice(-6)) & ~(1n << 40n)) | (1n << 41n))

/** vwgen's IPv6 address of a node: the last 16 bytes of its public key behind the pool's prefix. */
export const ipv6OfKey = (key: PublicKey, pool: Prefix): InterfaceAddress => {
  const length = lengthPart(pool)
  const hostMask = (1n << BigInt(bitsOf('ipv6') - length)) - 1n
  const host = integer(bytesOf(key).slice(-16)) & hostMask
  return interfaceAddress(addressOf('ipv6', integerOf(addressPart(pool)) | host), length)
}
