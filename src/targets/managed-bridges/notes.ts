import type { ContainerNetworkPlan, NodePlan } from '../../model/plan.js'
import { familyOf } from '../../net/index.js'
import type { Notes, Step, Update } from '../../render/notes.js'
import type { OwnInterruption } from '../../render/target.js'
import type { Daemon } from './daemon.js'

/** The package lets systemd start the daemon at boot, and the daemon's bridges come back with it. */
export const notesOf = (daemon: Daemon, { release, containers, targets }: NodePlan): Notes => {
  const own = containers.networks.filter(({ existing }) => !existing)
  const source = daemon.source(release?.os ?? null)
  const applied = targets.installer !== 'none'
  return {
    packages: typeof source === 'string' ? [source] : [],
    owners: [],
    first: [
      ...(typeof source === 'string' ? [] : [{ what: `Install ${daemon.title}`, commands: source }]),
      ...(applied
        ? [
            ...setUp(daemon, own, ', and `apply.sh` makes the bridges'),
            ...launches(daemon, containers.networks, givenByApply),
          ]
        : []),
    ],
    boot: [],
    updates: own.length > 0 ? [...own.map(({ bridge }) => updateOf(daemon, bridge)), preseed(daemon)] : [],
    byHand: {
      start: [
        ...setUp(daemon, own, ''),
        ...bridgesByHand(daemon, containers.networks),
        ...launches(
          daemon,
          containers.networks,
          'Make the containers that have addresses of their own like this, now or later',
        ),
        ...overrides(daemon, containers.networks),
      ],
      updates: [
        ...own.map(({ bridge }) => ({
          paths: [pathOf(daemon, bridge)],
          commands: makeOrEdit(daemon, bridge),
          interrupts: bridgeInterrupts,
        })),
        ...(own.length > 0
          ? [{ paths: [pathOf(daemon, 'preseed')], commands: [], interrupts: 'nothing' }]
          : []),
      ],
      looks: containers.networks.map(({ bridge }) => ({
        command: `${daemon.client} network show ${bridge}`,
        tells: `what ${daemon.title} knows of ${bridge}`,
      })),
    },
  }
}

const setUp = (
  { name, title, init }: Daemon,
  own: readonly ContainerNetworkPlan[],
  elsewhere: string,
): Step[] =>
  own.length > 0
    ? [
        {
          what: `Where ${title} was never set up, give it the bridges, a storage pool and a default profile; elsewhere leave this out${elsewhere}`,
          commands: [`${init} --preseed </etc/ciab/${name}/preseed.yaml`],
        },
      ]
    : []

/**
 * A container that is to have an address of its own gets it best when it is made, on the bridge that the
 * default profile gives it.
 */
const launches = ({ client }: Daemon, networks: readonly ContainerNetworkPlan[], what: string): Step[] => {
  const commands = networks.slice(0, 1).flatMap(({ pinned }) =>
    pinned.map(({ name, addresses }) => {
      const options = addresses.map(address => ` --device eth0,${familyOf(address)}.address=${address}`)
      return `${client} launch IMAGE ${name}${options.join('')}`
    }),
  )
  return commands.length > 0 ? [{ what, commands }] : []
}

const givenByApply =
  'Make the containers that have addresses of their own like this, now or later; those that are there already get theirs from `apply.sh`'

/** Of containers that are there already, and of all on other bridges than the first. */
const overrides = ({ client }: Daemon, networks: readonly ContainerNetworkPlan[]): Step[] => {
  const commands = networks.flatMap(({ pinned }) =>
    pinned.map(({ name, addresses }) => {
      const words = addresses.map(address => ` ${familyOf(address)}.address=${address}`)
      return `${client} config device override ${name} eth0${words.join('')}`
    }),
  )
  const what =
    'Give them to those that are there already; where this says that the device is there, with "set" for "override"'
  return commands.length > 0 ? [{ what, commands }] : []
}

/** Ours as their files say; of one that is this host's own only the MTU. */
const bridgesByHand = (daemon: Daemon, networks: readonly ContainerNetworkPlan[]): Step[] => {
  const own = networks.filter(({ existing }) => !existing)
  const others = networks.filter(({ existing }) => existing)
  return [
    ...(own.length > 0
      ? [
          {
            what: `Make the bridges, where ${daemon.title} was set up before`,
            commands: own.flatMap(({ bridge }) => makeOrEdit(daemon, bridge)),
          },
        ]
      : []),
    ...(others.length > 0
      ? [
          {
            what: 'Give the bridges that were there before the MTU of the mesh',
            commands: others.map(
              ({ bridge, mtu }) => `${daemon.client} network set ${bridge} bridge.mtu=${mtu}`,
            ),
          },
        ]
      : []),
  ]
}

/** `network edit` makes the bridge just what the file says. */
const makeOrEdit = (daemon: Daemon, bridge: string): string[] => [
  `${daemon.client} network show ${bridge} >/dev/null 2>&1 || ${daemon.client} network create ${bridge} ipv4.address=none ipv6.address=none`,
  `${daemon.client} network edit ${bridge} </${pathOf(daemon, bridge)}`,
]

const pathOf = ({ name }: Daemon, base: string): string => `etc/ciab/${name}/${base}.yaml`

const bridgeInterrupts =
  'DHCP and DNS of the bridge for a second; another address or MTU: containers until they renew their lease'

const updateOf = (daemon: Daemon, bridge: string): Update => ({
  path: pathOf(daemon, bridge),
  command: `${daemon.client} network set, for the keys that differ`,
  interrupts: bridgeInterrupts,
})

const preseed = (daemon: Daemon): Update => ({
  path: pathOf(daemon, 'preseed'),
  command: `nothing: it is for a host where ${daemon.title} was never set up`,
  interrupts: 'nothing',
})

/** dnsmasq, which the daemon starts again for most settings, and what containers have leased. */
export const interrupts = (before: NodePlan, after: NodePlan): OwnInterruption[] =>
  before.containers.networks.flatMap((old): OwnInterruption[] => {
    const now = after.containers.networks.find(({ bridge }) => bridge === old.bridge)
    if (old.existing) return []
    // The daemon's bridges stay until somebody deletes them.
    if (!now || now.existing) return []
    if (JSON.stringify(old.addresses) !== JSON.stringify(now.addresses))
      return [
        { what: `containers on ${now.bridge}, until they renew their lease`, apart: 'all', seconds: null },
      ]
    if (now.mtu < old.mtu)
      return [
        {
          what: `packets of more than ${now.mtu} bytes from containers on ${now.bridge}, until these renew their lease`,
          apart: [],
          seconds: null,
        },
      ]
    const renamed = before.containers.domain !== after.containers.domain
    return renamed || JSON.stringify(old) !== JSON.stringify(now)
      ? [{ what: `DHCP and DNS of ${now.bridge} for a second`, apart: [], seconds: 1 }]
      : []
  })
