import type { PolicyRow } from '../../model/policy-plan.js'
import { at, behindOf, type Here, leadsElsewhere, names, row } from './row.js'

/** An address is believed only from where its owner is. */
export const arrivals = (here: Here): PolicyRow[] => {
  const { bridges, node, tunnel, overlay } = here
  const open = bridges.filter(bridge => leadsElsewhere(bridge, node)).map(({ name }) => name)
  const believed = 'An address is believed only from where its owner is.'
  const arrival = (
    verdict: PolicyRow['verdict'],
    parts: Parameters<typeof row>[3],
    because = believed,
  ): PolicyRow => row('arrival', verdict, because, parts)
  return [
    ...open.flatMap(bridge => {
      const because = `Whatever ${bridge} leads to, nothing there has an address of others.`
      return [
        arrival('pass', { from: { on: [bridge], within: at(bridge) } }, because),
        arrival('drop', { from: { on: [bridge], within: 'mesh' } }, because),
        arrival('drop', { from: { on: [bridge] }, what: { kind: 'misrouted' } }, because),
      ]
    }),
    ...(bridges.length > 0 ? [arrival('pass', { from: { on: names(bridges) } })] : []),
    ...node.lans.map(lan => arrival('pass', { from: behindOf(lan) })),
    arrival('drop', { from: { within: 'local' } }),
    arrival('pass', { from: { on: tunnel } }, 'WireGuard knows whose address it is.'),
    ...(overlay.length > 0
      ? [
          arrival(
            'pass',
            { from: { on: overlay }, what: { kind: 'spoken' } },
            'On the overlay each node speaks for itself.',
          ),
        ]
      : []),
    arrival('drop', { from: { within: 'announced' }, what: { kind: 'misrouted' } }),
    row('outside', 'drop', believed, { from: { within: 'mesh' } }),
  ]
}
