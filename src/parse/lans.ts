import type { LanSpec } from '../model/spec.js'
import {
  accepted,
  familyOf,
  type Parsed,
  parseInterfaceName,
  parsePrefix,
  quoted,
  refused,
} from '../net/index.js'
import { list, onePerFamily } from './fields.js'

/** `INTERFACE PREFIX[, PREFIX6]`, or `none`. */
export const lans = (value: string): Parsed<readonly LanSpec[]> => {
  if (value === 'none') return accepted([])
  const [first = '', ...words] = value.split(/\s+/)
  const hint = 'write INTERFACE PREFIX or INTERFACE PREFIX, PREFIX6, such as eth1 192.168.50.0/24'
  const name = parseInterfaceName(first)
  if (!name.ok) return { ...name, hint: parsePrefix(first.replace(/,$/, '')).ok ? hint : name.hint }
  if (words.length === 0) return refused('prefix-syntax', `${quoted(first)} has no network behind it`, hint)
  const read = list(parsePrefix)(words.join(' '))
  const prefixes = read.ok ? onePerFamily(read.value, familyOf, 'networks') : read
  return prefixes.ok ? accepted([{ interface: name.value, prefixes: prefixes.value }]) : prefixes
}
