import type { NodePlan, OverlayPlan } from '../../model/plan.js'
import type { Unsupported } from '../../render/target.js'

/** What no target can have systemd-networkd do, whoever writes its files; `target` is the one that is asked. */
export const networkdLimits = (
  target: string,
  node: NodePlan,
  overlay: OverlayPlan | null,
): Unsupported[] => [
  ...halves(target, node),
  ...numbers(node),
  ...hooks(target, node),
  ...crowds(node, overlay),
]

/** The VXLAN device is made together with the tunnel, and goes with it. */
const halves = (target: string, { targets, overlay }: NodePlan): Unsupported[] => {
  if (targets.tunnel !== target)
    return [
      { path: 'targets.overlay', fact: `${target} makes the overlay only together with its own tunnel` },
    ]
  return overlay === null || targets.overlay === target || targets.overlay === 'none'
    ? []
    : [{ path: 'targets.tunnel', fact: `${target}'s tunnel cannot carry ${targets.overlay}'s overlay` }]
}

/** Where a name is asked for, digits are the number of an interface, and a device is not made under them. */
const numbers = ({ tunnel: { interface: name } }: NodePlan): Unsupported[] =>
  /^[0-9]+$/.test(name)
    ? [{ path: 'tunnel.interface', fact: `systemd-networkd takes ${name} for a number, not a name` }]
    : []

const hooks = (target: string, { tunnel }: NodePlan): Unsupported[] =>
  Object.entries(tunnel.hooks).flatMap(([key, commands]: [string, readonly string[]]) =>
    commands.length > 0
      ? [{ path: `tunnel.hooks.${key}`, fact: `${target} runs no commands; wg-quick does` }]
      : [],
  )

/** Most `[BridgeFDB]` sections in a file: with one more, systemd 247, 252 and 257 read none of it. */
const mostEntries = 1024

/** Most `[Route]` sections in a file: systemd 257 leaves out what comes after, on any kernel. */
const mostRoutes = 8192

const crowds = ({ tunnel }: NodePlan, overlay: OverlayPlan | null): Unsupported[] => {
  const entries = 2 * (overlay?.remotes.length ?? 0)
  const routes = [
    { path: 'overlay.routes', count: overlay?.routes.length ?? 0 },
    { path: 'tunnel.routes', count: tunnel.routes.length },
  ]
  return [
    // Each other node takes two: one to be flooded to, one for its MAC address.
    ...(entries > mostEntries
      ? [
          {
            path: 'overlay.remotes',
            fact: `systemd-networkd takes ${mostEntries} forwarding entries for an interface, which is ${mostEntries / 2} other nodes, and this has ${entries}`,
          },
        ]
      : []),
    ...routes
      .filter(({ count }) => count > mostRoutes)
      .map(({ path, count }) => ({
        path,
        fact: `systemd-networkd takes ${mostRoutes} routes for an interface, and this has ${count}`,
      })),
  ]
}
