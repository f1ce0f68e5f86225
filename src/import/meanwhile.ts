import { addressPart, contains, familyOf } from '../net/index.js'
import type { Draft, DraftNode } from './draft.js'
import { type Findings, several } from './finding.js'
import type { FoundMesh, FoundView } from './found.js'

/**
 * Says which pairs of nodes exchange packets while one has its new file and the other the old one, by what the old files
 * accept and dial; and which do not, and why.
 */
export const reportMeanwhile = (found: FoundMesh, draft: Draft, findings: Findings): void => {
  const say = (text: string): void => findings.add('meanwhile', 'compatibility', null, text)
  const given = new Set(found.nodes.flatMap(node => (node.given ? node.name : [])))
  const invented = new Set(found.nodes.flatMap(node => (node.underlay.length === 0 ? node.name : [])))
  const judged = pairsOf(found, draft, given)
  const works = judged.filter(({ fault }) => fault === null)
  const faults = new Map<string, string[]>()
  for (const { names, fault } of judged)
    if (fault !== null) faults.set(fault, [...(faults.get(fault) ?? []), names.join(' and ')])
  const alone = draft.nodes.filter(node => !given.has(node.found))
  const uncertain = alone.filter(node => invented.has(node.found))
  if (works.length > 0 && faults.size === 0)
    say('old and new nodes talk to each other meanwhile, by their addresses in the tunnel')
  else if (works.length > 0)
    say(`this goes on as one of the two moves: ${several(works.map(({ names }) => names.join(' and ')))}`)
  for (const [fault, pairs] of faults) say(`this does not: ${several(pairs)}: ${fault}`)
  for (const [hub, pairs] of closedBy(found, draft, given))
    say(
      `this does not: ${several(pairs)} by way of ${hub}, if it did: with its new file ${hub} lets nobody through from node to node who can dial each other; they do as both have theirs`,
    )
  if (uncertain.length > 0)
    say(
      `nothing is sure about ${several(uncertain.map(node => node.found))}: an address that is made up is not the one that runs there`,
    )
  const known = alone.filter(node => !invented.has(node.found))
  if (known.length > 0)
    say(
      `${several(known.map(node => node.found))} gave no file: whether it goes on depends on that; the others keep their keys, ports and addresses toward it`,
    )
  if (works.length === 0 && faults.size === 0 && alone.length === 0)
    say('the files have no pair of nodes that have each other as peers')
}

interface Judged {
  readonly names: readonly [string, string]
  readonly fault: string | null
}

/** Pairs of which both files are known, and of which at least one has the other as a peer; in the order of nodes. */
const pairsOf = (found: FoundMesh, draft: Draft, given: ReadonlySet<string>): Judged[] => {
  const views = new Map(found.views.map(view => [`${view.from} ${view.to}`, view]))
  const places = new Map(draft.nodes.map(({ found: name }, place) => [name, place]))
  const pairs = new Map<string, readonly [number, number]>()
  // By what files say rather than by all pairs there might be: of most peers there is no file.
  for (const { from, to } of found.views) {
    const [a, b] = [places.get(from), places.get(to)]
    if (a === undefined || b === undefined || a === b || !given.has(from) || !given.has(to)) continue
    pairs.set(`${Math.min(a, b)} ${Math.max(a, b)}`, [Math.min(a, b), Math.max(a, b)])
  }
  return [...pairs.values()]
    .sort(([a, b], [c, d]) => a - c || b - d)
    .map(pair => {
      const [one, other] = pair.map(place => draft.nodes[place]) as [DraftNode, DraftNode]
      const here = views.get(`${one.found} ${other.found}`)
      const there = views.get(`${other.found} ${one.found}`)
      return { names: [one.found, other.found], fault: faultOf(one, other, here, there) }
    })
}

const faultOf = (
  one: DraftNode,
  other: DraftNode,
  here: FoundView | undefined,
  there: FoundView | undefined,
): string | null => {
  if (!here || !there) return 'only one of the two files has the other as a peer'
  if (here.proxy !== null || there.proxy !== null)
    return `the old file dials ${here.proxy ?? there.proxy}, which no other machine does: the way that its packets took is not known here`
  const lost = [lostOf(other, here), lostOf(one, there)].find(text => text !== null)
  if (lost) return lost
  if (!canDial(one, other) && !canDial(other, one)) return 'neither can dial the other'
  if (one.endpoint === 'none' && here.endpoint === null && there.endpoint === null)
    return 'the old files have no endpoint for either'
  return null
}

const canDial = (one: DraftNode, other: DraftNode): boolean =>
  other.endpoint !== 'none' || (other.endpointAtSite !== null && one.site === other.site)

/**
 * Pairs of nodes that may have reached each other through a node between them, by that node. Whether they did their own files
 * would say; where both are known, and neither has the other, the mesh relays, and nothing changes.
 */
const closedBy = (found: FoundMesh, draft: Draft, given: ReadonlySet<string>): Map<string, string[]> => {
  const apart = new Set(draft.exclude.map(pair => [...pair].sort().join(' ')))
  const peers = new Set(found.views.map(({ from, to }) => `${from} ${to}`))
  const closed = new Map<string, string[]>()
  for (const hub of draft.nodes.filter(node => given.has(node.found))) {
    const around = draft.nodes.filter(node => node.via === null && peers.has(`${hub.found} ${node.found}`))
    const pairs = around.flatMap((one, index) =>
      around
        .slice(index + 1)
        .filter(
          other =>
            !(given.has(one.found) && given.has(other.found)) &&
            !apart.has([one.label, other.label].sort().join(' ')) &&
            !peers.has(`${one.found} ${other.found}`) &&
            !peers.has(`${other.found} ${one.found}`) &&
            (canDial(one, other) || canDial(other, one)),
        )
        .map(other => `${one.found} and ${other.found}`),
    )
    if (pairs.length > 0) closed.set(hub.found, pairs)
  }
  return closed
}

/** Whether an old file accepts what the node sends under its address in the new one. */
const lostOf = (node: DraftNode, { from, allowedIps }: FoundView): string | null => {
  const same = node.underlay.some(address =>
    allowedIps.some(
      prefix => familyOf(prefix) === familyOf(address) && contains(prefix, addressPart(address)),
    ),
  )
  return same ? null : `the old file of ${from} accepts nothing from the address that ${node.found} has`
}
