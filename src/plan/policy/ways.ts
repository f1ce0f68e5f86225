import type { EvpnPlan } from '../../model/plan.js'
import type { PolicyRow } from '../../model/policy-plan.js'
import { carrying, keptApart, leavingClients } from './clients.js'
import { behindOf, foreign, type Here, metadataRows, names, row } from './row.js'

/** What goes through the host. */
export const ways = (here: Here, tenants: readonly PolicyRow[]): PolicyRow[] => {
  const { node, bridges, inside, sets, devices } = here
  const way = (verdict: PolicyRow['verdict'], because: string, parts: Parameters<typeof row>[3]): PolicyRow =>
    row('way', verdict, because, parts)
  const every = names(bridges)
  const within = 'With br_netfilter, which Docker loads, frames come by here that stay within their bridge.'
  const through = 'Nobody goes from one node through this one to another, unless it forwards between them.'
  const leaving =
    'Out of the mesh nobody goes by this node: not to the internet, and not to what else it is connected to.'
  const entering = 'And nobody gets in by it.'
  const bridged = devices.flatMap(({ name, kind, carries }) =>
    kind === 'bridge' && carries !== 'frames' ? name : [],
  )
  return [
    ...bridged.map(name => way('pass', within, { from: { on: [name] }, to: { on: [name] } })),
    ...tenants.filter(({ at }) => at === 'way'),
    ...foreign('way', here),
    ...metadataRows('way', here),
    ...keptApart('way', here),
    ...((sets.relayed?.length ?? 0) > 0
      ? [
          way('pass', through, {
            from: { on: inside, within: 'relayed' },
            to: { on: inside, within: 'relayed' },
          }),
        ]
      : []),
    ...carrying(here),
    way('drop', through, { from: { on: inside }, to: { on: inside } }),
    ...(every.length > 0
      ? [way('pass', leaving, { from: { on: inside }, to: { on: every, within: 'own' } })]
      : []),
    way('pass', leaving, { what: { kind: 'answer' } }),
    way('pass', leaving, { what: { kind: 'published' } }),
    ...(node.forward.length > 0
      ? [way('pass', leaving, { from: { on: inside }, to: { on: node.forward } })]
      : []),
    ...node.lans.map(lan => way('pass', leaving, { from: { on: inside }, to: behindOf(lan) })),
    way('pass', leaving, { from: { on: inside }, to: { within: 'announced' } }),
    ...leavingClients('way', here),
    way('drop', leaving, { from: { on: inside } }),
    ...(every.length > 0 ? [way('pass', entering, { from: { on: every, within: 'speaking' } })] : []),
    ...(node.forward.length > 0 ? [way('pass', entering, { from: { on: node.forward } })] : []),
    ...node.lans.map(lan => way('pass', entering, { from: behindOf(lan) })),
    way('pass', entering, { from: { within: 'announced' } }),
    way('drop', entering, { to: { on: inside } }),
    ...(every.length > 0 ? [way('drop', entering, { to: { on: every, within: 'own' } })] : []),
  ]
}

/** A segment joins containers; a member is a router for those that are its own. */
export const frames = (evpn: EvpnPlan | null): PolicyRow[] => {
  const on = (evpn?.segments ?? []).map(({ vxlan }) => vxlan)
  const because = 'A segment brings frames for containers. For this host it only says who is where.'
  return on.length === 0
    ? []
    : [
        row('frame', 'pass', because, { from: { on }, what: { kind: 'resolution' } }),
        row('frame', 'drop', because, { from: { on } }),
      ]
}
