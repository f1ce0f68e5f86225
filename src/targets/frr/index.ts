import type { NodePlan, RoutingPlan, RoutingRole } from '../../model/plan.js'
import type { Chunk } from '../../render/chunks.js'
import { settingsFile } from '../../render/program.js'
import type { StanzaCache } from '../../render/stanzas.js'
import type { Target } from '../../render/target.js'
import { template, type View } from '../../render/template.js'
import { ability } from './ability.js'
import addresses from './addresses.sh'
import apply from './apply.sh'
import { bfdSection } from './bfd.js'
import daemonsSource from './daemons.mustache'
import { evpnSlots } from './evpn/evpn.js'
import { mendingFiles, mendingUnits } from './evpn/mending.js'
import { vrfRouters, vrfSections } from './evpn/tenants.js'
import frrConfSource from './frr.conf.mustache'
import { groupLines, policyLines } from './groups.js'
import lines from './lines.sh'
import { entries, isIpv4, isIpv6, reflectedEntries } from './lists.js'
import load from './load.sh'
import { clientStanzas, peerStanzas, reflectorStanzas } from './neighbors.js'
import { routesFile } from './networks/routes.js'
import networks from './networks/status.sh'
import ways from './networks/ways.sh'
import { interrupts, notes } from './notes.js'
import removePart from './remove.sh'
import { clientRouteMaps, nextHopMaps } from './route-maps.js'
import status from './status.sh'

const frrConf = template(frrConfSource)
const daemons = settingsFile('etc/frr/daemons', 0o640, daemonsSource)

/** FRR: iBGP between all nodes or with reflectors, with BFD. */
export const frr: Target = {
  ...ability,

  files: (node, stanzas) => [
    {
      path: 'etc/frr/frr.conf',
      mode: node.routing.password ? 0o600 : 0o640,
      secret: node.routing.password !== null,
      content: frrConf.chunks(viewOf(node), slotsOf(node, stanzas)),
    },
    daemons,
    ...routesFile(node, stanzas),
    ...mendingFiles(node),
  ],

  part: [lines, load, addresses, apply, networks, ways, status, removePart],
  facts: node => ({
    variables: {
      frr_bfd: `${node.routing.bfd.interval} ${node.routing.bfd.multiplier}`,
      frr_mends: mendingUnits(node).length > 0 ? 'yes' : '',
      frr_devices: node.devices.map(({ name }) => name).join(' '),
    },
    units: ['frr.service', ...mendingUnits(node)],
  }),
  notes,
  interrupts,
}

const slotsOf = (
  { mesh, frr: release, routing, evpn }: NodePlan,
  stanzas: StanzaCache,
): Record<string, readonly Chunk[]> => {
  const { role, neighbors, clients, ipv6 } = routing
  const others = stanzas.chunks(role === 'peer' ? peerStanzas : reflectorStanzas, neighbors)
  const ours = stanzas.chunks(clientStanzas, clients)
  return {
    neighbors: [...ours.neighbors, ...others.neighbors],
    ...evpnSlots(evpn, routing, release, stanzas),
    vrfs: vrfSections(evpn, mesh),
    vrfRouters: vrfRouters(evpn, routing),
    bfd: bfdSection(release, routing, evpn),
    ipv4Lists: [...ours.ipv4Lists, ...others.ipv4Lists],
    ipv4Filters: others.filters,
    ipv6Lists: ipv6 ? [...ours.ipv6Lists, ...others.ipv6Lists] : [],
    ipv6Filters: ipv6 ? others.filters : [],
    routeMaps: [...clientRouteMaps(release, routing), ...nextHopMaps(routing)],
  }
}

const viewOf = ({ name, hostname, frr: release, routing, evpn }: NodePlan): View => {
  const { originates, shared } = routing
  const announced = [...originates, ...shared]
  return {
    name,
    hostname,
    asn: routing.asn,
    routerId: routing.routerId,
    tenanted: evpn !== null && evpn.tenants.length > 0,
    filters: filters[routing.role],
    gracefulRestart: routing.gracefulRestart,
    blackholes: originates
      .filter(prefix => routing.ipv6 || isIpv4(prefix))
      .sort(ipv4First)
      .map(prefix => ({ ip: isIpv4(prefix) ? 'ip' : 'ipv6', prefix })),
    ipv4Networks: announced.filter(isIpv4),
    ipv4Lists: listsOf(routing, announced, isIpv4),
    ipv6Lists: routing.ipv6 ? listsOf(routing, announced, isIpv6) : [],
    ipv4Policy: policyLines(routing, 'ipv4'),
    ipv6: routing.ipv6 ? { networks: announced.filter(isIpv6) } : null,
    ipv6Policy: routing.ipv6 ? policyLines(routing, 'ipv6') : [],
    groupLines: groupLines(routing, release),
  }
}

/** What the lists are for, in a comment above them. */
const filters: Readonly<Record<RoutingRole, string>> = {
  peer: 'From each neighbor exactly its own container networks; to all of them exactly ours.',
  client: 'From reflectors container networks of the mesh, but ours; to them exactly ours.',
  reflector:
    'From each client exactly its own container networks; from reflectors those of the mesh, but ours.',
}

const ipv4First = (a: string, b: string): number => Number(isIpv6(a)) - Number(isIpv6(b))

const listsOf = (
  routing: RoutingPlan,
  announced: readonly string[],
  inFamily: (prefix: string) => boolean,
): View[] => {
  const own = routing.role === 'reflector' ? [] : entries(announced.filter(inFamily))
  const mesh = routing.role === 'peer' ? [] : reflectedEntries(routing, inFamily)
  return [
    ...mesh.map(({ seq, rule }) => ({ list: 'mesh', seq, rule })),
    ...own.map(({ seq, rule }) => ({ list: 'own', seq, rule })),
  ]
}
