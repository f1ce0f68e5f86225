import { type End, endsOf, internetAt } from '../../../src/verify/flow/ends.js'
import { endsNamed } from '../../../src/verify/flow/path.js'
import type { Study } from '../../../src/verify/index.js'
import type { Host } from './host.js'
import { server } from './internet.js'
import type { Lab, Other } from './lab.js'
import type { Ledger } from './ledger.js'
import type { Namespace } from './namespace.js'

/** An address that a machine of the lab has. */
export interface Place {
  readonly who: string
  readonly machine: Namespace
  readonly address: string
  readonly ledger: Ledger | null
  /** Where that is by the files, or why there it is not. */
  readonly end: End | string
}

/** Two of them; somebody out on the internet is behind the uplink of the node that is asked. */
export interface Between {
  readonly from: Place
  readonly to: Place
}

/** Containers, nodes under each of their addresses in the mesh, and the others. */
export const placesIn = (hosts: readonly Host[], others: readonly Other[], { net }: Study): Place[] => {
  const named = (text: string): End | string => {
    const found = endsNamed(net, text)
    return found.ok ? (found.ends[0] as End) : found.message
  }
  const every = net.machines.flatMap(machine => endsOf(net, machine))
  return [
    ...hosts.flatMap(({ name, machine, containers }) => [
      ...containers.flatMap(container =>
        [container.ipv4, container.ipv6].map(
          (address): Place => ({
            who: container.name,
            machine: container.namespace,
            address,
            ledger: container.ledger,
            end: named(`${name}/${container.bridge.name}/${address}`),
          }),
        ),
      ),
      ...every
        .filter(end => end.kind === 'host' && end.machine.name === name)
        .map((end): Place => ({ who: name, machine, address: end.address, ledger: null, end })),
    ]),
    ...others.flatMap(({ name, machine, addresses, ledger }) =>
      addresses.map((address): Place => {
        const client = every.find(end => end.kind === 'client' && end.address === address)
        const lan = net.machines
          .map(one => named(`${one.name}/${address}`))
          .find(end => typeof end !== 'string')
        return {
          who: name,
          machine,
          address,
          ledger,
          end: client ?? lan ?? `no node has ${address} behind it`,
        }
      }),
    ),
  ]
}

/** Each with each of its family, on another machine. */
export const betweenAll = (places: readonly Place[]): Between[] =>
  places.flatMap(from =>
    places.filter(to => to.machine !== from.machine && areOfOneFamily(to, from)).map(to => ({ from, to })),
  )

/** From the internet to what nodes that can be dialled have, sent to their doors. */
export const fromInternet = (
  { internet }: Pick<Lab, 'internet'>,
  hosts: readonly Host[],
  places: readonly Place[],
): Between[] =>
  places.flatMap(to => {
    const { end } = to
    const host = typeof end === 'string' ? null : hosts.find(({ name }) => name === end.machine.name)
    if (!host || typeof end === 'string' || end.kind === 'lan' || end.kind === 'client') return []
    const family = to.address.includes(':') ? 'ipv6' : 'ipv4'
    if (host.uplink.kind !== 'dual' && !(host.uplink.kind === 'ipv6' && family === 'ipv6')) return []
    const from: Place = {
      who: 'the internet',
      machine: internet.namespace,
      address: server[family],
      ledger: null,
      end: { ...internetAt(end.machine, family), address: server[family] },
    }
    return [{ from, to }]
  })

const areOfOneFamily = (one: Place, other: Place): boolean =>
  one.address.includes(':') === other.address.includes(':')
