import type { ContainerNetworkPlan, NodePlan } from '../../model/plan.js'
import { familyOf } from '../../net/index.js'
import type { Notes, Step, Update } from '../../render/notes.js'
import type { Daemon } from './daemon.js'

/** The package lets systemd start the daemon at boot, and the daemon's bridges come back with it. */
export const notesOf = (daemon: Daemon, { release, containers }: NodePlan): Notes => {
  const own = containers.networks.filter(({ existing }) => !existing)
  const source = daemon.source(release?.os ?? null)
  return {
    packages: typeof source === 'string' ? [source] : [],
    owners: [],
    first: [
      ...(typeof source === 'string' ? [] : [{ what: `Install ${daemon.title}`, commands: source }]),
      ...(own.length > 0 ? [setUp(daemon)] : []),
      ...launches(daemon, containers.networks),
    ],
    boot: [],
    updates: own.length > 0 ? [...own.map(({ bridge }) => updateOf(daemon, bridge)), preseed(daemon)] : [],
  }
}

const setUp = ({ name, title, init }: Daemon): Step => ({
  what: `Where ${title} was never set up, give it the bridges, a storage pool and a default profile; elsewhere leave this out, and \`apply.sh\` makes the bridges`,
  commands: [`${init} --preseed </etc/ciab/${name}/preseed.yaml`],
})

/**
 * A container that is to have an address of its own gets it best when it is made, on the bridge that the
 * default profile gives it.
 */
const launches = ({ client }: Daemon, networks: readonly ContainerNetworkPlan[]): Step[] => {
  const commands = networks.slice(0, 1).flatMap(({ pinned }) =>
    pinned.map(({ name, addresses }) => {
      const options = addresses.map(address => ` --device eth0,${familyOf(address)}.address=${address}`)
      return `${client} launch IMAGE ${name}${options.join('')}`
    }),
  )
  const what =
    'Make the containers that have addresses of their own like this, now or later; those that are there already get theirs from `apply.sh`'
  return commands.length > 0 ? [{ what, commands }] : []
}

const updateOf = ({ name, client }: Daemon, bridge: string): Update => ({
  path: `etc/ciab/${name}/${bridge}.yaml`,
  command: `${client} network set, for the keys that differ`,
  interrupts:
    'DHCP and DNS of the bridge for a second; another address or MTU: containers until they renew their lease',
})

const preseed = ({ name, title }: Daemon): Update => ({
  path: `etc/ciab/${name}/preseed.yaml`,
  command: `nothing: it is for a host where ${title} was never set up`,
  interrupts: 'nothing',
})
