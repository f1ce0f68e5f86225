import type { Span } from '../../diagnostics/index.js'
import { addressPart } from '../../net/index.js'
import type { PlacedClient } from '../nodes/clients.js'
import type { Placed } from '../nodes/ids.js'
import type { Report } from '../report.js'

/** Something that belongs to one node or client alone. */
interface Belonging {
  readonly value: string
  readonly owner: string
  /** Where it is said, or `undefined` where it comes from the id. */
  readonly pinned: Span | undefined
  /** Where it is said, or the id that it comes from. */
  readonly place: Span
}

/** Underlay addresses, overlay addresses and MACs: each belongs to one node or client. */
export const checkUnique = (
  placed: readonly Placed[],
  clients: readonly PlacedClient[],
  report: Report,
): void => {
  const owners = new Map<string, Belonging>()
  for (const one of [...placed.flatMap(ofNode), ...clients.flatMap(ofClient)]) {
    const other = owners.get(one.value)
    // Of a pinned address and a derived one, the pinned one is what can be changed.
    const [late, early] = other && !one.pinned ? [other, one] : [one, other]
    if (early)
      report.error(
        'duplicate-address',
        `${one.value} belongs to ${early.owner}`,
        late.place,
        'write another, or delete the line to have the one that comes from the id',
        { message: `${early.owner} has it here`, span: early.place },
      )
    else owners.set(one.value, one)
  }
}

const ofNode = ([node, { keys, span, name }]: Placed): Belonging[] => {
  const belonging = (value: string, pinned: Span | undefined): Belonging => ({
    value,
    owner: name,
    pinned,
    place: pinned ?? keys.id?.span ?? span,
  })
  return [
    ...node.underlay.map(address => belonging(addressPart(address), keys['underlay-address']?.span)),
    ...node.overlay.map(address => belonging(addressPart(address), keys['overlay-address']?.span)),
    belonging(node.mac, keys.mac?.span),
  ]
}

const ofClient = ([{ addresses }, { keys, span, name }]: PlacedClient): Belonging[] => {
  const pinned = keys['underlay-address']?.span
  return addresses.map(address => ({
    value: addressPart(address),
    owner: name,
    pinned,
    place: pinned ?? keys.id?.span ?? span,
  }))
}
