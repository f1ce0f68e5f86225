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
})
