import type { Notes } from '../../render/notes.js'

/** What the operator does with FRR's files. The packages let systemd start FRR at boot, in any order with the tunnel. */
export const notes: Notes = {
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
  ],
}
