import {
  addressPart,
  familyOf,
  type InterfaceAddress,
  lengthPart,
  networkOf,
  type Prefix,
  parseAddress,
  parseInterfaceAddress,
} from '../net/index.js'

/** `ADDRESS/LENGTH`, or an address alone, which ip(8) and wg(8) take for a /32 or /128. */
export const addressIn = (text: string): InterfaceAddress | null => {
  const trimmed = text.trim()
  const alone = parseAddress(trimmed)
  const parsed = parseInterfaceAddress(
    alone.ok ? `${alone.value}/${familyOf(alone.value) === 'ipv4' ? 32 : 128}` : trimmed,
  )
  return parsed.ok ? parsed.value : null
}

/** The same as a network: what stands behind its length goes, as wg(8) does it. */
export const prefixIn = (text: string): Prefix | null => {
  const address = addressIn(text)
  return address && networkOf(addressPart(address), lengthPart(address))
}

/** The text as a report quotes it: escaped, and cut where nobody would read on. What may be a key is not shown. */
export const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (stringified(value) ?? 'nothing')
  if ((text.match(/[A-Za-z0-9+/]{40,}/g) ?? []).some(run => /[a-z]/.test(run) && /[A-Z]/.test(run)))
    return '(hidden)'
  return typeof value === 'string' ? JSON.stringify(cut(text)) : cut(text)
}

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

const stringified = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}` : part))

/** A name as a regular expression finds it. */
export const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Commands as wg-quick(8) runs them: one line, up to a `#`. */
export const commandIn = (text: string): string => (text.split(/[\r\n]/)[0] ?? '').replace(/#.*/, '').trim()
