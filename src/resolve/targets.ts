import { didYouMean, type Span } from '../diagnostics/index.js'
import type { BridgeHabits } from '../model/plan.js'
import {
  type Concern,
  concerns,
  type Located,
  type MeshSpec,
  type Mode,
  type TargetKeys,
} from '../model/spec.js'
import { defaultTargets } from './defaults.js'
import type { NodeSpec } from './nodes/groups.js'
import type { IdentifiedNode } from './nodes/ids.js'
import type { Report } from './report.js'

/** The targets that there are, as resolve needs to know them. */
export type TargetCatalog = readonly {
  readonly name: string
  readonly concerns: readonly string[]
  readonly habits?: BridgeHabits
}[]

/** What brings all targets' files into effect on a node. It writes no tool's files, and so is no target itself. */
export const installers: TargetCatalog = [{ name: 'apply', concerns: ['installer'] }]

/** One target for each concern, for nodes that say nothing; `container-runtime` is another word for the one of `containers`. */
export const readTargets = (
  { mesh, targets }: MeshSpec,
  catalog: TargetCatalog,
  report: Report,
): TargetKeys => {
  const chosen: Record<Concern, string> = { ...defaultTargets }
  chosen.overlay = overlayBy(targets.tunnel?.value, catalog) ?? chosen.overlay
  for (const [concern, { value }] of Object.entries(targets)) chosen[concern as Concern] = value
  const { containers } = targets
  const runtime = mesh.keys['container-runtime']
  if (containers && runtime && containers.value !== runtime.value)
    report.error(
      'value-conflict',
      `container-runtime is ${runtime.value}, but [targets] says ${containers.value}`,
      containers.span,
      'delete one of the two lines',
      { message: 'the other line', span: runtime.span },
    )
  if (runtime) chosen.containers = runtime.value
  return chosen
}

/** Those of a node: its own words before the mesh's. */
export const targetsOf = (
  node: IdentifiedNode,
  mesh: TargetKeys,
  catalog: TargetCatalog,
): Record<Concern, string> => {
  const chosen: Record<Concern, string> = { ...mesh }
  if (mesh.overlay !== 'none') chosen.overlay = overlayBy(node.keys.tunnel?.value, catalog) ?? mesh.overlay
  for (const concern of concerns) chosen[concern] = targetIn(node, concern)?.value ?? chosen[concern]
  return chosen
}

/** Whoever makes the tunnel makes the VXLAN device on it too, if it can and nobody says otherwise. */
const overlayBy = (tunnel: string | undefined, catalog: TargetCatalog): string | undefined =>
  catalog.find(({ name, concerns }) => name === tunnel && concerns.includes('overlay'))?.name

/** Where a node names the target of a concern; `containers` are its networks, so their tool has another word. */
export const targetIn = ({ keys }: NodeSpec, concern: Concern): Located<string> | undefined =>
  concern === 'containers' ? keys['container-runtime'] : keys[concern]

/** What [mesh] and [targets] say, for nodes that say nothing. */
interface Chosen {
  readonly mode: Mode
  readonly targets: TargetKeys
}

/** Every concern names a target that serves it. */
export const checkTargets = (
  spec: MeshSpec,
  nodes: readonly IdentifiedNode[],
  settings: Chosen,
  catalog: TargetCatalog,
  report: Report,
): void => {
  const seen = new Set<Span>()
  checkGuard(spec, nodes, settings, catalog, report)
  for (const concern of concerns)
    for (const written of [spec.targets[concern], ...nodes.map(node => targetIn(node, concern))]) {
      // A group's word is every member's, and wrong once.
      if (!written || seen.has(written.span)) continue
      seen.add(written.span)
      checkTarget(concern, written, catalog, report)
    }
  checkDefaults(spec, nodes, settings, catalog, report)
}

/** A program that brings targets of its own may lack those that a node has where nothing is said. */
const checkDefaults = (
  spec: MeshSpec,
  nodes: readonly IdentifiedNode[],
  { targets }: Chosen,
  catalog: TargetCatalog,
  report: Report,
): void => {
  for (const concern of concerns) {
    const name = defaultTargets[concern]
    if (name === 'none' || spec.targets[concern]) continue
    if ([...catalog, ...installers].some(one => one.name === name && one.concerns.includes(concern))) continue
    if (nodes.some(node => targetsOf(node, targets, catalog)[concern] === name && !targetIn(node, concern)))
      report.error(
        'unknown-target',
        `there is no target "${name}" for ${concern}, which nodes have that say no other`,
        spec.mesh.span,
        `say ${concern} = none in [targets], or another; or give this target, too`,
      )
  }
}

/** What is open without a target for the firewall, of what the nodes have that do without. */
const checkGuard = (
  spec: MeshSpec,
  nodes: readonly IdentifiedNode[],
  { mode, targets }: Chosen,
  catalog: TargetCatalog,
  report: Report,
): void => {
  const open = new Map<Span, Record<Concern, string>[]>()
  for (const node of nodes) {
    const written = targetIn(node, 'firewall') ?? spec.targets.firewall
    if (written?.value !== 'none') continue
    open.set(written.span, [...(open.get(written.span) ?? []), targetsOf(node, targets, catalog)])
  }
  for (const [span, theirs] of open) {
    const overlay = mode === 'vxlan' && theirs.some(chosen => chosen.overlay !== 'none')
    const routing = theirs.some(chosen => chosen.routing !== 'none')
    const [what, inside] = overlay
      ? ['anybody on the internet can send frames into the overlay', routing ? 'VXLAN, BGP and BFD' : 'VXLAN']
      : routing
        ? ['BGP and BFD hear anybody', 'BGP and BFD']
        : ['addresses of the mesh are believed from anywhere', 'addresses of the mesh']
    report.warn(
      'unguarded',
      'mesh',
      `without a packet filter ${what}`,
      span,
      `delete the line, or see to it yourself: ${inside} from the tunnel only, forwarding, masquerading`,
    )
  }
}

const checkTarget = (
  concern: Concern,
  { value, span }: Located<string>,
  catalog: TargetCatalog,
  report: Report,
): void => {
  const able = [...catalog, ...installers]
    .filter(target => target.concerns.includes(concern))
    .map(target => target.name)
  if (value !== 'none' && !able.includes(value))
    report.error(
      'unknown-target',
      `there is no target "${value}" for ${concern}`,
      span,
      didYouMean(value, [...able, 'none']),
    )
}
