import { devicesOf } from '../../model/devices.js'
import { isRouter } from '../../model/members.js'
import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { PolicyPlan } from '../../model/policy-plan.js'
import { behind } from '../behind.js'
import { once } from '../once.js'
import { othersIn, reachable } from '../others.js'
import { arrivals } from './arrivals.js'
import { forHost } from './host.js'
import { names } from './row.js'
import { type PolicyBasis, setsOf, speakerOf } from './sets.js'
import { tenantPolicy } from './tenants.js'
import { frames, ways } from './ways.js'

/** What a node lets through, and why. What several nodes have in common is made once. */
export const policyPlanner = (mesh: Mesh): ((node: MeshNode, basis: PolicyBasis) => PolicyPlan) => {
  const routers = mesh.nodes.filter(isRouter)
  const others = othersIn(mesh, routers)
  const speakers = once(() => routers.map(node => speakerOf(mesh, node)))
  return (node, basis) => {
    const devices = devicesOf(mesh, node)
    const bridges = devices.filter(({ carries }) => carries === 'containers')
    const tenants = tenantPolicy(mesh, node, basis.evpn, devices)
    const sets = setsOf(mesh, node, basis, bridges)
    const inside = names(devices, 'nodes')
    const here = {
      mesh,
      node,
      devices,
      sets,
      bridges,
      inside,
      tunnel: inside.filter(name => name === mesh.name),
      overlay: inside.filter(name => name !== mesh.name),
    }
    return {
      speakers: mesh.mode === 'vxlan' && isRouter(node) ? others(speakers(), node, reachable) : [],
      fronts: behind(node).length > 0,
      sets: { ...sets, ...tenants.sets },
      rows: [
        ...tenants.rows.filter(({ at }) => at === 'arrival'),
        ...arrivals(here),
        ...forHost(here, tenants.rows),
        ...ways(here, tenants.rows),
        ...frames(basis.evpn),
      ],
    }
  }
}
