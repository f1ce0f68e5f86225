/** What a forged packet pretends to be. */
export interface Forgery {
  readonly vni: number
  /** MAC of the VXLAN device it is meant for. */
  readonly mac: string
  readonly from: string
  readonly to: string
}

/** The payload of a VXLAN packet (RFC 7348 §5) that carries a ping, as anyone on the internet can make it. */
export const forgedPing = ({ vni, mac, from, to }: Forgery): Buffer => {
  const vxlan = Buffer.from([0x08, 0, 0, 0, ...uint(vni, 3), 0])
  const ethernet = Buffer.from([
    ...mac.split(':').map(part => Number.parseInt(part, 16)),
    2,
    0x66,
    0,
    0,
    0,
    1,
    0x08,
    0,
  ])
  const echo = Buffer.from([8, 0, 0, 0, 0x12, 0x34, 0, 1, ...Buffer.from('forged, forged')])
  const ip = Buffer.from([
    ...[0x45, 0, ...uint(20 + echo.length, 2), 0, 1, 0, 0, 64, 1, 0, 0],
    ...[...from.split('.'), ...to.split('.')].map(Number),
  ])
  echo.set(uint(checksum(echo), 2), 2)
  ip.set(uint(checksum(ip), 2), 10)
  return Buffer.concat([vxlan, ethernet, ip, echo])
}

const uint = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, place) => (value >> (8 * (bytes - 1 - place))) & 0xff)

/** RFC 1071, for an even number of bytes. */
const checksum = (bytes: Buffer): number => {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  return ~sum & 0xffff
}
