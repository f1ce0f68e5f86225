import { hashBits, type Mac, macOf, type Vni } from '../../net/index.js'

/** A VNI has 24 bits (RFC 7348, section 5). */
export const highestVni = 0xffffff

/** Where no VNI is written: one of the text, from `least` on, above those that people pick by hand. */
export const derivedVni = (text: string, least: number): Vni =>
  (least + (hashBits(text, 24) % (highestVni - least))) as Vni

/**
 * `02`, 16 bits of the text, 24 bits of the number: locally administered (IEEE 802, 8.4), the same on every
 * run, and another for every number, also where machines are clones of each other.
 */
export const derivedMac = (text: string, number: number): Mac =>
  macOf((2n << 40n) | (BigInt(hashBits(text, 16)) << 24n) | BigInt(number))
