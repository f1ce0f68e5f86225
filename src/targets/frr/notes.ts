import type { NodePlan, RoutingPlan } from '../../model/plan.js'
import type { Notes } from '../../render/notes.js'
import type { OwnInterruption } from '../../render/target.js'
import { mendingNotes } from './evpn/mending.js'
import { looksForMore, routesPath } from './networks/routes.js'

/** What the operator does with FRR's files. The packages let systemd start FRR at boot, in any order with the tunnel. */
export const notes = (node: NodePlan): Notes => ({
  packages: ['frr', 'frr-pythontools'],
  owners: [
    { path: 'etc/frr', owner: 'frr:frr', mode: '0750' },
    { path: 'etc/frr/frr.conf', owner: 'frr:frr', mode: '0640' },
    { path: 'etc/frr/daemons', owner: 'frr:frr', mode: '0640' },
  ],
  first: [],
  boot: [],
  updates: [
    {
      path: 'etc/frr/frr.conf',
      command: 'frr-reload.py --reload, for the lines that differ',
      interrupts: 'nothing; of a neighbor that has other lines now, or goes: its session',
    },
    {
      path: 'etc/frr/daemons',
      command:
        'systemctl restart frr if bgpd or bfdd does not run yet; other changes wait for a restart of yours',
      interrupts:
        'if it is restarted: all sessions, and the way to the containers of other nodes, for about 5 s',
    },
    ...(looksForMore(node)
      ? [
          {
            path: routesPath(node),
            command: 'nothing: it is for `apply.sh --status`',
            interrupts: 'nothing',
          },
        ]
      : []),
    ...mendingNotes(node).updates,
  ],
  byHand: {
    start: [
      { what: 'Start FRR with the files', commands: ['service frr restart'] },
      ...mendingNotes(node).byHand.start,
    ],
    updates: [
      ...mendingNotes(node).byHand.updates,
      {
        paths: ['etc/frr/daemons'],
        commands: ['service frr restart'],
        interrupts: 'all sessions, and the way to the containers of other nodes, for about 5 s',
      },
      {
        paths: ['etc/frr/frr.conf'],
        // With a line that it cannot read, frr-reload.py would take everything out. By default it writes what it does,
        // a password with it, to a file. A prefix that a list did not let in before is not announced again unasked.
        commands: [
          'vtysh -C -f /etc/frr/frr.conf && /usr/lib/frr/frr-reload.py --stdout --reload /etc/frr/frr.conf',
          "vtysh -c 'clear bgp * soft in'",
        ],
        interrupts: 'nothing; of a neighbor that has other lines now, or goes: its session',
      },
    ],
    looks: [
      {
        command: "vtysh -c 'show bgp summary'",
        tells: 'sessions, and how many prefixes each neighbor announces',
      },
      { command: "vtysh -c 'show bfd peers brief'", tells: 'whether each neighbor answers within seconds' },
      { command: 'ip route show proto bgp', tells: "the way to other nodes' containers" },
    ],
  },
})

/** A neighbor that goes, or is another AS; frr-reload.py changes filters and descriptions in place. */
export const interrupts = ({ routing: before }: NodePlan, node: NodePlan): OwnInterruption[] => {
  const after = node.routing
  if (before.neighbors.length + before.clients.length === 0) return []
  if (speakerOf(before) !== speakerOf(after))
    return [
      {
        what: 'all of its BGP sessions, and for up to 10 s the way to the containers of other nodes',
        apart: 'all',
        seconds: 10,
      },
    ]
  const now = new Set([...after.neighbors, ...after.clients].map(neighborOf))
  // With a node that has left there is nothing to interrupt.
  const there = new Set([...node.tunnel.peers, ...(node.overlay?.remotes ?? [])].map(({ name }) => name))
  const ended = [...before.neighbors, ...before.clients].filter(
    neighbor => there.has(neighbor.name) && !now.has(neighborOf(neighbor)),
  )
  const names = ended.map(({ name }) => name)
  return names.length > 0 ? [{ what: `its BGP session with ${few(names)}`, apart: names, seconds: 10 }] : []
}

const speakerOf = ({ asn, routerId, source, role, password }: RoutingPlan): string =>
  [asn, routerId, source, role, password !== null].join(' ')

const neighborOf = ({ address, asn }: RoutingPlan['neighbors'][number]): string => `${address} ${asn}`

const few = (names: readonly string[]): string =>
  names.length > 4 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ')
