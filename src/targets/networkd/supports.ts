import type { NodePlan } from '../../model/plan.js'
import type { Unsupported } from '../../render/target.js'
import { overlayIn } from './view.js'

/** What networkd, or the node's release of it, cannot express. */
export const unsupported = (node: NodePlan): Unsupported[] => [
  ...halves(node),
  ...hooks(node),
  ...crowds(node),
  ...ties(node),
]

/** The VXLAN device is made together with the tunnel, and goes with it. */
const halves = ({ targets, overlay }: NodePlan): Unsupported[] => {
  if (overlay === null) return []
  if (targets.tunnel !== 'networkd')
    return [{ path: 'targets.overlay', fact: 'networkd makes the overlay only together with its own tunnel' }]
  return targets.overlay === 'networkd' || targets.overlay === 'none'
    ? []
    : [{ path: 'targets.tunnel', fact: `networkd's tunnel cannot carry ${targets.overlay}'s overlay` }]
}

const hooks = ({ tunnel }: NodePlan): Unsupported[] =>
  Object.entries(tunnel.hooks).flatMap(([key, commands]: [string, readonly string[]]) =>
    commands.length > 0
      ? [{ path: `tunnel.hooks.${key}`, fact: 'networkd runs no commands; wg-quick does' }]
      : [],
  )

/** Most `[BridgeFDB]` sections in a file (tried with systemd 247, 252 and 257): one more, and the file is not read. */
const most = 1024

/** Each other node takes two: one to be flooded to, one for its MAC address. */
const crowds = (node: NodePlan): Unsupported[] => {
  const entries = 2 * (overlayIn(node)?.remotes.length ?? 0)
  const fact = `networkd takes ${most} forwarding entries for an interface, which is ${most / 2} other nodes, and this has ${entries}`
  return entries > most ? [{ path: 'overlay.remotes', fact }] : []
}

/** `OutgoingInterface=` of `[BridgeFDB]` came with systemd 249 (systemd.network(5)). */
export const tiesEntries = ({ release }: NodePlan): boolean => release === null || release.systemd >= 249

/** Without it, only the packet filter keeps the overlay's packets off the uplink while the tunnel is down. */
const ties = (node: NodePlan): Unsupported[] => {
  const { release, firewall } = node
  if (!release || !overlayIn(node) || tiesEntries(node) || firewall.guarded) return []
  const fact = `systemd ${release.systemd} of ${release.os} cannot tie forwarding entries to the tunnel, which came with 249: while the tunnel is down they would lead out in the clear, unless the guard is the node's firewall`
  return [{ path: 'overlay.remotes', fact }]
}
