import type { Leads, Machine } from './machine.js'
import { type Net, takenBy } from './net.js'
import type { Vrf } from './networks.js'

/** Where a packet goes next: what the node's own files say, or what it has learned. */
export type Next =
  | Leads
  | { readonly to: 'node'; readonly machine: Machine }
  | { readonly to: 'tenant'; readonly machine: Machine; readonly vrf: Vrf }
  | { readonly to: 'internet' }
  | { readonly to: 'nowhere' }

/** Looks a destination up in the routing table of a node, or of a tenant there: the longest prefix, and of two its own. */
export const nextAt = (net: Net, at: Machine, vrf: Vrf | null, to: string): Next => {
  const own = (vrf ? at.tenants.get(vrf) : at.routes)?.all(to)[0]
  if (vrf) {
    for (const vni of takenBy(vrf))
      for (const [bits, routes] of net.tenants.get(vni)?.all(to) ?? []) {
        if (own && own[0] <= bits) break
        const route = routes.find(({ origin, heard }) => origin !== at && heard.has(at.node))
        if (route) return { to: 'tenant', machine: route.origin, vrf: route.vrf }
      }
    return own?.[1] ?? { to: 'nowhere' }
  }
  for (const [bits, spreads] of net.announced.all(to)) {
    if (own && own[0] <= bits) break
    const found = spreads.find(
      ({ origin, learned }) =>
        origin !== at.node && learned.has(origin) && learned.has(at.node as typeof origin),
    )
    // What the node announces itself and has no nearer route to stands as a blackhole in its own table.
    if (found) return { to: 'node', machine: net.machine(found.origin) }
  }
  return own?.[1] ?? { to: 'internet' }
}
