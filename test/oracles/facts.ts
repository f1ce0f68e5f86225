import { createHash } from 'node:crypto'
import type {
  Blueprint,
  EndpointBlueprint,
  Family,
  NodeBlueprint,
  PartPools,
  PoolPair,
  Shared,
} from '../arbitraries/blueprint.js'
import { bare, bits, familyOf, host, isWithin, lengthOf, network, numberOf, textOf } from './addresses.js'
import { publicKeyFor } from './keys.js'

/** What must come out for one node, worked out from what was meant, by the rules of mesh.ini's reference. */
export interface NodeFacts {
  readonly name: string
  readonly id: number
  readonly hostname: string
  readonly publicKey: string
  readonly listenPort: number
  readonly keepalive: number | null
  readonly site: string | null
  readonly endpoints: readonly EndpointFacts[]
  /** What nodes of a site are told instead. */
  readonly endpointsAt: ReadonlyMap<string, readonly EndpointFacts[]>
  /** Families it can dial in. */
  readonly dials: readonly Family[]
  /** The same where the endpoint is for its site alone. */
  readonly dialsAtSite: readonly Family[]
  /** With length; IPv4 first. */
  readonly underlay: readonly string[]
  readonly overlay: readonly string[]
  readonly mac: string
  readonly networks: readonly NetworkFacts[]
  /** In file order of wg-quick's four. */
  readonly hooks: Readonly<Record<'PreUp' | 'PostUp' | 'PreDown' | 'PostDown', readonly string[]>>
  readonly source: NodeBlueprint
}

export interface EndpointFacts {
  readonly text: string
  readonly families: readonly Family[]
  /** Whether it is a DNS name. */
  readonly named: boolean
}

export interface NetworkFacts {
  readonly bridge: string
  readonly existing: boolean
  /** The bridge's own, with length. */
  readonly addresses: readonly string[]
  readonly prefixes: readonly string[]
}

/** A node without VXLAN and BGP is a peer of WireGuard's, and nothing to the others besides. */
export const isRouter = ({ source: { targets } }: NodeFacts): boolean =>
  targets.routing !== 'none' || targets.overlay !== 'none'

export const bothFamilies: readonly Family[] = ['ipv4', 'ipv6']

export const nameOfOverlay = ({ mesh }: Blueprint): string => `v${mesh.name}`

export const hashOf = (text: string, count: number): bigint =>
  BigInt(`0x${createHash('sha512').update(text).digest('hex').slice(0, 16)}`) >> BigInt(64 - count)

export const vniOf = ({ mesh }: Blueprint): number =>
  mesh.vni ?? 4096 + Number(hashOf(`${mesh.name} vni`, 24) % BigInt(0xffffff - 4096))

/** Bytes that WireGuard and then VXLAN take from the path. */
export const mtuOf = ({
  mesh,
}: Pick<Blueprint, 'mesh'>): { path: number; tunnel: number; overlay: number } => {
  const path = mesh.pathMtu ?? 1500
  const tunnel = path - ((mesh.families ?? bothFamilies).includes('ipv6') ? 80 : 60)
  return { path, tunnel, overlay: isLayer3({ mesh }) ? tunnel : tunnel - 50 }
}

/** Whether WireGuard alone carries the container networks. */
export const isLayer3 = ({ mesh }: Pick<Blueprint, 'mesh'>): boolean => mesh.mode === 'l3'

/** What sessions run over, and so which families routes may have. */
export const carrierOf = ({ mesh }: Pick<Blueprint, 'mesh'>): PoolPair =>
  isLayer3({ mesh }) ? mesh.underlay : mesh.overlay

export const factsOf = (blueprint: Blueprint): NodeFacts[] =>
  [...blueprint.nodes].sort((a, b) => a.id - b.id).map(node => nodeFacts(blueprint, node))

const nodeFacts = (blueprint: Blueprint, node: NodeBlueprint): NodeFacts => {
  const { mesh } = blueprint
  const group: Shared | undefined = blueprint.groups.find(({ members }) => members.includes(node.name))
  const listenPort = node.listenPort ?? group?.listenPort ?? mesh.port ?? 51820
  const all = mesh.families ?? bothFamilies
  const factsOfEndpoint = ({ host: name, family, port }: EndpointBlueprint): EndpointFacts => ({
    text: `${family === 'ipv6' ? `[${name}]` : name}:${port ?? listenPort}`,
    families: family ? [family] : (node.families ?? all),
    named: family === null,
  })
  const literal = node.endpoints.length > 0 && node.endpoints.every(({ family }) => family !== null)
  return {
    name: node.name,
    id: node.id,
    hostname: node.hostname ?? node.name,
    publicKey: publicKeyFor(node.keyName),
    listenPort,
    keepalive: node.keepalive ?? group?.keepalive ?? null,
    site: node.site ?? group?.site ?? null,
    endpoints: node.endpoints.map(factsOfEndpoint),
    endpointsAt: new Map(
      Object.entries(node.endpointsAt).map(([site, some]) => [site, some.map(factsOfEndpoint)]),
    ),
    dialsAtSite: node.families ?? all,
    dials:
      node.families ??
      (literal ? all.filter(family => node.endpoints.some(endpoint => endpoint.family === family)) : all),
    underlay: underlayOf(blueprint, node),
    overlay: isLayer3(blueprint) ? [] : addressesIn(mesh.overlay, node.overlayPins, node.id),
    mac: node.mac?.toLowerCase() ?? derivedMac(blueprint, node.id),
    networks: networksOf(blueprint, node),
    hooks: hooksOf(node, group),
    source: node,
  }
}

/** Without VXLAN each stands alone, and the pools are routes: neighbors are not taken to be one hop away. */
const underlayOf = (blueprint: Blueprint, node: NodeBlueprint): string[] => {
  const addresses = addressesIn(blueprint.mesh.underlay, node.underlayPins, node.id)
  return isLayer3(blueprint) ? addresses.map(address => host(bare(address))) : addresses
}

const addressesIn = (pools: PoolPair, pins: readonly string[], id: number): string[] =>
  bothFamilies.flatMap(family => {
    const pool = pools[family]
    const pin = pins.find(address => familyOf(address) === family)
    if (pin) return [pool && isWithin(pin, pool) ? `${pin}/${lengthOf(pool)}` : host(pin)]
    return pool ? [`${textOf(family, numberOf(pool) + BigInt(id))}/${lengthOf(pool)}`] : []
  })

const derivedMac = (blueprint: Blueprint, id: number): string => {
  const common = hashOf(`${blueprint.mesh.name} ${vniOf(blueprint)}`, 16)
  const hex = `02${common.toString(16).padStart(4, '0')}${id.toString(16).padStart(6, '0')}`
  return (hex.match(/../g) as string[]).join(':')
}

/** The id-th part of each pool. */
export const partsOf = (pools: PartPools, id: number): string[] =>
  [pools.ipv4, pools.ipv6].flatMap(pool => {
    if (!pool) return []
    const family = familyOf(pool.prefix)
    const size = 1n << (bits(family) - BigInt(pool.length))
    return [`${textOf(family, numberOf(pool.prefix) + size * BigInt(id))}/${pool.length}`]
  })

const networksOf = ({ mesh }: Blueprint, node: NodeBlueprint): NetworkFacts[] => {
  const own = partsOf(mesh.containers, node.id)
  const written = node.containers ?? [{ bridge: 'ciabbr0', addresses: 'auto' as const, existing: false }]
  return written.flatMap(({ bridge, addresses, existing }): NetworkFacts[] => {
    if (existing && addresses !== 'auto')
      return [{ bridge, existing, addresses, prefixes: addresses.map(network) }]
    const prefixes = addresses === 'auto' ? own : addresses
    return prefixes.length === 0
      ? []
      : [{ bridge, existing: false, addresses: prefixes.map(firstIn), prefixes }]
  })
}

export const firstIn = (prefix: string): string =>
  `${textOf(familyOf(prefix), numberOf(prefix) + 1n)}/${lengthOf(prefix)}`

const hooksOf = (node: NodeBlueprint, group: Shared | undefined): NodeFacts['hooks'] => {
  const commands = (key: string): string[] => {
    const own = node.hooks.filter(hook => hook.key === key)
    const chosen = own.length > 0 ? own : (group?.hooks.filter(hook => hook.key === key) ?? [])
    return chosen.map(({ command }) => command)
  }
  return {
    PreUp: commands('pre-up'),
    PostUp: commands('post-up'),
    PreDown: commands('pre-down'),
    PostDown: commands('post-down'),
  }
}

export const vtepOf = (node: NodeFacts): string => bare(node.underlay[0] as string)

/** On the segment, or where there is none the VTEP. */
export const sessionAddressOf = (node: NodeFacts): string => bare(node.overlay[0] ?? vtepOf(node))

export const prefixesOf = (node: NodeFacts): string[] => node.networks.flatMap(({ prefixes }) => prefixes)
