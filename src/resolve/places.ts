import type { Span } from '../diagnostics/index.js'
import type { Concern, Located, MeshKeys, MeshSpec, NodeKeys } from '../model/spec.js'
import { inherit, type NodeSpec } from './nodes/groups.js'
import { Report } from './report.js'
import { targetIn } from './targets.js'

/**
 * Where mesh.ini says what a node's plan has at a path, such as `tunnel.hooks.postUp[1]`; for what it does not
 * say itself, where the tool is chosen that serves these concerns, and last the node.
 */
export type PlaceOf = (node: string, path: string, concerns: readonly Concern[]) => Span | null

/** Reads the spec again: by now it has no faults. */
export const placesIn = (spec: MeshSpec): PlaceOf => {
  const nodes = new Map(inherit(spec, new Report()).map(node => [node.name, node]))
  return (name, path, concerns) => {
    const node = nodes.get(name)
    if (!node) return null
    const chosen = concerns.map(concern => targetIn(node, concern) ?? spec.targets[concern])
    return (
      inNode(node, path) ??
      inMesh(spec, path)?.span ??
      chosen.find(written => written !== undefined)?.span ??
      node.span
    )
  }
}

const inNode = ({ keys }: NodeSpec, path: string): Span | undefined => {
  const [, hook, at] = /^tunnel\.hooks\.(\w+)(?:\[(\d+)\])?$/.exec(path) ?? []
  if (hook !== undefined) return member(keys[kebab(hook)], Number(at ?? 0))
  if (path.startsWith('tunnel.fwmark')) return keys.fwmark?.span
  if (path.startsWith('routing.clients')) return keys.reflector?.span
  const [, bridge] = /^containers\.networks\.([^.]+)(?!.*\.mtu$)/.exec(path) ?? []
  const networks = keys.containers
  return member(networks, networks?.value.findIndex(network => network.bridge === bridge) ?? -1)
}

const inMesh = ({ mesh: { keys } }: MeshSpec, path: string): Located<unknown> | undefined => {
  const key = (
    [
      [/^tunnel\.interface$/, 'name'],
      [/\.mtu$/, 'path-mtu'],
    ] as [RegExp, keyof MeshKeys][]
  ).find(([pattern]) => pattern.test(path))?.[1]
  return key && keys[key]
}

type HookKey = Extract<keyof NodeKeys, `pre-${string}` | `post-${string}`>

const kebab = (name: string): HookKey =>
  name.replace(/[A-Z]/, letter => `-${letter.toLowerCase()}`) as HookKey

const member = (written: Located<unknown> | undefined, at: number): Span | undefined =>
  at < 0 ? undefined : (written?.each?.[at] ?? written?.span)
