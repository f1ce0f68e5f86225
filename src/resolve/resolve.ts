import { byPlace, type Result, resultOf } from '../diagnostics/index.js'
import type { Mesh, MeshNode, Secrets } from '../model/mesh.js'
import type { MeshSpec } from '../model/spec.js'
import { releaseOf } from '../net/index.js'
import { checkClaims, meshClaims, type Placed } from './checks/address-overlaps.js'
import { checkExpect } from './checks/expect.js'
import { checkInterfaces, checkSwept } from './checks/interface-names.js'
import { checkLans } from './checks/lans.js'
import { checkLimit } from './checks/maximum-prefix.js'
import { checkPath } from './checks/path-mtu.js'
import { checkPorts } from './checks/ports.js'
import { checkRanges } from './checks/ranges.js'
import { checkReach } from './checks/reach.js'
import { checkPoolFamilies, checkSettings } from './checks/settings.js'
import { checkSites } from './checks/sites.js'
import { checkTenantClaims, hostSegmentClaims } from './checks/tenant-overlaps.js'
import { checkUnreached } from './checks/unreached.js'
import { nodeDefaults } from './defaults.js'
import { namingOf } from './domain.js'
import { segmentsOf } from './networks/segments.js'
import { tenantsOf } from './networks/tenants.js'
import { checkVnis } from './networks/vnis.js'
import { addressNode } from './nodes/addressing.js'
import { carriedBy, clientOf, type PlacedClient, reportUnannounced } from './nodes/clients.js'
import { containersOf } from './nodes/containers.js'
import { inherit } from './nodes/groups.js'
import { type IdentifiedNode, identify } from './nodes/ids.js'
import { keyPairs, type NodeKeyPair, ownerOf, presharedSeedOf, sessionPassword } from './nodes/keys.js'
import { reportAssumed } from './peering/assumed-families.js'
import { dialingOf } from './peering/dialing.js'
import { detoursOf, exclusionsOf, pairsApart } from './peering/pairs.js'
import { reflectorsOf } from './peering/reflectors.js'
import { reportApart } from './peering/unpeered.js'
import { Report } from './report.js'
import { readSettings, type Settings } from './settings.js'
import { checkTargets, type TargetCatalog, targetsOf } from './targets.js'

/**
 * Decides everything that mesh.ini leaves open and compares everything it says: defaults, addresses from
 * ids, keys, MTUs, who peers with whom, and every overlap. Once a {@link Mesh} exists, nothing about it can
 * fail any more.
 *
 * @param secrets the key ring, or `hidden` for a tree that is to be shown around
 * @param catalog the targets that mesh.ini may name
 */
export const resolve = (spec: MeshSpec, secrets: Secrets, catalog: TargetCatalog): Result<Mesh> => {
  const report = new Report()
  const settings = readSettings(spec, catalog, report)
  checkPoolFamilies(settings, report)
  const { nodes, clients } = identify(spec, inherit(spec, report), report)
  // Without their numbers nodes have no addresses, and every further word would be about that.
  if (report.failed) return { ok: false, diagnostics: byPlace(report.diagnostics) }
  const pairs = keyPairs([...nodes, ...clients.map(ownerOf)], secrets, report)
  const presharedSeed = presharedSeedOf(settings, secrets, report)
  const password = sessionPassword(settings, secrets, report)
  checkTargets(spec, nodes, settings, catalog, report)
  const names = namingOf(spec, nodes, settings.name, report)
  const addressing = new Report()
  const dialing = new Report()
  const placed = nodes.map((node): Placed => {
    const pair = pairs.get(node.name)
    return [meshNode(node, pair, settings, catalog, addressing, dialing), node]
  })
  const guests = clients.map((client): PlacedClient => {
    const pair = pairs.get(client.name)
    return [clientOf(client, pair, settings, addressing, dialing), client]
  })
  const machines = placed.map(([node]) => node)
  const tenants = tenantsOf(spec, machines, settings, report)
  const networks = { tenants, segments: segmentsOf(spec, machines, tenants, settings, report) }
  const carried = carriedBy(guests, machines, networks, settings, dialing)
  const bare = placed.map(([node]) => ({ ...node, clients: carried.get(node.id) ?? node.clients }))
  checkSettings(placed, settings, report)
  checkRanges(spec, placed, settings, report)
  checkVnis(spec, settings, report)
  checkPorts(placed, networks, settings, report)
  checkPath(placed, networks, settings, report)
  if (!addressing.failed) {
    checkClaims(placed, guests, hostSegmentClaims(spec), settings, report)
    checkTenantClaims(spec, networks.tenants, meshClaims(placed, guests, settings), report)
  }
  checkReach(spec, clients, report)
  checkLans(placed, networks, settings, report)
  checkUnreached(placed, settings, report)
  checkExpect(spec, { name: settings.name, mode: settings.mode, nodes: bare, ...networks }, report)
  checkInterfaces(spec, placed, settings, report)
  checkSwept(spec, placed, networks, settings, report)
  const exclusions = exclusionsOf(spec, bare, report)
  const apart = pairsApart(bare, settings.mode, exclusions)
  const reflectors = reflectorsOf(nodes, bare, apart, settings, report)
  checkLimit(bare, networks, reflectors, settings, report)
  if (!dialing.failed) {
    reportApart(spec, apart, report)
    // Where an endpoint is a fault already, whence it is dialled is no news.
    if (!report.failed) checkSites(placed, exclusions, report)
    reportAssumed(placed, apart, settings, report)
    reportUnannounced(guests, bare, settings, report)
  }
  const diagnostics = [...report.diagnostics, ...addressing.diagnostics, ...dialing.diagnostics]
  return resultOf(diagnostics, () => ({
    name: settings.name,
    mode: settings.mode,
    vni: settings.vni,
    asn: settings.asn,
    vxlanPort: settings.vxlanPort,
    mtu: settings.mtu,
    bgp: settings.bgp,
    underlay: settings.underlay,
    overlay: settings.overlay,
    containerPools: settings.containerPools,
    ...names,
    presharedSeed,
    sessionPassword: password,
    pinnedPresharedKeys: (secrets !== 'hidden' && secrets.pinnedPresharedKeys) || new Map(),
    nodes: bare.map(node => ({ ...node, reflector: reflectors.has(node.id) })),
    ...networks,
    detours: detoursOf(apart),
  }))
}

/** A node whose key is at fault is carried on without one, so that its other faults are found too. */
const meshNode = (
  node: IdentifiedNode,
  pair: NodeKeyPair | undefined,
  settings: Settings,
  catalog: TargetCatalog,
  addressing: Report,
  dialing: Report,
): MeshNode => {
  const { keys, id, name } = node
  const release = keys.os ? releaseOf(keys.os.value) : null
  const targets = targetsOf(node, settings.targets, catalog)
  return {
    name,
    id,
    reflector: false,
    hostname: keys.hostname?.value ?? name,
    release,
    frr: keys.frr?.value ?? release?.frr ?? null,
    fwmark: keys.fwmark?.value ?? null,
    keepalive: keys.keepalive?.value ?? null,
    publicKey: pair?.publicKey ?? ('' as NodeKeyPair['publicKey']),
    nextPublicKey: keys['next-public-key']?.value ?? null,
    privateKey: pair?.privateKey ?? null,
    ...dialingOf(node, settings, dialing),
    ...addressNode(node, settings, addressing),
    allowedIps: keys['allowed-ips']?.value ?? [],
    networks: containersOf(node, settings, addressing),
    lans: keys.lan?.value ?? [],
    exit: keys.exit?.value ?? nodeDefaults.exit,
    clients: [],
    forward: keys.forward?.value ?? nodeDefaults.forward,
    metadata: keys.metadata?.value ?? nodeDefaults.metadata,
    hooks: {
      preUp: keys['pre-up']?.value ?? [],
      postUp: keys['post-up']?.value ?? [],
      preDown: keys['pre-down']?.value ?? [],
      postDown: keys['post-down']?.value ?? [],
    },
    bridgeHabits: catalog.find(target => target.name === targets.containers)?.habits ?? null,
    targets,
  }
}
