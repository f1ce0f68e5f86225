import type { ContainerNetworkPlan, EvpnPlan, NodePlan } from '../../model/plan.js'
import type { ByHand, Notes, Step } from '../../render/notes.js'
import type { OwnInterruption } from '../../render/target.js'

/** Containers keep the gateway that they know, wherever they move: it has to bear one MAC address on all members. */
const ownBridge = ({ bridge, mac }: ContainerNetworkPlan): Step[] =>
  mac === null
    ? []
    : [
        {
          what: `No daemon makes ${bridge} here: whatever does gives it the MAC address that it has on all members, at each boot`,
          commands: [`ip link set dev ${bridge} address ${mac}`],
        },
      ]

/** What the operator does with the files about segments and tenants. */
export const notes = (node: NodePlan, evpn: EvpnPlan | null): Notes => ({
  packages: evpn ? ['iproute2', 'udev', 'util-linux'] : [],
  owners: [],
  first: node.targets.containers === 'none' ? node.containers.networks.flatMap(ownBridge) : [],
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
          path: `etc/udev/rules.d/70-${node.mesh}.rules`,
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
  byHand: evpn ? byHand(node, evpn) : nothingByHand,
})

const nothingByHand: ByHand = { start: [], updates: [], looks: [] }

/**
 * networks.sh makes what is missing. What is there as it should not be goes first: ports before what they are ports
 * of, and while there is no VRF the tenants' bridges, which would be in the host's own routing table, are shut.
 */
const byHand = ({ mesh, devices: all }: NodePlan, { tenants }: EvpnPlan): ByHand => {
  const make = 'sh /etc/ciab/networks.sh'
  const bridges = all.flatMap(({ name, maker, vrf }) =>
    maker === 'containers' && vrf !== null ? [name] : [],
  )
  const made = all.filter(({ maker }) => maker === 'evpn')
  const kinds = ['vxlan', 'bridge', 'vrf']
  const devices = kinds.flatMap(kind => made.flatMap(device => (device.kind === kind ? [device.name] : [])))
  const guests = tenants.some(tenant => tenant.guests.length > 0)
  const vrfs = made.flatMap(({ name, kind }) => (kind === 'vrf' ? [name] : []))
  const shut = (state: string): string[] => bridges.map(bridge => `ip link set ${bridge} ${state}`)
  return {
    start: [
      {
        what: 'If this prints a name, a bridge of this host has it, and a segment or tenant needs it: rename one of the two',
        commands: [`${make} --others`],
      },
      { what: 'Make the devices of segments and tenants', commands: [make] },
    ],
    updates: [
      {
        paths: ['etc/systemd/system/ciab-networks.service'],
        commands: ['systemctl daemon-reload'],
        interrupts: 'nothing',
      },
      {
        paths: ['etc/ciab/networks.conf', 'etc/ciab/networks.sh'],
        what: 'where a segment or tenant came',
        commands: [`${make} --others`, make],
        interrupts: 'nothing',
      },
      {
        paths: ['etc/ciab/networks.conf', 'etc/ciab/networks.sh'],
        what: 'where one has another VNI, MAC address or MTU, or has left (its containers and their bridge first, then its devices like the others)',
        commands: [...shut('down'), ...devices.map(device => `ip link del ${device}`), make, ...shut('up')],
        interrupts: 'the containers of segments and tenants, for about a second',
      },
      ...(guests
        ? [
            {
              paths: ['etc/ciab/networks.conf', 'etc/ciab/networks.sh'],
              what: 'where a client has left, or enters less than before',
              commands: [
                'while ip -4 rule del pref 999; do :; done; while ip -6 rule del pref 999; do :; done',
                make,
              ],
              interrupts: 'clients that are in a tenant, for a moment',
            },
          ]
        : []),
      { paths: [`etc/udev/rules.d/70-${mesh}.rules`], commands: [], interrupts: 'nothing' },
    ],
    looks: [
      {
        command: `${make} --missing`,
        tells: 'which devices of segments and tenants are missing: none, if it is silent',
      },
      ...vrfs.map(vrf => ({
        command: `ip route show vrf ${vrf}`,
        tells: `the routes of the tenant in ${vrf}`,
      })),
    ],
  }
}

/** Segments and tenants whose devices are made anew, or that the node is no longer on. */
export const interrupts = (before: EvpnPlan | null, after: EvpnPlan | null): OwnInterruption[] => {
  const [old, now] = [devicesIn(before), devicesIn(after)]
  const those = (which: (name: string) => boolean): string => [...old.keys()].filter(which).join(' and ')
  const anew = those(name => now.has(name) && now.get(name) !== old.get(name))
  const left = those(name => !now.has(name))
  return [
    ...(anew ? [{ what: `${anew}, for about a second`, apart: 'all', seconds: 2 } as const] : []),
    ...(left ? [{ what: `${left}, which it is no longer on`, apart: [], seconds: null }] : []),
  ]
}

const devicesIn = (evpn: EvpnPlan | null): ReadonlyMap<string, string> => {
  if (!evpn) return new Map()
  const { port, local, mac, segments, tenants } = evpn
  const text = (rest: readonly unknown[]): string => JSON.stringify([port, local, mac, ...rest])
  return new Map([
    ...segments.map(
      ({ name, vni, vxlan, bridge }) => [`segment ${name}`, text([vni, vxlan, bridge])] as const,
    ),
    ...tenants.map(
      ({ name, vni, vrf, vxlan, bridge }) => [`tenant ${name}`, text([vni, vrf, vxlan, bridge])] as const,
    ),
  ])
}
