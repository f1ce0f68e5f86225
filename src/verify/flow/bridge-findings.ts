import type { Diagnostic } from '../../diagnostics/index.js'
import { addressOf } from '../../net/index.js'
import { rangeFrom } from '../filter/ranges.js'
import { finding } from '../finding.js'
import type { Said } from '../said.js'
import { type Bridge, everySaying } from './bridges.js'
import type { Machine } from './machine.js'
import { type Net, networksAt } from './net.js'

/** What the files say of bridges, segments and tenants that does not fit, within a node and between nodes. */
export const bridgeFindings = (net: Net): Diagnostic[] => [
  ...net.machines.flatMap(machine => [
    ...untold(machine),
    ...tooLarge(machine),
    ...unlike(machine),
    ...otherVnis(machine),
  ]),
  ...vnisOf(net),
]

const wrong = ({ span }: Said, message: string, hint: string): Diagnostic =>
  finding('verify-flow', span, message, hint)

/** Containers whose network nobody is told of are reached by nobody. */
const untold = (machine: Machine): Diagnostic[] => {
  const { node, name } = machine
  if (!node.routing) return []
  const told = new Set(networksAt(machine).map(({ prefix }) => prefix))
  return [...machine.bridges.values()].flatMap(bridge => {
    const vrf = machine.vrfOf(bridge.name)
    if (vrf && vrf.router === null) return []
    const own = vrf ? new Set(vrf.announced.map(({ value }) => value)) : told
    return bridge.addresses.flatMap(address => {
      const network = networkOf(address.value)
      return network === null || own.has(network)
        ? []
        : [
            wrong(
              address,
              `${name} has ${address.value} on ${bridge.name}, and announces no ${network}${vrf ? ` for tenant ${vrf.tenant}` : ''}`,
              'give the bridge an address of the network that is announced',
            ),
          ]
    })
  })
}

const networkOf = (address: string): string | null => {
  const range = rangeFrom(address)
  if (!range) return null
  return `${addressOf(range.family, range.first)}/${address.split('/')[1]}`
}

/** What leaves a bridge goes on by the overlay, or by the tunnel where there is none. */
const tooLarge = (machine: Machine): Diagnostic[] => {
  const { node, networks, name } = machine
  const [carrier, under] = node.overlay?.mtu
    ? [machine.overlay as string, node.overlay.mtu]
    : [machine.tunnel, node.overlay ? null : node.mtu]
  const own = networks.mtu
  const outer = node.mtu
  const segments = new Set(networks.segments.map(({ bridge }) => bridge))
  return [
    ...[...machine.bridges.values()].flatMap(({ name: bridge, mtu }) => {
      const apart = machine.vrfOf(bridge) !== null || segments.has(bridge)
      const [what, limit] = apart ? ['the VXLAN devices of networks.conf', own] : [carrier, under]
      return mtu && limit && Number(mtu.value) > Number(limit.value)
        ? [
            wrong(
              mtu,
              `${name} has an MTU of ${mtu.value} on ${bridge}, and ${limit.value} on ${what}`,
              `write ${limit.value} or less`,
            ),
          ]
        : []
    }),
    ...(own && outer && Number(own.value) > Number(outer.value) - 50
      ? [
          wrong(
            own,
            `${name} has an MTU of ${own.value} for VXLAN devices, and ${outer.value} under them`,
            `write ${Number(outer.value) - 50} or less`,
          ),
        ]
      : []),
  ]
}

/** Several files say what a bridge is: what it is made of, and what it is compared with. Most are taken to be right. */
const unlike = (machine: Machine): Diagnostic[] => {
  const sayings = new Map<string, Bridge[]>()
  for (const bridge of everySaying(machine.name, machine.node.files))
    sayings.set(bridge.name, [...(sayings.get(bridge.name) ?? []), bridge])
  return [...sayings.values()].flatMap(said => {
    const times = (value: string): number =>
      said.filter(({ addresses }) => addresses.some(one => one.value === value)).length
    const least = said.length / 2
    return said.flatMap(bridge =>
      bridge.addresses
        .filter(({ value }) => times(value) < least)
        .map(place => {
          const usual = said
            .flatMap(({ addresses }) => addresses)
            .find(({ value }) => times(value) > least && value.includes(':') === place.value.includes(':'))
          return wrong(
            place,
            `${machine.name} has ${place.value} on ${bridge.name} here, and ${usual?.value ?? 'nothing'} in ${usual?.span.file ?? 'other files'}`,
            'write the same in all',
          )
        }),
    )
  })
}

/** The kernel's VNI of a tenant and FRR's are one. */
const otherVnis = ({ name, networks }: Machine): Diagnostic[] =>
  networks.vrfs.flatMap(vrf =>
    vrf.spoken && vrf.spoken.value !== vrf.vni
      ? [
          wrong(
            vrf.spoken,
            `${name} speaks of tenant ${vrf.tenant} with VNI ${vrf.spoken.value}, and carries it with ${vrf.vni}`,
            `write vni ${vrf.vni}`,
          ),
        ]
      : [],
  )

/** Segments and tenants have one VNI on all nodes: the one that most have. */
const vnisOf = ({ machines }: Net): Diagnostic[] => {
  const said = machines.flatMap(({ name, networks: { vrfs, segments } }) => [
    ...vrfs.map(({ tenant, vni, span }) => ({ name, what: `tenant ${tenant}`, vni, span })),
    ...segments.map(one => ({ name, what: `segment ${one.name}`, vni: one.vni, span: one.span })),
  ])
  const counts = new Map<string, Map<string, number>>()
  for (const { what, vni } of said) {
    const of = counts.get(what) ?? new Map<string, number>()
    counts.set(what, of.set(vni, (of.get(vni) ?? 0) + 1))
  }
  return said.flatMap(({ name, what, vni, span }) => {
    const [usual] = [...(counts.get(what) ?? [])].sort(([, a], [, b]) => b - a)
    return usual && usual[0] !== vni
      ? [
          wrong(
            { value: vni, span },
            `${name} has VNI ${vni} for ${what}, and others ${usual[0]}`,
            `write ${usual[0]}`,
          ),
        ]
      : []
  })
}
