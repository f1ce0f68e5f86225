import { didYouMean } from '../../diagnostics/index.js'
import { endpointForClient } from '../../model/dialing.js'
import type { MeshClient, MeshNode, MeshTenant } from '../../model/mesh.js'
import { addressPart, hostPrefix } from '../../net/index.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import { underlayOf } from './addressing.js'
import { type Entered, tenantsEntered } from './entered.js'
import type { IdentifiedClient } from './ids.js'
import type { NodeKeyPair } from './keys.js'

/** A client and where its keys were written. */
export type PlacedClient = readonly [client: MeshClient, spec: IdentifiedClient]

/** Below the 30 seconds after which common NAT boxes forget a UDP flow. */
const keepaliveBehindNat = 25

/** A client with all that is decided about it but for who carries it. */
export const clientOf = (
  spec: IdentifiedClient,
  pair: NodeKeyPair | undefined,
  settings: Settings,
  addressing: Report,
  dialing: Report,
): MeshClient => {
  const { name, id, keys } = spec
  const families = keys.families?.value ?? settings.families
  for (const family of families)
    if (!settings.families.includes(family))
      dialing.error(
        'family-unused',
        `${name} uses ${family === 'ipv4' ? 'IPv4' : 'IPv6'}, which the mesh does not dial`,
        keys.families?.span ?? spec.span,
        `add ${family} to families in [mesh]`,
        { message: 'the mesh dials these only', span: settings.spanOf('families') },
      )
  const keepalive = keys.keepalive?.value ?? keepaliveBehindNat
  return {
    name,
    id,
    publicKey: pair?.publicKey ?? ('' as NodeKeyPair['publicKey']),
    privateKey: pair?.privateKey ?? null,
    addresses: underlayOf(spec, settings, addressing).map(address => hostPrefix(addressPart(address))),
    families,
    keepalive: keepalive === 0 ? null : keepalive,
    dns: keys.dns?.value ?? [],
    fullTunnel: keys['full-tunnel']?.value ?? false,
    reach: keys.reach?.value ?? [],
  }
}

/** By the id of the node that carries them, clients in order of id. */
export const carriedBy = (
  placed: readonly PlacedClient[],
  nodes: readonly MeshNode[],
  tenants: Entered,
  settings: Settings,
  report: Report,
): ReadonlyMap<number, readonly MeshClient[]> => {
  const carried = new Map<number, MeshClient[]>()
  for (const [client, spec] of placed) {
    const carrier = carrierOf(client, spec, nodes, tenants, settings, report)
    if (carrier) carried.set(carrier.id, [...(carried.get(carrier.id) ?? []), client])
  }
  return carried
}

/** The node that it names, or the one with the lowest id, so that a node added later never takes it over. */
const carrierOf = (
  client: MeshClient,
  { keys, span }: IdentifiedClient,
  nodes: readonly MeshNode[],
  networks: Entered,
  settings: Settings,
  report: Report,
): MeshNode | null => {
  const { via } = keys
  const dialed = nodes.filter(node => endpointForClient(client, node) !== null)
  const tenants = tenantsEntered(client, networks)
  const outside = ({ id }: MeshNode): MeshTenant[] => tenants.filter(({ present }) => !present.includes(id))
  const leading = dialed.filter(({ exit }) => exit || !client.fullTunnel)
  const able = leading.filter(node => outside(node).length === 0)
  if (!via) {
    const [first = null] = able
    if (!first && leading.length > 0)
      report.error(
        'client-tenant',
        `no node that ${client.name} can dial has the routing table of ${tenantList(tenants)}`,
        keys.reach?.span ?? span,
        `add ${leading[0]?.name} to nodes of ${tenants.map(({ name }) => `[tenant ${name}]`).join(' and ')}`,
      )
    else if (!first)
      report.error(
        'client-via',
        `there is no ${client.fullTunnel ? 'exit' : 'node'} that ${client.name} can dial`,
        span,
        client.fullTunnel
          ? 'write exit = yes for a node that it can dial'
          : 'give a node an endpoint in a family that the client has',
      )
    return able.find(node => announces(node, settings)) ?? first
  }
  const named = nodes.find(({ name }) => name === via.value)
  if (!named)
    report.error(
      'unknown-node',
      `there is no node "${via.value}"`,
      via.span,
      didYouMean(
        via.value,
        nodes.map(({ name }) => name),
      ),
    )
  else if (leading.includes(named) && !able.includes(named))
    report.error(
      'client-tenant',
      `${client.name} enters ${tenantList(outside(named))}, and ${named.name}, which carries it, has no routing table of it`,
      via.span,
      [
        ...(able[0] ? [`write via = ${able[0].name}`] : []),
        `add ${named.name} to nodes of ${outside(named)
          .map(({ name }) => `[tenant ${name}]`)
          .join(' and ')}`,
      ].join(', or '),
      keys.reach && { message: 'reach is here', span: keys.reach.span },
    )
  else if (dialed.includes(named) && !able.includes(named))
    report.error(
      'client-via',
      `all that ${client.name} sends is to go by ${named.name}, which is no exit`,
      via.span,
      `write exit = yes in [node ${named.name}], or take out full-tunnel`,
      keys['full-tunnel'] && { message: 'full-tunnel is here', span: keys['full-tunnel'].span },
    )
  else if (!able.includes(named))
    report.error(
      'client-via',
      `${client.name} cannot dial ${named.name}`,
      via.span,
      able[0] ? `write via = ${able[0].name}` : `give ${named.name} an endpoint in a family that it has`,
    )
  else return named
  return null
}

const tenantList = (tenants: readonly MeshTenant[]): string =>
  `${tenants.length > 1 ? 'tenants' : 'tenant'} ${tenants.map(({ name }) => name).join(' and ')}`

/** Whether a node tells the others what is behind it. */
export const announces = ({ targets }: MeshNode, { mode }: Pick<Settings, 'mode'>): boolean =>
  targets.routing !== 'none' && (mode === 'l3' || targets.overlay !== 'none')

/** What a node that says nothing keeps from the containers of others. */
export const reportUnannounced = (
  placed: readonly PlacedClient[],
  nodes: readonly MeshNode[],
  settings: Settings,
  report: Report,
): void => {
  for (const [client, { keys, span }] of placed) {
    const carrier = nodes.find(({ clients }) => clients.includes(client))
    if (!carrier || announces(carrier, settings)) continue
    // Without VXLAN everybody has the pool's route to the client, but the carrier none to containers.
    const lacks =
      settings.mode === 'l3'
        ? 'it has no routes to containers of other nodes'
        : 'containers of other nodes do not reach it'
    if (nodes.some(node => node !== carrier && announces(node, settings) && node.networks.length > 0))
      report.warn(
        'unannounced',
        client.name,
        `${carrier.name} carries ${client.name} and has no routing: ${lacks}`,
        keys.via?.span ?? span,
        'write via = NODE for one that has a target for routing',
      )
  }
}
