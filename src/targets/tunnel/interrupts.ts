import type { NodePlan, OverlayPlan } from '../../model/plan.js'
import { addressPart } from '../../net/index.js'
import type { OwnInterruption } from '../../render/target.js'

/**
 * What it interrupts on a node that its tunnel and VXLAN device are brought in line with a changed plan.
 *
 * @param overlayOf the VXLAN device, where it is the same tool's
 * @param anew what else is interrupted where that device has to be made anew
 */
export const linkInterrupts = (
  before: NodePlan,
  after: NodePlan,
  overlayOf: (node: NodePlan) => OverlayPlan | null,
  anew: string | null,
): OwnInterruption[] => {
  const [old, now] = [overlayOf(before), overlayOf(after)]
  const lost = [
    ...before.tunnel.addresses.filter(
      address => !after.tunnel.addresses.some(other => alike(address, other)),
    ),
    ...(old?.addresses ?? []).filter(address => !now?.addresses.some(other => alike(address, other))),
  ].map(addressPart)
  return [
    ...(lost.length > 0
      ? [{ what: `connections with its address ${lost.join(', ')}`, apart: [], seconds: null }]
      : []),
    ...(old && !now
      ? [{ what: `what ${old.interface} carries: it is taken away`, apart: 'all', seconds: null } as const]
      : []),
    ...(old && now && !isKept(old, now)
      ? [
          {
            what: `what ${now.interface} carries, while it is made anew and up to 10 s longer${anew ? `; ${anew}` : ''}`,
            apart: 'all',
            seconds: 10,
          } as const,
        ]
      : []),
  ]
}

const alike = (one: Parameters<typeof addressPart>[0], other: typeof one): boolean =>
  addressPart(one) === addressPart(other)

/** What of a VXLAN device the kernel does not change in place (ip-link(8)); its MAC apart, which BGP's next hops follow from. */
const isKept = (old: OverlayPlan, now: OverlayPlan): boolean =>
  old.vni === now.vni && old.port === now.port && old.mac === now.mac && old.local === now.local
