import { familyOf, parseAddress } from '../../net/index.js'
import { isIn } from '../filter/ranges.js'
import { bare } from '../world.js'
import { type End, endsOf } from './ends.js'
import type { Machine } from './machine.js'
import type { Net } from './net.js'

/** Ends that a user may mean, the likeliest first, or what is wrong with the name. */
export type Named =
  | { readonly ok: true; readonly ends: readonly End[] }
  | { readonly ok: false; readonly message: string; readonly hint: string }

/**
 * `node1/10.77.1.5`; or `node1/ct-blue/10.91.1.5`, where two of its interfaces could have the address; or `node1`, its
 * containers in the host's own table, and where there are none itself.
 */
export const endsNamed = (net: Net, text: string): Named => {
  const refuse = (message: string, hint: string): Named => ({ ok: false, message, hint })
  const [name = '', ...rest] = text.split('/')
  const [device, written] = rest.length === 2 ? rest : [undefined, rest[0]]
  const machine = net.machines.find(one => one.name === name)
  if (!machine)
    return refuse(
      `there is no node ${name}`,
      `write NODE or NODE/ADDRESS, with one of ${net.machines.map(one => one.name).join(', ')}`,
    )
  if (rest.length === 0) {
    const all = endsOf(net, machine).filter(end => end.tenant === null)
    const containers = all.filter(end => end.kind === 'containers')
    return { ok: true, ends: containers.length > 0 ? containers : all.filter(end => end.kind === 'host') }
  }
  const read = parseAddress(written ?? '')
  if (rest.length > 2 || !read.ok)
    return refuse(`"${text}" is not a node and an address`, `write ${name}/10.77.1.5, for example`)
  const address = read.value as string
  const found = endsOf(net, machine)
    .filter(end => device === undefined || end.device === device)
    .filter(end => has(machine, end, address))
  const devices = [...new Set(found.map(end => end.device))]
  const [end] = found
  if (!end)
    return refuse(
      `${name} has no ${device ? `${device} with a ` : ''}network that ${address} is in`,
      `write an address of ${[...new Set(endsOf(net, machine).map(one => `${one.device} (${one.address})`))].join(', ') || 'another node'}`,
    )
  return devices.length > 1
    ? refuse(
        `${address} may be on ${devices.join(' or ')} of ${name}`,
        `write ${devices.map(one => `${name}/${one}/${address}`).join(' or ')}`,
      )
    : { ok: true, ends: [{ ...end, address }] }
}

/** Whether an address is where the end is. */
const has = (machine: Machine, end: End, address: string): boolean => {
  if (familyOf(address) !== familyOf(end.address)) return false
  if (end.kind === 'containers')
    return (machine.bridges.get(end.device)?.addresses ?? []).some(
      ({ value }) => bare(value) !== address && isIn(value, address),
    )
  if (end.kind === 'lan')
    return machine.lans.some(({ device, prefix }) => device === end.device && isIn(prefix, address))
  return end.address === address
}

/** Only IPv4 speaks to IPv4. */
export const areOfOneFamily = (a: End, b: End): boolean => familyOf(a.address) === familyOf(b.address)
