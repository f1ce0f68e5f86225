import type { EvpnPlan, NodePlan } from '../../model/plan.js'
import type { Notes } from '../../render/notes.js'

/** What the operator does with the files about segments and tenants. */
export const notes = ({ mesh }: NodePlan, evpn: EvpnPlan | null): Notes => ({
  packages: evpn ? ['iproute2', 'udev', 'util-linux'] : [],
  owners: [],
  first: [],
  boot: [],
  updates: evpn
    ? [
        {
          path: 'etc/ciab/networks.conf',
          command: 'networks.sh, for the devices that are missing or differ',
          interrupts:
            'the segments and tenants whose devices are made anew, about a second; a bridge that leaves its tenant is shut',
        },
        {
          path: 'etc/ciab/networks.sh',
          command: 'nothing: it is read when it is run',
          interrupts: 'nothing',
        },
        {
          path: `etc/udev/rules.d/70-${mesh}.rules`,
          command: 'nothing: udev reads it by itself',
          interrupts: 'nothing',
        },
        {
          path: 'etc/systemd/system/ciab-networks.service',
          command: 'systemctl daemon-reload',
          interrupts: 'nothing',
        },
      ]
    : [],
})
