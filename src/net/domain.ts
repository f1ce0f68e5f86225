import { accepted, type Brand, type Parsed, quoted, refused } from './brand.js'
import { parseHostName } from './name.js'

/** A domain as DNS has it, in lower case and without the last dot: `mesh.xn--bcher-kva.example`. */
export type DomainName = Brand<string, 'DomainName'>

/** Characters in a name, without the last dot (RFC 1035, section 2.3.4: 255 bytes with the lengths). */
export const longestDomainName = 253

/**
 * Reads a domain, in Unicode or as DNS has it (RFC 5890). The platform's URL parser does the mapping
 * (UTS 46); what else could stand in a URL is refused before, and whatever is no host name after.
 */
export const parseDomain = (text: string): Parsed<DomainName> => {
  const ascii = asciiOf(text.replace(/\.$/, ''))
  if (ascii === null || !isHostName(ascii))
    return refused(
      'domain-syntax',
      `${quoted(text)} is not a domain`,
      'use letters, digits and hyphens, with dots between labels, such as mesh.example.net',
    )
  return /(^|\.)(in-addr|ip6)\.arpa$/.test(ascii)
    ? refused(
        'domain-syntax',
        `${ascii} is a domain of reverse zones, which follow from the pools`,
        'write the domain that the names are to be in',
      )
    : accepted(ascii as DomainName)
}

const asciiOf = (text: string): string | null => {
  if (!/^[\p{L}\p{M}\p{N}.\-\u00b7\u30fb\u3002\u200c\u200d]+$/u.test(text)) return null
  try {
    return new URL(`http://${text}/`).hostname
  } catch {
    return null
  }
}

/** RFC 1123, section 2.1, whose last label is no number: else it would be an address. */
export const isHostName = (name: string): boolean => parseHostName(name).ok && !/(^|\.)\d+$/.test(name)
