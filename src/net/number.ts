import { accepted, type Brand, type Parsed, quoted, refused } from './brand.js'

/** A UDP or TCP port, 1 to 65535. */
export type Port = Brand<number, 'Port'>
/** A maximum transmission unit in bytes. */
export type Mtu = Brand<number, 'Mtu'>
/** An autonomous system number, 1 to 4294967295 (RFC 6793). */
export type Asn = Brand<number, 'Asn'>
/** A VXLAN network identifier, 24 bits (RFC 7348). */
export type Vni = Brand<number, 'Vni'>

/** Reads a whole number from `least` to `most` in plain decimals; signs, exponents and leading zeros are refused. */
export const parseInteger = (text: string, what: string, least: number, most: number): Parsed<number> => {
  if (!/^(0|[1-9][0-9]*)$/.test(text))
    return refused(
      'number-syntax',
      `${quoted(text)} is not a whole number`,
      `write ${what} from ${least} to ${most}`,
    )
  const value = Number(text)
  return value < least || value > most
    ? refused(
        'number-range',
        `${text.length > 20 ? 'the number' : text} is not ${what} from ${least} to ${most}`,
        `write a number from ${least} to ${most}`,
      )
    : accepted(value)
}

/** Reads a port in plain decimals. */
export const parsePort = (text: string): Parsed<Port> =>
  parseInteger(text, 'a port', 1, 65535) as Parsed<Port>

/** Bytes of a packet that every host takes in one piece (RFC 1122, section 3.3.2). */
export const leastIpv4Mtu = 576
/** Bytes that IPv6 needs on every link (RFC 8200, section 5): below, Linux takes IPv6 off the interface. */
export const leastIpv6Mtu = 1280

/** Reads a path MTU. What it has to leave for what is inside follows from what that is. */
export const parseMtu = (text: string): Parsed<Mtu> =>
  parseInteger(text, 'an MTU in bytes', leastIpv4Mtu, 65535) as Parsed<Mtu>

const reservedAsns = new Map([
  [23456, 'stands for four-byte numbers on old routers (RFC 6793)'],
  [65535, 'is reserved (RFC 7300)'],
  [4294967295, 'is reserved (RFC 7300)'],
])

/** Reads an AS number in plain decimals; `1.10` is refused, since FRR before 10 does not know it. */
export const parseAsn = (text: string): Parsed<Asn> => {
  const parsed = parseInteger(text, 'an AS number', 1, 4294967295) as Parsed<Asn>
  const reserved = parsed.ok && reservedAsns.get(parsed.value)
  return reserved
    ? refused(
        'asn-reserved',
        `AS ${text} ${reserved}`,
        'write a private one, from 64512 to 65534 or from 4200000000 to 4294967294',
      )
    : parsed
}

/** Whether the number is for private use (RFC 6996). */
export const isPrivateAsn = (asn: Asn): boolean =>
  (asn >= 64512 && asn <= 65534) || (asn >= 4200000000 && asn <= 4294967294)

/** Reads a VNI; FRR knows them from 1 on. */
export const parseVni = (text: string): Parsed<Vni> => parseInteger(text, 'a VNI', 1, 16777215) as Parsed<Vni>
