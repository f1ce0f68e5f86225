/* Packets as anyone can make them, with nobody's kernel in the way: bytes by RFC 791, 8200, 792, 4443, 768 and 9293. */

export type Family = 'ipv4' | 'ipv6'

/** Who a packet says it is from, and where it is to go. */
export interface Ends {
  readonly from: string
  readonly to: string
}

export const familyOf = (address: string): Family => (address.includes(':') ? 'ipv6' : 'ipv4')

/** What stands in a frame's header before its payload. */
export const frame = (to: string, from: string, payload: Buffer, tags: readonly number[] = []): Buffer =>
  Buffer.concat([
    macBytes(to),
    macBytes(from),
    ...tags.map(id => Buffer.from([0x81, 0, ...uint(id, 2)])),
    Buffer.from((payload[0] as number) >> 4 === 6 ? [0x86, 0xdd] : [0x08, 0]),
    payload,
  ])

/** An echo request whose identifier tells it from all others. */
export const ping = (ends: Ends, id: number): Buffer =>
  familyOf(ends.to) === 'ipv4'
    ? ipv4(ends, 1, summed(Buffer.from([8, 0, 0, 0, ...uint(id, 2), 0, 1, ...filling]), 2))
    : ipv6(ends, 58, summedOver(ends, 58, Buffer.from([128, 0, 0, 0, ...uint(id, 2), 0, 1, ...filling]), 2))

/** A datagram; `id` is the port it comes from. */
export const datagram = (ends: Ends, id: number, port: number, payload: Buffer): Buffer => {
  const header = Buffer.from([...uint(id, 2), ...uint(port, 2), ...uint(8 + payload.length, 2), 0, 0])
  return packet(ends, 17, summedOver(ends, 17, Buffer.concat([header, payload]), 6))
}

/** Flags of a segment (RFC 9293, section 3.1). */
export const flags = { syn: 0x02, ack: 0x10, synAck: 0x12, reset: 0x04 } as const

/** A TCP segment without data; `id` is the port it comes from. */
export const segment = (ends: Ends, id: number, port: number, flag: number): Buffer =>
  packet(
    ends,
    6,
    summedOver(
      ends,
      6,
      Buffer.from([
        ...uint(id, 2),
        ...uint(port, 2),
        ...uint(id, 4),
        ...uint(1, 4),
        0x50,
        flag,
        0x20,
        0,
        0,
        0,
        0,
        0,
      ]),
      16,
    ),
  )

/** A router advertisement (RFC 4861, section 4.2) that offers a default route, or a redirect (section 4.5) to its sender. */
export const advertisement = (from: string): Buffer => {
  const ends = { from, to: 'ff02::1' }
  return ipv6(
    ends,
    58,
    summedOver(ends, 58, Buffer.from([134, 0, 0, 0, 64, 0, 0, 30, ...Array(8).fill(0)]), 2),
    255,
  )
}

/** The payload of a VXLAN packet (RFC 7348, section 5). */
export const vxlan = (vni: number, inner: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x08, 0, 0, 0, ...uint(vni, 3), 0]), inner])

/** "That address is at this MAC", told to `to` unasked: ARP's answer (RFC 826) or an advertisement (RFC 4861, section 4.4). */
export const claim = (
  address: string,
  mac: string,
  to: { readonly address: string; readonly mac: string },
): Buffer => {
  if (familyOf(address) === 'ipv4')
    return Buffer.concat([
      macBytes(to.mac),
      macBytes(mac),
      Buffer.from([0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 2]),
      macBytes(mac),
      bytesOf(address),
      macBytes(to.mac),
      bytesOf(to.address),
    ])
  const ends = { from: address, to: to.address }
  const said = Buffer.concat([
    Buffer.from([136, 0, 0, 0, 0xe0, 0, 0, 0]),
    bytesOf(address),
    Buffer.from([2, 1]),
    macBytes(mac),
  ])
  return frame(to.mac, mac, ipv6(ends, 58, summedOver(ends, 58, said, 2), 255))
}

/** The packet in two fragments. */
export const fragmented = (whole: Buffer): Buffer[] => {
  if ((whole[0] as number) >> 4 === 4) {
    const cut = 20 + 16
    return [
      withHeader4(whole, whole.subarray(20, cut), 0x2000),
      withHeader4(whole, whole.subarray(cut), 16 / 8),
    ]
  }
  const next = whole[6] as number
  const cut = 40 + 16
  const part = (payload: Buffer, offset: number): Buffer => {
    const header = Buffer.from([next, 0, ...uint(offset, 2), 0, 0, 0x43, 0x21])
    return withHeader6(whole, 44, Buffer.concat([header, payload]))
  }
  return [part(whole.subarray(40, cut), 1), part(whole.subarray(cut), 16)]
}

/** The IPv6 packet with an empty header for the destination's options before its payload (RFC 8200, section 4.6). */
export const extended = (whole: Buffer): Buffer =>
  withHeader6(
    whole,
    60,
    Buffer.concat([Buffer.from([whole[6] as number, 0, 1, 4, 0, 0, 0, 0]), whole.subarray(40)]),
  )

const filling = Buffer.from('made by hand, and 16 more bytes.')

const packet = (ends: Ends, protocol: number, payload: Buffer): Buffer =>
  familyOf(ends.to) === 'ipv4' ? ipv4(ends, protocol, payload) : ipv6(ends, protocol, payload)

const ipv4 = ({ from, to }: Ends, protocol: number, payload: Buffer): Buffer => {
  const header = Buffer.from([0x45, 0, 0, 0, 0x12, 0x34, 0, 0, 64, protocol, 0, 0])
  return withHeader4(Buffer.concat([header, bytesOf(from), bytesOf(to)]), payload, 0)
}

const withHeader4 = (from: Buffer, payload: Buffer, offset: number): Buffer => {
  const header = Buffer.from(from.subarray(0, 20))
  header.set(uint(20 + payload.length, 2), 2)
  header.set(uint(offset, 2), 6)
  header.set([0, 0], 10)
  return Buffer.concat([summed(header, 10), payload])
}

const ipv6 = ({ from, to }: Ends, next: number, payload: Buffer, hops = 64): Buffer =>
  withHeader6(
    Buffer.concat([Buffer.from([0x60, 0, 0, 0, 0, 0, next, hops]), bytesOf(from), bytesOf(to)]),
    next,
    payload,
  )

const withHeader6 = (from: Buffer, next: number, payload: Buffer): Buffer => {
  const header = Buffer.from(from.subarray(0, 40))
  header.set(uint(payload.length, 2), 4)
  header[6] = next
  return Buffer.concat([header, payload])
}

/** With the sum over it and the pseudo-header (RFC 9293, section 3.1; RFC 8200, section 8.1) in its place. */
const summedOver = ({ from, to }: Ends, protocol: number, payload: Buffer, at: number): Buffer => {
  const pseudo = Buffer.concat([
    bytesOf(from),
    bytesOf(to),
    Buffer.from([...uint(payload.length, 4), 0, 0, 0, protocol]),
  ])
  const whole = Buffer.from(payload)
  whole.set(uint(checksum(Buffer.concat([pseudo, payload])), 2), at)
  return whole
}

const summed = (bytes: Buffer, at: number): Buffer => {
  const whole = Buffer.from(bytes)
  whole.set(uint(checksum(bytes), 2), at)
  return whole
}

/** RFC 1071. */
const checksum = (bytes: Buffer): number => {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2)
    sum += at + 1 < bytes.length ? bytes.readUInt16BE(at) : (bytes[at] as number) << 8
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  return ~sum & 0xffff
}

const uint = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, place) => Math.floor(value / 256 ** (bytes - 1 - place)) & 0xff)

const macBytes = (mac: string): Buffer => Buffer.from(mac.split(':').map(part => Number.parseInt(part, 16)))

const bytesOf = (address: string): Buffer => {
  if (familyOf(address) === 'ipv4') return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = address.split('::')
  const words = (text: string): number[] =>
    text === '' ? [] : text.split(':').map(word => Number.parseInt(word, 16))
  const [before, after] = [words(head), words(tail ?? '')]
  const zeros = Array(8 - before.length - after.length).fill(0) as number[]
  return Buffer.from([...before, ...zeros, ...after].flatMap(word => uint(word, 2)))
}
