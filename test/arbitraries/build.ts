import { bits, familyOf, lengthOf, numberOf, textOf } from '../oracles/addresses.js'
import { dialingModel, endpointFor, endpointsSeen } from '../oracles/dialing.js'
import { factsOf } from '../oracles/facts.js'
import { isReflectionSound } from '../oracles/reflection.js'
import type {
  Blueprint,
  EndpointBlueprint,
  Family,
  GroupBlueprint,
  MeshBlueprint,
  NetworkBlueprint,
  NodeBlueprint,
  PoolPair,
} from './blueprint.js'
import { type NetworksChoice, networksOf as networksOfMany } from './networks.js'
import type { LocalChoice, NodeChoice } from './nodes.js'

/** A plan of pools, and the highest id that all of them hold. */
export interface Pools extends Pick<MeshBlueprint, 'underlay' | 'overlay' | 'containers'> {
  readonly highest: number
}

/** A mesh's choices, each made for itself. */
export interface MeshChoice {
  readonly pools: Pools
  readonly nodes: readonly NodeChoice[]
  readonly mesh: Omit<MeshBlueprint, 'underlay' | 'overlay' | 'containers'>
  /** Pairs of positions. */
  readonly exclude: readonly (readonly [number, number])[]
  readonly grouped: readonly GroupBlueprint[]
  /** Whether nodes that would reflect routes do. */
  readonly reflected: boolean
  readonly networks: NetworksChoice | null
  readonly hidden: boolean
}

/** The mesh that the choices make; where they would contradict each other, the mesh is made valid. */
export const build = (choice: MeshChoice): Blueprint => {
  const { pools, nodes, mesh, exclude, grouped, networks, hidden } = choice
  const { highest, ...ranges } = pools
  const chosen = fitted(nodes, highest).map((node, index) =>
    withoutHooks(node, index % 2 === 0 && grouped.some(({ hooks }) => hooks.length > 0)),
  )
  const built = carried({ ...mesh, ...ranges })
  const blueprints = chosen.map((choice, index) => nodeBlueprint(choice, index, built, hidden))
  const names = blueprints.map(({ name }) => name)
  const pairs = exclude.flatMap(([a, b]): [string, string][] =>
    a !== b && names[a] !== undefined && names[b] !== undefined ? [[names[a], names[b]]] : [],
  )
  const groups = grouped.map(group => ({ ...group, members: names.filter((_, index) => index % 2 === 0) }))
  const none = { segments: [], tenants: [] }
  const bare = { mesh: built, nodes: blueprints, exclude: pairs, groups, ...none, hidden }
  const blueprint = { ...bare, nodes: withPinned(bare, chosen) }
  const whole = withoutNetplan({ ...blueprint, exclude: [...pairs, ...strangers(blueprint)] })
  return {
    ...withReflectors(whole, choice.reflected),
    ...(networks ? networksOfMany(networks, built, whole.nodes) : none),
  }
}

const carrierOf = (mesh: MeshBlueprint): PoolPair => (mesh.mode === 'l3' ? mesh.underlay : mesh.overlay)

/** Containers have IPv6 only where the mesh carries it. */
const carried = (mesh: MeshBlueprint): MeshBlueprint =>
  carrierOf(mesh).ipv6 === null ? { ...mesh, containers: { ...mesh.containers, ipv6: null } } : mesh

/** The mesh with its reflectors, as far as they can do their work, or with a full mesh of sessions. */
const withReflectors = (blueprint: Blueprint, wanted: boolean): Blueprint => {
  const without: Blueprint = {
    ...blueprint,
    nodes: blueprint.nodes.map(node => (node.reflector ? { ...node, reflector: null } : node)),
  }
  if (wanted && isReflectionSound(blueprint)) return blueprint
  return isReflectionSound(without) ? without : { ...without, mesh: { ...without.mesh, reflectors: null } }
}

/**
 * netplan's tool instead where netplan itself has no words: for VXLAN on an old release, and for a node without
 * peers, or so few that a change may leave it without. Neither has any for a number as a name.
 */
const withoutNetplan = (blueprint: Blueprint): Blueprint => {
  if (/^\d+$/.test(blueprint.mesh.name))
    return { ...blueprint, nodes: blueprint.nodes.map(node => ({ ...node, targets: onlyScripts(node) })) }
  if (blueprint.nodes.every(({ targets }) => targets.tunnel !== 'netplan')) return blueprint
  const { nodes, peers } = dialingModel(blueprint)
  const few = nodes
    .filter(node => nodes.filter(other => peers(node, other)).length < 3)
    .map(({ name }) => name)
  const unfit = ({ name, os, targets }: NodeBlueprint): boolean =>
    targets.tunnel === 'netplan' &&
    (few.includes(name) || (targets.overlay === 'netplan' && ['debian-11', 'ubuntu-20.04'].includes(`${os}`)))
  return {
    ...blueprint,
    nodes: blueprint.nodes.map(node =>
      unfit(node) ? { ...node, targets: { tunnel: 'networkd', overlay: 'networkd' } } : node,
    ),
  }
}

const onlyScripts = ({ targets }: NodeBlueprint): NodeBlueprint['targets'] =>
  targets.tunnel === undefined ? targets : {}

/** The nodes with ids that the pools hold: one too high becomes the lowest that is free. */
const fitted = (nodes: readonly NodeChoice[], highest: number): NodeChoice[] => {
  const taken = new Set(nodes.map(({ id }) => id))
  let free = 1
  return nodes.map(node => {
    if (node.id <= highest) return node
    while (taken.has(free)) free++
    taken.add(free)
    return { ...node, id: free }
  })
}

/** networkd and netplan run no commands: a node of its own has none, and one whose group has some has another tool. */
const withoutHooks = (node: NodeChoice, inherits: boolean): NodeChoice => {
  if (node.targets.tunnel === undefined) return node
  return inherits ? { ...node, targets: {} } : { ...node, shared: { ...node.shared, hooks: [] } }
}

/** Pairs that share no family although one has an endpoint: an error unless mesh.ini excludes them. */
const strangers = (blueprint: Blueprint): [string, string][] => {
  const nodes = factsOf(blueprint)
  return nodes.flatMap((a, index) =>
    nodes
      .slice(index + 1)
      .filter(b => endpointsSeen(a, b).length + endpointsSeen(b, a).length > 0)
      .filter(b => endpointFor(a, b) === null && endpointFor(b, a) === null)
      .map((b): [string, string] => [a.name, b.name]),
  )
}

const nodeBlueprint = (
  choice: NodeChoice,
  index: number,
  mesh: MeshBlueprint,
  hidden: boolean,
): NodeBlueprint => {
  const { id, name, hostname, fwmark, os, frr, keyOnNode, targets } = choice
  const speaks = targets.routing !== 'none' && (mesh.mode === 'l3' || targets.overlay !== 'none')
  const allowed = mesh.families ?? ['ipv4', 'ipv6']
  const families = choice.families?.filter(family => allowed.includes(family)) ?? null
  return {
    ...choice.shared,
    name,
    keyName: name,
    id,
    hostname,
    fwmark,
    os,
    frr,
    reflector: speaks ? choice.reflector : null,
    targets,
    endpoints: endpointsOf(choice).filter(({ family }) => family === null || allowed.includes(family)),
    endpointsAt: localEndpoints(choice, allowed),
    families: families?.length === 0 ? null : families,
    pathMtu: choice.wider === null ? null : (mesh.pathMtu ?? 1500) + choice.wider,
    underlayPins: underlayPins(choice, index, mesh),
    overlayPins: choice.overlayPin ? [inPool(mesh.overlay.ipv4, index)] : [],
    mac: macOf(choice, index),
    containers: networksOf(choice, index, mesh),
    pinned: [],
    publicKeyWritten: choice.publicKeyWritten || keyOnNode || hidden,
    keyOnNode,
  }
}

/** Containers with addresses of their own: low ones, in the node's first network, where it is large enough. */
const withPinned = (blueprint: Blueprint, choices: readonly NodeChoice[]): NodeBlueprint[] => {
  const networks = new Map(factsOf(blueprint).map(({ name, networks }) => [name, networks[0]]))
  return blueprint.nodes.map((node, index) => {
    const prefixes = (networks.get(node.name)?.prefixes ?? []).filter(
      prefix => bits(familyOf(prefix)) - lengthOf(prefix) >= 4n,
    )
    const pinned = (choices[index]?.pinned ?? []).map((families, at) => ({
      name: ['web', 'Mail-2', 'x'.repeat(63)][at] as string,
      addresses: prefixes
        .filter(prefix => families === 'both' || (families === 'v4') === (familyOf(prefix) === 'ipv4'))
        .map(prefix => textOf(familyOf(prefix), numberOf(prefix) + BigInt(2 + at))),
    }))
    return { ...node, pinned: pinned.filter(({ addresses }) => addresses.length > 0) }
  })
}

const endpointsOf = ({ id, endpoint, endpointPort: port }: NodeChoice): EndpointBlueprint[] => {
  const ipv4: EndpointBlueprint = { host: `51.10.${id >> 8}.${id & 255}`, family: 'ipv4', port }
  const ipv6: EndpointBlueprint = { host: `2001:db8:${id.toString(16)}::7`, family: 'ipv6', port }
  const dns: EndpointBlueprint = { host: `n${id}.example.net`, family: null, port }
  const table: Record<NodeChoice['endpoint'], EndpointBlueprint[]> = {
    v4: [ipv4],
    v6: [ipv6],
    both: [ipv4, ipv6],
    'both, v6 first': [ipv6, ipv4],
    dns: [dns],
    'dns and v4': [dns, ipv4],
    'shared v4': [{ host: '192.0.2.9', family: 'ipv4', port: 2000 + id }],
    none: [],
  }
  return table[endpoint]
}

/** Addresses that no pool has. */
const localEndpoints = (
  { id, local, endpointPort: port }: NodeChoice,
  allowed: readonly (Family | null)[],
): NodeBlueprint['endpointsAt'] => {
  const ipv4: EndpointBlueprint = { host: `172.31.${id >> 8}.${id & 255}`, family: 'ipv4', port: null }
  const ipv6: EndpointBlueprint = { host: `fd77:${id.toString(16)}::7`, family: 'ipv6', port }
  const table: Record<LocalChoice, EndpointBlueprint[]> = {
    v4: [ipv4],
    v6: [ipv6],
    both: [ipv6, ipv4],
    dns: [{ host: `n${id}.lan`, family: null, port }],
    proxy: [{ host: '127.0.0.1', family: 'ipv4', port: 20000 + id }],
    none: [],
  }
  return Object.fromEntries(
    Object.entries(local).flatMap(([site, choice]) =>
      choice === null
        ? []
        : [[site, table[choice].filter(({ family }) => family === null || allowed.includes(family))]],
    ),
  )
}

/** In the pool's upper part, where no generated id comes. */
const inPool = (pool: string, index: number): string => {
  const [a, b, c] = pool.split('.')
  return pool.endsWith('/16') ? `${a}.${b}.200.${index + 1}` : `${a}.${b}.${c}.${180 + index}`
}

const underlayPins = ({ underlayPin }: NodeChoice, index: number, mesh: MeshBlueprint): string[] => {
  // Above the highest id of the pool.
  const from = mesh.underlay.ipv6?.endsWith('/120') ? 0xc0 : 0xff00
  const ipv6 = mesh.underlay.ipv6?.replace(/::\/\d+$/, `::${(from + index).toString(16)}`)
  const table: Record<NodeChoice['underlayPin'], string[]> = {
    no: [],
    'in pool': [inPool(mesh.underlay.ipv4, index)],
    elsewhere: [`192.168.77.${index + 1}`],
    'both families': [`192.168.77.${index + 1}`, index % 2 === 0 && ipv6 ? ipv6 : `fd99::${index + 1}`],
    'link-local': [`169.254.77.${index + 1}`],
  }
  return table[underlayPin]
}

const macOf = ({ mac }: NodeChoice, index: number): string | null => {
  const last = index.toString(16).padStart(2, '0')
  if (mac === 'derived') return null
  return mac === 'local' ? `06:00:00:00:00:${last}` : `0A:BC:DE:F0:00:${last.toUpperCase()}`
}

const networksOf = (
  { networks }: NodeChoice,
  index: number,
  mesh: MeshBlueprint,
): NetworkBlueprint[] | null => {
  if (networks === 'default') return null
  return networks.map(({ kind, families }, at): NetworkBlueprint => {
    const bridge = ['lxdbr0', 'br_1', 'abcdefghijklmno'][at] as string
    if (kind === 'auto') return { bridge, addresses: 'auto', existing: false }
    const existing = kind === 'existing'
    const ipv4 = `10.200.${1 + 3 * index + at}.${existing ? '1' : '0'}/24`
    const ipv6 = `fd98:${1 + 3 * index + at}::${existing ? '1' : ''}/64`
    const withIpv6 = carrierOf(mesh).ipv6 !== null
    const addresses = !withIpv6 || families === 'v4' ? [ipv4] : families === 'v6' ? [ipv6] : [ipv4, ipv6]
    return { bridge, addresses, existing }
  })
}
