import { type Diagnostic, type Result, resultOf } from '../diagnostics/index.js'
import type { Findings } from './finding.js'
import type { FoundMesh, FoundNode } from './found.js'
import { shown } from './values.js'

/**
 * One mesh of a master file and the files that run on its nodes. Where the two contradict each other
 * nobody knows which is meant, except for what runs: hooks and endpoints are taken from the nodes.
 */
export const merge = (master: FoundMesh, running: FoundMesh, findings: Findings): Result<FoundMesh> => {
  const diagnostics: Diagnostic[] = []
  const conflict = (what: string, one: unknown, other: unknown, file: string): void => {
    diagnostics.push({
      severity: 'error',
      code: 'import-conflict',
      message: `${what} is ${shown(one)} in the master file and ${shown(other)} in ${file}`,
      span: { file, line: 1, column: 1, length: 1 },
      hint: 'make the two agree, or leave the one that is wrong out of the import',
    })
  }
  const file = running.nodes[0]?.file ?? ''
  for (const key of ['vni', 'vxlanPort'] as const)
    if (master[key] !== null && running[key] !== null && master[key] !== running[key])
      conflict(key === 'vni' ? 'VxlanID' : 'VxlanPort', master[key], running[key], file)
  const nodes = master.nodes.map(node => {
    const twin = twinOf(node, running)
    return twin ? mergedNode(node, twin, conflict, findings) : node
  })
  const renamed = new Map(
    master.nodes.flatMap(node => {
      const twin = twinOf(node, running)
      return twin ? [[twin.name, node.name] as const] : []
    }),
  )
  const strangers = running.nodes.filter(({ name }) => !renamed.has(name))
  const known = new Set(master.nodes.map(({ name }) => name))
  // Of one name with another key: one of the two is old, and nobody here knows which.
  for (const { name, file } of strangers.filter(({ name }) => known.has(name)))
    diagnostics.push({
      severity: 'error',
      code: 'import-conflict',
      message: `${shown(name)} has another key in ${file} than in the master file`,
      span: { file, line: 1, column: 1, length: 1 },
      hint: 'make the two agree, or leave the one that is wrong out of the import',
    })
  for (const stranger of strangers)
    findings.assumed('name', stranger.name, 'is not in the master file, and stays')
  const call = (name: string): string => renamed.get(name) ?? name
  const value: FoundMesh = {
    ...master,
    vni: master.vni ?? running.vni,
    vxlanPort: master.vxlanPort ?? running.vxlanPort,
    mtu: {
      tunnel: running.mtu.tunnel ?? master.mtu.tunnel,
      overlay: running.mtu.overlay ?? master.mtu.overlay,
    },
    nodes: [...nodes, ...strangers],
    exclude: distinct([
      ...master.exclude,
      ...running.exclude.map(([one, other]) => [call(one), call(other)] as const),
    ]),
    views: master.views,
    presharedKeys: running.presharedKeys.map(({ nodes: [one, other], key }) => ({
      nodes: [call(one), call(other)],
      key,
    })),
  }
  return resultOf(diagnostics, () => value)
}

const twinOf = (node: FoundNode, { nodes }: FoundMesh): FoundNode | undefined =>
  nodes.find(other => (node.publicKey ? other.publicKey === node.publicKey : other.name === node.name))

const mergedNode = (
  node: FoundNode,
  twin: FoundNode,
  conflict: (what: string, one: unknown, other: unknown, file: string) => void,
  findings: Findings,
): FoundNode => {
  const own = !twin.keyElsewhere || node.privateKey === null
  const check = (what: string, one: readonly string[], other: readonly string[]): void => {
    const [a, b] = [[...one].sort().join(', '), [...other].sort().join(', ')]
    if (own && a !== '' && b !== '' && a !== b) conflict(`${what} of ${node.name}`, a, b, twin.file)
  }
  check('the tunnel address', node.underlay, twin.underlay)
  check('the overlay address', node.overlay, twin.overlay)
  check('ListenPort', given(node.listenPort), given(twin.listenPort))
  if (own && JSON.stringify(node.hooks) !== JSON.stringify(twin.hooks))
    findings.assumed(
      'hook',
      node.name,
      `its hooks are those of ${twin.file}, which differ from the master file's`,
    )
  return {
    ...node,
    privateKey: node.privateKey ?? twin.privateKey,
    publicKey: node.publicKey ?? twin.publicKey,
    keyElsewhere: node.privateKey === null && twin.keyElsewhere,
    endpoints: node.endpoints && node.endpoints.length > 0 ? node.endpoints : twin.endpoints,
    site: twin.site,
    endpointsAtSite: twin.endpointsAtSite,
    listenPort: node.listenPort ?? twin.listenPort,
    underlay: node.underlay.length > 0 ? node.underlay : twin.underlay,
    overlay: node.overlay.length > 0 ? node.overlay : twin.overlay,
    mac: node.mac ?? twin.mac,
    interface: twin.interface,
    replaced: own ? twin.replaced : node.replaced,
    routed: twin.routed,
    hooks: own ? twin.hooks : node.hooks,
  }
}

const given = (value: number | null): string[] => (value === null ? [] : [`${value}`])

const distinct = (pairs: readonly (readonly [string, string])[]): (readonly [string, string])[] => [
  ...new Map(pairs.map(pair => [JSON.stringify([...pair].sort()), pair])).values(),
]
