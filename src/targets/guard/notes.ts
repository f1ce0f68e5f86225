import type { NodePlan } from '../../model/plan.js'
import type { Notes } from '../../render/notes.js'
import { unitPaths } from './units.js'

/** The packet filter is replaced in one transaction (nft(8)), and what it lets through keeps flowing. */
export const notes = ({ mesh }: NodePlan): Notes => ({
  packages: ['nftables'],
  owners: [],
  first: [],
  boot: [],
  updates: [
    {
      path: `etc/ciab/${mesh}.nft`,
      command: 'guard.sh, which is nft -f: the table is replaced in one step',
      interrupts: 'nothing',
    },
    { path: `etc/ciab/${mesh}.sysctl`, command: 'guard.sh, which is sysctl -p', interrupts: 'nothing' },
    { path: 'etc/ciab/guard.sh', command: 'nothing: it is read when it is run', interrupts: 'nothing' },
    { path: 'etc/ciab/guard.conf', command: 'nothing: guard.sh reads it', interrupts: 'nothing' },
    ...unitPaths.map(path => ({ path, command: 'systemctl daemon-reload', interrupts: 'nothing' })),
  ],
  byHand: {
    start: [{ what: 'Load the packet filter and the kernel settings', commands: [load] }],
    updates: [
      { paths: unitPaths, commands: ['systemctl daemon-reload'], interrupts: 'nothing' },
      {
        paths: [
          `etc/ciab/${mesh}.nft`,
          `etc/ciab/${mesh}.sysctl`,
          'etc/ciab/guard.conf',
          'etc/ciab/guard.sh',
        ],
        commands: [load],
        interrupts: 'nothing',
      },
    ],
    looks: [
      { command: 'nft list table inet ciab', tells: 'the packet filter, with what it has counted' },
      {
        command: 'sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding',
        tells: 'whether this host forwards packets: 1, if it does',
      },
    ],
  },
})

const load = 'sh /etc/ciab/guard.sh'
