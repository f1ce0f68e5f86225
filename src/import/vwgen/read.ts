import { type Diagnostic, type Result, resultOf } from '../../diagnostics/index.js'
import { familyOf, type Prefix } from '../../net/index.js'
import type { Source } from '../../parse/parse.js'
import type { Findings } from '../finding.js'
import type { FoundMesh, FoundNode, FoundView } from '../found.js'
import { prefixIn, shown } from '../values.js'
import { Fields } from './fields.js'
import { readNode } from './node.js'
import { fault, isTable, readToml, spanOf, type Table } from './toml.js'

/** Reads vwgen's master file of a mesh, NETWORK.conf. */
export const readVwgen = (source: Source, findings: Findings): Result<FoundMesh> => {
  const toml = readToml(source)
  if (!toml.ok) return toml
  const root = toml.value
  const { Network: network = {}, Node: nodes = {}, PeerBlacklist: blacklist = {}, ...rest } = root
  if (!isTable(network) || !isTable(nodes) || Object.values(nodes).filter(isTable).length === 0) {
    const message = 'the file is not a master file of vwgen with nodes in it'
    const hint = 'give the file that "vwgen add" and "vwgen set" keep; for wg-quick files write "import wg"'
    return resultOf<FoundMesh>([fault('import-kind', message, spanOf(source, null, null), hint)], never)
  }
  for (const [key, value] of Object.entries(rest))
    findings.leftOut('unread', null, `vwgen never read ${shown(key)} = ${shown(value)}`)
  const comments = source.text.split('\n').filter(line => /^\s*#/.test(line)).length
  if (comments > 0)
    findings.leftOut(
      'unread',
      null,
      `${comments} lines of comment in ${source.file}, which vwgen drops as well`,
    )
  const fields = new Fields(network, null, findings)
  const pools = ['AddressPoolIPv4', 'AddressPoolIPv6'].map(key => poolOf(fields, key, findings))
  const pool6 = pools.find(pool => pool !== null && familyOf(pool) === 'ipv6') ?? null
  const found = readNodes(nodes, source, pool6, findings)
  const mtu = fields.number('VxlanMTU', 68, 65535, '1500, the default')
  const vni = fields.number('VxlanID', 1, 0xffffff, 'a VNI that follows from the name of the mesh')
  const vxlanPort = fields.port('VxlanPort', '4789, the default')
  fields.unread([])
  const exclude = readBlacklist(blacklist, found, findings)
  const mesh: FoundMesh = {
    name: nameOf(source.file),
    vni,
    vxlanPort,
    mtu: { tunnel: (mtu ?? 1500) + 50, overlay: mtu ?? 1500 },
    pools: pools.filter(pool => pool !== null),
    nodes: found,
    exclude,
    presharedKeys: [],
    views: viewsOf(found, exclude),
    tool: 'vwgen',
  }
  return resultOf(sameKeys(found, source), () => mesh)
}

/** In its files each node had each other as a peer, but for those on the blacklist. */
const viewsOf = (
  nodes: readonly FoundNode[],
  exclude: readonly (readonly [string, string])[],
): FoundView[] => {
  const apart = new Set(exclude.flatMap(([one, other]) => [`${one} ${other}`, `${other} ${one}`]))
  return nodes.flatMap(from =>
    nodes
      .filter(to => to !== from && !apart.has(`${from.name} ${to.name}`))
      .map(to => ({
        from: from.name,
        to: to.name,
        endpoint: to.endpoints?.[0] ?? null,
        proxy: null,
        allowedIps: to.allowedIps ?? [],
      })),
  )
}

const never = (): never => {
  throw new Error('a failed import has no value')
}

/** vwgen's name for the mesh is the file's. */
const nameOf = (file: string): string => file.replace(/^.*\//, '').replace(/\.conf$/, '')

const poolOf = (fields: Fields, key: string, findings: Findings): Prefix | null => {
  const text = fields.text(key, 'pool', 'nothing is drawn from it')
  if (text === null || text === '') return null
  const pool = prefixIn(text)
  const family = key.endsWith('6') ? 'ipv6' : 'ipv4'
  if (!pool || familyOf(pool) !== family) {
    findings.broken('pool', null, `${key} holds ${shown(text)}, which is no pool: left out`)
    return null
  }
  if (text.trim() !== pool)
    findings.broken('pool', null, `${key} holds ${shown(text)}, of which vwgen took the network ${pool}`)
  return pool
}

/** In order of names, as vwgen listed them. */
const readNodes = (nodes: Table, source: Source, pool6: Prefix | null, findings: Findings): FoundNode[] =>
  Object.keys(nodes)
    .sort()
    .flatMap(name => {
      const table = nodes[name]
      if (isTable(table)) return [readNode(name, table, source.file, pool6, findings)]
      findings.leftOut('unread', null, `Node.${name} = ${shown(table)} is no node`)
      return []
    })

/** Pairs stand in it both ways; one that stands one way only left half a tunnel. */
const readBlacklist = (
  table: unknown,
  nodes: readonly FoundNode[],
  findings: Findings,
): [string, string][] => {
  const list: unknown = isTable(table) ? (table.Blacklist ?? []) : table
  if (isTable(table))
    for (const [key, value] of Object.entries(table))
      if (key !== 'Blacklist')
        findings.leftOut('unread', null, `vwgen never read PeerBlacklist.${key} = ${shown(value)}`)
  const known = new Set(nodes.map(({ name }) => name))
  const pairs = new Map<string, [string, string]>()
  for (const entry of Array.isArray(list) ? (list as unknown[]) : [list]) {
    const [one, other, ...more]: unknown[] = Array.isArray(entry) ? entry : []
    const whole = typeof one === 'string' && typeof other === 'string' && more.length === 0
    if (!whole || one === other || !known.has(one) || !known.has(other)) {
      const why = whole && one !== other ? 'names a node that there is not' : 'is no pair of nodes'
      findings.leftOut('exclude', null, `the blacklist entry ${shown(entry)} ${why}`)
    } else pairs.set(JSON.stringify([one, other]), [one, other])
  }
  for (const [one, other] of pairs.values())
    if (!pairs.has(JSON.stringify([other, one])))
      findings.broken(
        'exclude',
        null,
        `the blacklist holds ${one} and ${other}, but not the other way round, which left half a tunnel: excluded both ways`,
      )
  return [...pairs.values()].filter(([one, other]) => one < other || !pairs.has(JSON.stringify([other, one])))
}

/** vwgen's README copied one node's file to two nodes; a key is one node's. */
const sameKeys = (nodes: readonly FoundNode[], source: Source): Diagnostic[] =>
  nodes.flatMap((node, index) => {
    const twin = nodes.slice(0, index).find(({ publicKey }) => publicKey && publicKey === node.publicKey)
    if (!twin) return []
    const message = `${node.name} and ${twin.name} have the same PrivateKey`
    const place = (name: string) => spanOf(source, `[Node.${name}]`, 'PrivateKey')
    const hint = `give one of them a new key: put the output of "wg genkey" there, then import again`
    return [
      fault('duplicate-key-pair', message, place(node.name), hint, {
        message: `${twin.name} has it here`,
        span: place(twin.name),
      }),
    ]
  })
