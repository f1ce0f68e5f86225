import type { PinnedContainerSpec } from '../model/spec.js'
import {
  type Address,
  type AddressFamily,
  accepted,
  familyOf,
  type Parsed,
  parseAddress,
  parseContainerName,
  quoted,
  refused,
} from '../net/index.js'
import { addresses } from './fields.js'

/** `NAME ADDRESS[, ADDRESS6]`: a container and what it is to have, one address for each family. */
export const pinnedContainers = (value: string): Parsed<readonly PinnedContainerSpec[]> => {
  const [first = '', ...words] = value.split(/\s+/)
  const hint = 'write NAME ADDRESS or NAME ADDRESS, ADDRESS6, such as web 10.77.1.10'
  const name = parseContainerName(first)
  if (!name.ok) return { ...name, hint: parseAddress(first.replace(/,$/, '')).ok ? hint : name.hint }
  if (words.length === 0)
    return refused('address-syntax', `the container ${quoted(first)} has no address`, hint)
  const read = addresses(words.join(' '))
  if (!read.ok) return read
  const of = (family: AddressFamily): Address[] => read.value.filter(address => familyOf(address) === family)
  return accepted([{ name: name.value, addresses: [...of('ipv4'), ...of('ipv6')] }])
}
