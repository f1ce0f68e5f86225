import type { AnnouncedPlan, NeighborPlan, NodePlan } from '../../../model/plan.js'
import type { Chunk } from '../../../render/chunks.js'
import type { StanzaCache, Stanzas } from '../../../render/stanzas.js'
import type { OutputFile } from '../../../render/target.js'
import { template } from '../../../render/template.js'
import { isIpv4 } from '../lists.js'
import meshRoutes from './mesh.routes.mustache'

const routes = template(meshRoutes)

/** `TABLE PREFIX NODE`, where no prefix list of frr.conf says which node a network is of. */
const lines = (table: string, prefixes: readonly string[], node: string): string =>
  prefixes.map(prefix => `${table} ${prefix} ${node}\n`).join('')

const inMain: Stanzas<NeighborPlan, 'all' | 'ipv4'> = {
  all: ({ name, accepts }) => lines('main', accepts, name),
  ipv4: ({ name, accepts }) => lines('main', accepts.filter(isIpv4), name),
}

const inVrf: Stanzas<AnnouncedPlan, 'all'> = {
  all: ({ vrf, name, prefixes }) => lines(vrf, prefixes, name),
}

export const routesPath = ({ mesh }: NodePlan): string => `etc/ciab/${mesh}.routes`

/** Whether there are networks to look for that no prefix list names. */
export const looksForMore = ({ routing, evpn, targets }: NodePlan): boolean =>
  // It is apply.sh that looks.
  targets.installer !== 'none' &&
  (routing.unfiltered.length > 0 || (evpn?.tenants ?? []).some(({ announced }) => announced.length > 0))

/** `etc/ciab/<mesh>.routes`, where there is something to say. */
export const routesFile = (node: NodePlan, stanzas: StanzaCache): OutputFile[] => {
  if (!looksForMore(node)) return []
  const { routing, evpn } = node
  const unfiltered = stanzas.chunks(inMain, routing.unfiltered)
  const networks: readonly Chunk[] = [
    ...(routing.ipv6 ? unfiltered.all : unfiltered.ipv4),
    ...(evpn?.tenants ?? []).flatMap(({ announced }) => stanzas.chunks(inVrf, announced).all),
  ]
  return [
    {
      path: routesPath(node),
      mode: 0o644,
      secret: false,
      content: routes.chunks({ node: node.name }, { networks }),
    },
  ]
}
