import type { PrefixRange, RoutingPlan } from '../../model/plan.js'
import { familyOf, lengthPart, type Prefix } from '../../net/index.js'

/** Which of the families a prefix is of. */
export const isIpv4 = (prefix: string): boolean => familyOf(prefix) === 'ipv4'
/** The other one. */
export const isIpv6 = (prefix: string): boolean => !isIpv4(prefix)

/** An entry of a prefix-list. */
export interface Entry {
  readonly seq: number
  readonly rule: string
}

/** Entries of a prefix-list that permits exactly these. FRR denies for a list it lacks too; written, it can be seen. */
export const entries = (prefixes: readonly string[]): Entry[] =>
  numbered(prefixes.length === 0 ? ['deny any'] : prefixes.map(prefix => `permit ${prefix}`))

const numbered = (rules: readonly string[]): Entry[] =>
  rules.map((rule, index) => ({ seq: 5 * (index + 1), rule }))

/** What a node takes from a reflector: any container network of the mesh, but never its own or a part of it. */
export const reflectedEntries = (
  { originates, reflected }: RoutingPlan,
  inFamily: (prefix: string) => boolean,
): Entry[] => {
  const own = originates.filter(inFamily).map(prefix => `deny ${prefix}${orLonger(prefix)}`)
  const others = reflected.filter(({ prefix }) => inFamily(prefix)).map(range => `permit ${words(range)}`)
  // Written out, and last whatever comes in between: so that a network more is a line more.
  return [...numbered([...own, ...others]), { seq: 65535, rule: 'deny any' }]
}

const orLonger = (prefix: Prefix): string => {
  const most = isIpv4(prefix) ? 32 : 128
  return lengthPart(prefix) < most ? ` le ${most}` : ''
}

const words = ({ prefix, from, to }: PrefixRange): string => {
  const length = lengthPart(prefix)
  if (from > length) return `${prefix} ge ${from} le ${to}`
  return to > length ? `${prefix} le ${to}` : prefix
}
