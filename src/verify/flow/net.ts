import { newSteps } from '../filter/chains.js'
import { type Numbers, rememberedNumbers } from '../filter/ranges.js'
import type { NodeFiles } from '../node.js'
import type { Readers } from '../readers.js'
import type { Speaker } from '../session.js'
import { type Routes, type Spread, sessionsOf, speakersIn, spread } from '../spread.js'
import { type PrefixTable, tableOf } from '../table.js'
import type { World } from '../world.js'
import { type Machine, machineOf } from './machine.js'
import type { Vrf } from './networks.js'
import { type Carriages, newCarriages } from './trip.js'

/** What a tenant's routing table on another node tells of. */
export interface TenantRoute {
  readonly origin: Machine
  readonly vrf: Vrf
  /** Who hears of it, before it says which VRF takes it. */
  readonly heard: ReadonlySet<NodeFiles>
}

/** All nodes as packets meet them, and what they tell each other. */
export interface Net {
  readonly world: World
  readonly machines: readonly Machine[]
  machine(node: NodeFiles): Machine
  /** Who announces a network that holds the address, the longest first. */
  readonly announced: PrefixTable<readonly Spread[]>
  /** The same of tenants, by the VNI of a route target. */
  readonly tenants: ReadonlyMap<string, PrefixTable<readonly TenantRoute[]>>
  readonly carriages: Carriages
  /** Whether frames to everybody on a segment come from the first to the second. */
  floods(from: Machine, to: Machine, vni: string): boolean
}

/** Works out what packets go by. */
export const netOf = (world: World, { spreads }: Routes, readers: Readers): Net => {
  const numbers = rememberedNumbers()
  const steps = newSteps(numbers)
  const machines = new Map(world.nodes.map(node => [node, machineOf(node, numbers, steps, readers)]))
  const all = [...machines.values()]
  const evpn = evpnOf(world, all)
  return {
    world,
    machines: all,
    machine: node => machines.get(node) as Machine,
    announced: announcedIn(spreads, numbers),
    carriages: newCarriages(),
    tenants: evpn.tenants,
    floods: evpn.floods,
  }
}

/** Who announces a network that holds an address. */
export const announcedIn = (spreads: readonly Spread[], numbers: Numbers): Net['announced'] =>
  tableOf(
    grouped(spreads, ({ prefix }) => prefix),
    numbers,
  )

const grouped = <Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> => {
  const groups = new Map<string, Value[]>()
  for (const value of values) {
    const key = keyOf(value)
    const found = groups.get(key)
    if (found) found.push(value)
    else groups.set(key, [value])
  }
  return groups
}

/** FRR tells others of VNIs only where it is told to. */
const tellsVnis = ({ routing }: NodeFiles): boolean =>
  routing?.lines.some(({ family, text }) => family === 'l2vpn evpn' && text === 'advertise-all-vni') ?? false

/** EVPN as FRR speaks it (RFC 8365, RFC 9136): a route target of the VNI, which is taken whatever AS stands before it. */
export const evpnOf = (world: World, machines: readonly Machine[]): Pick<Net, 'tenants' | 'floods'> => {
  const speakers = speakersIn(world)
  const concerned = machines.filter(({ networks: { vrfs, segments } }) => vrfs.length + segments.length > 0)
  if (concerned.length === 0) return { tenants: new Map(), floods: () => false }
  const sessions = sessionsOf(world, speakers, 'evpn')
  const heardOf = (machine: Machine, prefix: string, targets: string): ReadonlySet<NodeFiles> => {
    const { node } = machine
    if (!node.routing || !tellsVnis(node)) return new Set()
    const told = {
      family: 'evpn' as const,
      prefix,
      origin: node as Speaker,
      communities: `${targets} ET:8 Rmac:02:00:00:00:00:01`,
    }
    return new Set([...spread(world, sessions, told).keys()].filter(other => tellsVnis(other)))
  }
  const own = ({ node }: Machine, vni: string): string => `RT:${Number(node.routing?.asn) % 65536}:${vni}`
  const routes = concerned.flatMap(origin =>
    origin.networks.vrfs.flatMap(vrf => {
      const vni = vrf.spoken?.value
      if (vni === undefined || vrf.router === null) return []
      const targets =
        vrf.exports.length > 0 ? vrf.exports.map(({ value }) => `RT:${value}`) : [own(origin, vni)]
      return vrf.announced
        .filter(({ value }) => vrf.advertised.includes(value.includes(':') ? 'ipv6' : 'ipv4'))
        .map(({ value: prefix }) => ({
          prefix,
          targets,
          route: { origin, vrf, heard: heardOf(origin, prefix, targets.join(' ')) },
        }))
    }),
  )
  const vnis = new Set(concerned.flatMap(({ networks }) => networks.vrfs.flatMap(takenBy)))
  const flooded = new Map<string, ReadonlySet<NodeFiles>>()
  return {
    tenants: new Map(
      [...vnis].map(vni => {
        const taken = routes.filter(({ targets }) => targets.some(target => target.split(':').at(-1) === vni))
        const groups = grouped(taken, ({ prefix }) => prefix)
        return [
          vni,
          tableOf([...groups].map(([prefix, those]) => [prefix, those.map(({ route }) => route)] as const)),
        ]
      }),
    ),
    floods(from, to, vni) {
      const key = `${to.name} ${vni}`
      const heard = flooded.get(key) ?? heardOf(to, '(everybody)', own(to, vni))
      flooded.set(key, heard)
      return heard.has(from.node)
    },
  }
}

/** The VNIs of the route targets that a VRF takes: FRR compares nothing else where none is written. */
export const takenBy = ({ vni, spoken, imports }: Vrf): string[] =>
  imports.length > 0 ? imports.map(({ value }) => value.split(':').at(-1) as string) : [spoken?.value ?? vni]

/** Networks of a node in the default table that are its containers' or behind it. */
export const networksAt = ({ node }: Machine) => node.routing?.announced ?? []
