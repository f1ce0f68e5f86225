import type { Blueprint } from '../arbitraries/blueprint.js'
import { type DialingModel, dialingModel } from './dialing.js'
import { isLayer3, type NodeFacts } from './facts.js'

/** Sessions run over what we make for it. */
const carries = (blueprint: Blueprint, { source }: NodeFacts): boolean =>
  isLayer3(blueprint) || source.targets.overlay !== 'none'

const routed = ({ nodes }: DialingModel): NodeFacts[] =>
  nodes.filter(({ source }) => source.targets.routing !== 'none')

/** Who reflects routes, by the rules of mesh.ini's reference; the same for all nodes. */
export const reflectorsOf = (blueprint: Blueprint, model: DialingModel): NodeFacts[] => {
  const said = model.nodes.filter(({ source }) => source.reflector)
  if (said.length > 0) return said
  if (blueprint.mesh.reflectors !== 'auto' || routed(model).length <= 20) return []
  return routed(model)
    .filter(node => node.endpoints.length > 0 && node.source.reflector !== false)
    .filter(node => carries(blueprint, node))
    .filter(node => model.nodes.every(other => other === node || model.peers(node, other)))
    .slice(0, 2)
}

/** Whether those who reflect can do it: they reach each other, and every other node reaches one of them. */
export const isReflectionSound = (blueprint: Blueprint): boolean => {
  const model = dialingModel(blueprint)
  const reflectors = reflectorsOf(blueprint, model)
  const many = routed(model).length > 20
  if (reflectors.length === 0) return blueprint.mesh.reflectors !== 'auto' || !many
  if (reflectors.every(({ source }) => !source.reflector) && reflectors.length < 2) return false
  return (
    reflectors.every(node => routed(model).includes(node) && carries(blueprint, node)) &&
    reflectors.every(a => reflectors.every(b => a === b || model.reachable(a, b))) &&
    routed(model).every(
      node => reflectors.includes(node) || reflectors.some(other => model.reachable(node, other)),
    )
  )
}
