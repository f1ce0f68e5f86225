import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import type { Placed } from './address-overlaps.js'

/**
 * Nodes whose containers nobody reaches. Without routing of ours somebody may well write it himself, but not where there
 * is no overlay either: the tunnel then lets through nothing but the nodes' own addresses.
 */
export const checkUnreached = (placed: readonly Placed[], { mode }: Settings, report: Report): void => {
  if (mode === 'l3') return
  for (const [{ name, networks, targets }, { keys, span }] of placed)
    if (networks.length > 0 && targets.overlay === 'none' && targets.routing === 'none')
      report.warn(
        'unannounced',
        name,
        `${name} has containers, and neither overlay nor routing: no other node reaches them`,
        keys.containers?.span ?? span,
        `give ${name} targets for both, or write containers = none below it`,
      )
}
