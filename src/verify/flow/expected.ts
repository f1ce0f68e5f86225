import { numberOf, rangeFrom } from '../filter/ranges.js'
import type { End } from './ends.js'
import { endsOf, internetAt } from './ends.js'
import { type Net, networksAt } from './net.js'

/** What packets between two ends should do. */
export interface Expected {
  readonly from: End
  readonly to: End
  readonly passes: boolean
}

/**
 * What every mesh expects: containers of the hosts' routing table reach each other, and so do those of a tenant and of those
 * that it shares with; no tenant reaches another or is reached from the hosts' table but by clients that enter it; and nothing comes in from the internet.
 * Networks that a node does not announce are its own affair.
 */
export function* expectedOf(net: Net): Generator<Expected> {
  const ends = endsOf(net).filter(end => isPlace(end) && isTold(end))
  const open = ends.filter(({ tenant }) => tenant === null)
  for (const from of open) for (const to of open) if (areOthers(from, to)) yield { from, to, passes: true }
  const shared = sharing(net)
  const tenants = ends.filter(({ tenant }) => tenant !== null)
  for (const from of tenants)
    for (const to of tenants)
      if (areOthers(from, to)) yield { from, to, passes: shared(from.tenant as string, to.tenant as string) }
  // One of the hosts' table stands for all: of a node they go by the same rules.
  const first = new Map(open.map(end => [`${end.machine.name} ${familyOf(end)}`, end]))
  for (const tenant of tenants)
    for (const host of first.values())
      if (familyOf(host) === familyOf(tenant)) {
        yield { from: tenant, to: host, passes: false }
        yield { from: host, to: tenant, passes: false }
      }
  // A client enters what its node has a rule for, and is entered by it; and no other tenant.
  for (const client of endsOf(net).filter(({ kind }) => kind === 'client'))
    for (const tenant of tenants)
      if (familyOf(client) === familyOf(tenant)) {
        const passes = client.machine.entered(client.address, tenant.address)?.tenant === tenant.tenant
        yield { from: client, to: tenant, passes }
        yield { from: tenant, to: client, passes }
      }
  for (const machine of net.machines)
    if (machine.filter)
      for (const to of endsOf(net, machine))
        if (to.kind !== 'lan') yield { from: internetAt(machine, familyOf(to)), to, passes: false }
}

const familyOf = ({ address }: End): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4')

const isPlace = ({ kind }: End): boolean => kind === 'containers' || kind === 'lan'

const areOthers = (from: End, to: End): boolean =>
  from !== to && familyOf(from) === familyOf(to) && from.address !== to.address

/** Whether its node tells others of the network. */
const isTold = (end: End): boolean => {
  const { machine, device } = end
  const vrf = machine.vrfOf(device)
  const told = vrf ? vrf.announced.map(({ value }) => value) : networksAt(machine).map(({ prefix }) => prefix)
  return told.some(prefix => holds(prefix, end.address))
}

const holds = (prefix: string, address: string): boolean => {
  const [range, number] = [rangeFrom(prefix), numberOf(address)]
  return (
    range !== null &&
    number !== null &&
    (range.family === 'ipv6') === address.includes(':') &&
    range.first <= number &&
    number <= range.last
  )
}

/** Two tenants share where one has the other's bridges in its routing table. */
const sharing = ({ machines }: Net): ((one: string, other: string) => boolean) => {
  const pairs = new Set<string>()
  for (const machine of machines)
    for (const vrf of machine.networks.vrfs)
      for (const { bridge } of vrf.leaks) {
        const other = machine.vrfOf(bridge)?.tenant
        if (other === undefined) continue
        pairs.add(`${vrf.tenant} ${other}`)
        pairs.add(`${other} ${vrf.tenant}`)
      }
  return (one, other) => one === other || pairs.has(`${one} ${other}`)
}
