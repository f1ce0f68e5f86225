import type { NodePlan } from '../../model/plan.js'
import { isOlder } from '../../net/index.js'
import type { Unsupported } from '../../render/target.js'
import { overlayOf } from './view.js'

/** What netplan, or the node's release of it, cannot express. */
export const unsupported = (node: NodePlan): Unsupported[] => [
  ...halves(node),
  ...names(node),
  ...loneliness(node),
  ...hooks(node),
  ...crowds(node),
  ...releases(node),
]

/** Either of the two interfaces needs the other in the same hands: the way out of one is the other. */
const halves = ({ targets, overlay }: NodePlan): Unsupported[] => {
  if (targets.tunnel !== 'netplan')
    return [{ path: 'targets.overlay', fact: 'netplan makes the overlay only together with its own tunnel' }]
  return overlay === null || targets.overlay === 'netplan' || targets.overlay === 'none'
    ? []
    : [{ path: 'targets.tunnel', fact: `netplan's tunnel cannot carry ${targets.overlay}'s overlay` }]
}

const names = ({ tunnel }: NodePlan): Unsupported[] => {
  const name = tunnel.interface
  if (name === 'renderer')
    return [{ path: 'tunnel.interface', fact: '"renderer" is a word of netplan\'s own, not an interface' }]
  return /^[0-9]+$/.test(name)
    ? [{ path: 'tunnel.interface', fact: `systemd-networkd takes ${name} for a number, not a name` }]
    : []
}

/** Releases before 1.0 refuse the whole file, and with it the host's whole network. */
const loneliness = ({ tunnel }: NodePlan): Unsupported[] =>
  tunnel.peers.length === 0
    ? [{ path: 'tunnel.peers', fact: 'netplan wants at least one peer, and this node has none' }]
    : []

const hooks = ({ tunnel }: NodePlan): Unsupported[] =>
  Object.entries(tunnel.hooks).flatMap(([key, commands]: [string, readonly string[]]) =>
    commands.length > 0
      ? [{ path: `tunnel.hooks.${key}`, fact: 'netplan runs no commands; wg-quick does' }]
      : [],
  )

/** Most sections of a kind for one interface; with one more, systemd-networkd refuses what it was given. */
const most = 1024

const crowds = (node: NodePlan): Unsupported[] => {
  const overlay = overlayOf(node)
  return [
    { path: 'overlay.remotes', count: 2 * (overlay?.remotes.length ?? 0), what: 'forwarding entries' },
    { path: 'overlay.routes', count: overlay?.routes.length ?? 0, what: 'routes' },
    { path: 'tunnel.routes', count: node.tunnel.routes.length, what: 'routes' },
  ].flatMap(({ path, count, what }) =>
    count > most
      ? [{ path, fact: `systemd-networkd takes ${most} ${what} for an interface, and this has ${count}` }]
      : [],
  )
}

/** WireGuard came with 0.100, which every release that mesh.ini can name has; of the overlay's keys `mode: vxlan` is the last. */
const releases = (node: NodePlan): Unsupported[] => {
  const { release } = node
  if (!release || !overlayOf(node) || !isOlder(release.netplan, '0.105')) return []
  const fact = `netplan ${release.netplan} of ${release.os} has no VXLAN, which came with 0.105: write networkd for tunnel and overlay`
  return [{ path: 'overlay', fact }]
}
