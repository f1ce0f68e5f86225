import type { RoutingPlan } from '../../model/plan.js'
import type { Ability, Unsupported } from '../../render/target.js'

export const ability: Ability = {
  name: 'frr',
  concerns: ['routing'],
  supports: ({ routing }) => [...foreignAs(routing), ...highIds(routing)],
}

const foreignAs = ({ asn, neighbors, clients }: RoutingPlan): Unsupported[] =>
  neighbors
    .concat(clients)
    .filter(neighbor => neighbor.asn !== asn)
    .map(neighbor => ({
      path: 'routing.neighbors',
      fact: `frr writes one iBGP peer-group of AS ${asn}, and ${neighbor.name} is in AS ${neighbor.asn}`,
    }))

const highIds = ({ clients }: RoutingPlan): Unsupported[] =>
  clients
    .filter(({ id }) => id > 65535)
    .map(({ name, id }) => ({
      path: 'routing.clients',
      fact: `route-maps have clauses up to number 65535, and ${name} has id ${id}`,
    }))
