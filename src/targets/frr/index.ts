import type { NodePlan } from '../../model/plan.js'
import type { Target } from '../../render/target.js'
import { template, type View } from '../../render/template.js'
import { bfdSection, groupLines } from './bfd.js'
import daemonsSource from './daemons.mustache.js'
import frrConfSource from './frr.conf.mustache.js'
import { entries, isIpv4, isIpv6, neighborStanzas } from './neighbors.js'
import { script } from './script.js'

const frrConf = template(frrConfSource)
const daemons = template(daemonsSource)

/** FRR: an iBGP full mesh on the overlay addresses, with BFD. */
export const frr: Target = {
  name: 'frr',
  concerns: ['routing'],

  supports: ({ routing }) =>
    routing.neighbors
      .filter(neighbor => neighbor.asn !== routing.asn)
      .map(neighbor => ({
        path: 'routing.neighbors',
        fact: `frr writes one iBGP peer-group of AS ${routing.asn}, and ${neighbor.name} is in AS ${neighbor.asn}`,
      })),

  files(node, stanzas) {
    const { ipv4Lists, ipv6Lists, neighbors, filters } = stanzas.chunks(
      neighborStanzas,
      node.routing.neighbors,
    )
    const { ipv6 } = node.routing
    const slots = {
      neighbors,
      bfd: bfdSection(node.frr, node.routing),
      ipv4Lists,
      ipv4Filters: filters,
      ipv6Lists: ipv6 ? ipv6Lists : [],
      ipv6Filters: ipv6 ? filters : [],
    }
    return [
      {
        path: 'etc/frr/daemons',
        mode: 0o640,
        secret: false,
        content: daemons.chunks({ name: node.name }),
      },
      { path: 'etc/frr/frr.conf', mode: 0o640, secret: false, content: frrConf.chunks(viewOf(node), slots) },
    ]
  },

  script: () => script,
}

const viewOf = ({ name, hostname, frr: release, routing }: NodePlan): View => {
  const ipv4Networks = routing.originates.filter(isIpv4)
  const ipv6Networks = routing.ipv6 ? routing.originates.filter(isIpv6) : []
  return {
    name,
    hostname,
    asn: routing.asn,
    routerId: routing.routerId,
    source: routing.source,
    ipv4Networks,
    ipv6Networks,
    ownIpv4: entries(ipv4Networks),
    ownIpv6: routing.ipv6 ? entries(ipv6Networks) : [],
    ipv6: routing.ipv6 ? { networks: ipv6Networks } : null,
    bfdLines: groupLines(release, routing.bfd),
  }
}
