import { type Diagnostic, type Result, resultOf } from './diagnostics/index.js'
import type { MeshDescription } from './model/description.js'
import type { Mesh, Secrets } from './model/mesh.js'
import type { MeshSpec } from './model/spec.js'
import { specOf } from './parse/description.js'
import { parse, type Source } from './parse/parse.js'
import { planner } from './plan/plan.js'
import { eachOnce, fit } from './render/fit.js'
import type { Ability } from './render/target.js'
import { placesIn } from './resolve/places.js'
import { resolve } from './resolve/resolve.js'
import { abilities } from './targets/abilities.js'

/** A mesh.ini and its secrets as a mesh that can be generated: parse, resolve and fit. */
export const load = (
  source: Source,
  secrets: Secrets,
  targets: readonly Ability[] = abilities,
): Result<Mesh> => {
  const spec = parse(source)
  return spec.ok ? settled(spec.value, spec.warnings, secrets, targets) : spec
}

/**
 * A mesh from typed objects, by the rules of mesh.ini and with its defaults: the door for programs that have no text.
 * Diagnostics say which field of the objects they are about.
 *
 * @param secrets the private keys of nodes and clients that do not keep their own; `hidden` for a tree to show around
 */
export const meshOf = (
  description: MeshDescription,
  secrets: Secrets = { privateKeys: new Map(), presharedSeed: null },
  targets: readonly Ability[] = abilities,
): Result<Mesh> => {
  const spec = specOf(description)
  return spec.ok ? settled(spec.value, spec.warnings, secrets, targets) : spec
}

/** What a spec means, where that can be, and the nodes' tools have words for all of it. */
const settled = (
  spec: MeshSpec,
  warnings: readonly Diagnostic[],
  secrets: Secrets,
  targets: readonly Ability[],
): Result<Mesh> => {
  const mesh = resolve(spec, secrets, targets)
  if (!mesh.ok) return mesh
  const placeOf = placesIn(spec)
  const planOf = planner(mesh.value)
  const unfit = eachOnce(mesh.value.nodes.flatMap(node => fit(planOf(node), targets, placeOf)))
  return resultOf([...warnings, ...mesh.warnings, ...unfit], () => mesh.value)
}
