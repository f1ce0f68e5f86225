import { endpointFor } from '../oracles/dialing.js'
import { factsOf } from '../oracles/facts.js'
import type {
  Blueprint,
  EndpointBlueprint,
  GroupBlueprint,
  MeshBlueprint,
  NetworkBlueprint,
  NodeBlueprint,
} from './blueprint.js'
import type { NodeChoice } from './nodes.js'

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
  readonly hidden: boolean
}

/** The mesh that the choices make; where they would contradict each other, the mesh is made valid. */
export const build = ({ pools, nodes, mesh, exclude, grouped, hidden }: MeshChoice): Blueprint => {
  const { highest, ...ranges } = pools
  const chosen = fitted(nodes, highest)
  const built = { ...mesh, ...ranges }
  const blueprints = chosen.map((choice, index) => nodeBlueprint(choice, index, built, hidden))
  const names = blueprints.map(({ name }) => name)
  const pairs = exclude.flatMap(([a, b]): [string, string][] =>
    a !== b && names[a] !== undefined && names[b] !== undefined ? [[names[a], names[b]]] : [],
  )
  const groups = grouped.map(group => ({ ...group, members: names.filter((_, index) => index % 2 === 0) }))
  const blueprint = { mesh: built, nodes: blueprints, exclude: pairs, groups, hidden }
  return { ...blueprint, exclude: [...pairs, ...strangers(blueprint)] }
}

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

/** Pairs that share no family although one has an endpoint: an error unless mesh.ini excludes them. */
const strangers = (blueprint: Blueprint): [string, string][] => {
  const nodes = factsOf(blueprint)
  return nodes.flatMap((a, index) =>
    nodes
      .slice(index + 1)
      .filter(b => a.endpoints.length + b.endpoints.length > 0)
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
  const { id, name, hostname, fwmark, frr, keyOnNode, targets } = choice
  const allowed = mesh.families ?? ['ipv4', 'ipv6']
  const families = choice.families?.filter(family => allowed.includes(family)) ?? null
  return {
    ...choice.shared,
    name,
    keyName: name,
    id,
    hostname,
    fwmark,
    frr,
    targets,
    endpoints: endpointsOf(choice).filter(({ family }) => family === null || allowed.includes(family)),
    families: families?.length === 0 ? null : families,
    pathMtu: choice.wider === null ? null : (mesh.pathMtu ?? 1500) + choice.wider,
    underlayPins: underlayPins(choice, index, mesh),
    overlayPins: choice.overlayPin ? [inPool(mesh.overlay.ipv4, index)] : [],
    mac: macOf(choice, index),
    containers: networksOf(choice, index, mesh),
    publicKeyWritten: choice.publicKeyWritten || keyOnNode || hidden,
    keyOnNode,
  }
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
    const withIpv6 = mesh.overlay.ipv6 !== null
    const addresses = !withIpv6 || families === 'v4' ? [ipv4] : families === 'v6' ? [ipv6] : [ipv4, ipv6]
    return { bridge, addresses, existing }
  })
}
