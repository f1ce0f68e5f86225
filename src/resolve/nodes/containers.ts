import type { Span } from '../../diagnostics/index.js'
import { overlayDevice } from '../../model/devices.js'
import type { MeshContainerNetwork } from '../../model/mesh.js'
import type { ContainerNetworkSpec } from '../../model/spec.js'
import {
  addressPart,
  familyOf,
  type InterfaceAddress,
  type InterfaceName,
  integerOf,
  lengthPart,
  networkOfInterface,
  type Prefix,
  rangeOf,
} from '../../net/index.js'
import { partOf } from '../addresses/pools.js'
import { defaultBridge } from '../defaults.js'
import { existingNetwork, newNetwork } from '../networks/container-network.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import type { IdentifiedNode } from './ids.js'
import { withPinned } from './pinned-containers.js'

/** The node's container networks: those it names, or one new bridge with the prefixes of its id. */
export const containersOf = (
  node: IdentifiedNode,
  settings: Settings,
  report: Report,
): MeshContainerNetwork[] => {
  const written = node.keys.containers
  const span = written?.span ?? node.keys.id?.span ?? node.span
  const specs = written?.value ?? [{ bridge: defaultBridge, prefixes: null, addresses: [] }]
  const networks = specs.flatMap((spec, index) => {
    const place = written?.each?.[index] ?? span
    return networkOf(spec, node, settings, place, report) ?? []
  })
  // Each bridge has a file of its name, and the operator's disk may not tell cases apart.
  const seen = new Map<string, InterfaceName>()
  specs.forEach(({ bridge }, index) => {
    const twin = seen.get(bridge.toLowerCase())
    checkBridge(bridge, twin, settings, written?.each?.[index] ?? span, report)
    seen.set(bridge.toLowerCase(), bridge)
  })
  const name = settings.mode === 'vxlan' ? 'overlay' : 'underlay'
  if (
    !settings.carrier.ipv6 &&
    networks.some(network => network.prefixes.some(prefix => familyOf(prefix) === 'ipv6'))
  )
    report.error(
      'pool-family',
      `containers of ${node.name} have IPv6, but the ${name} that carries it has none`,
      span,
      `add an IPv6 prefix to [mesh] ${name}`,
    )
  return withPinned(networks, node, report)
}

const networkOf = (
  spec: ContainerNetworkSpec,
  node: IdentifiedNode,
  settings: Settings,
  span: Span,
  report: Report,
): MeshContainerNetwork | null => {
  const { bridge, addresses } = spec
  for (const address of addresses) checkEdge(address, span, report)
  if (addresses.length > 0) return existingNetwork(bridge, addresses)
  const prefixes = spec.prefixes ?? derivedPrefixes(node, settings, span, report)
  return prefixes.length > 0 ? newNetwork(bridge, prefixes) : null
}

const derivedPrefixes = (node: IdentifiedNode, settings: Settings, span: Span, report: Report): Prefix[] => {
  const { containerPools, highestId: highest } = settings
  const related = { message: 'the pool is here', span: settings.spanOf('containers') }
  return [containerPools.ipv4, containerPools.ipv6].flatMap(
    pool => (pool && partOf(node, { pool, of: 'mesh', highest, span, related }, report)) ?? [],
  )
}

/** An existing bridge has an address of a host. */
const checkEdge = (address: InterfaceAddress, span: Span, report: Report): void => {
  const network = networkOfInterface(address)
  const host = integerOf(addressPart(address))
  if (familyOf(address) === 'ipv4' && lengthPart(address) < 31 && host === rangeOf(network)[1])
    report.error(
      'pool-edge',
      `${addressPart(address)} is the broadcast address of ${network}`,
      span,
      'write the address that the bridge has',
    )
}

const checkBridge = (
  bridge: InterfaceName,
  twin: InterfaceName | undefined,
  settings: Settings,
  span: Span,
  report: Report,
): void => {
  if ([settings.name, overlayDevice(settings.name)].includes(bridge))
    report.error(
      'interface-taken',
      `"${bridge}" is an interface of the mesh itself`,
      span,
      'write containers = BRIDGE auto, with another name for the bridge',
    )
  if (isNetworkCard(bridge))
    report.error(
      'bridge-uplink',
      `"${bridge}" is the name of a network card: whoever is on its link would be taken for a container`,
      span,
      `name a bridge; where hosts behind ${bridge} are to enter the mesh, write forward = ${bridge}`,
    )
  if (twin !== undefined && twin !== bridge)
    report.error('interface-taken', `"${bridge}" and "${twin}" differ only in case`, span, 'rename one')
  else if (twin)
    report.error(
      'interface-taken',
      `the node has two networks on "${bridge}"`,
      span,
      'write the IPv4 and the IPv6 prefix in one line: BRIDGE PREFIX, PREFIX6',
    )
}

/** Names that Linux and systemd.net-naming-scheme(7) give to what one plugs a cable into, or an antenna, and to such in a row. */
const isNetworkCard = (name: InterfaceName): boolean =>
  /^(eth|wlan|wwan|usb|ppp|bond|team)\d/.test(name) ||
  /^(en|ib|sl|wl|ww)([bcdospv]\d|P\d+p\d|x[0-9a-f]{12}$)/.test(name)
