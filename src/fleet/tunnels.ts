import { endpointFor } from '../model/dialing.js'
import { type Deaf, judgeDeaf } from './deaf.js'
import { about, type Evidence, type OpenFinding, peeredPairs, type Witness } from './evidence.js'
import type { ReportedPeer } from './report.js'
import { sentence } from './words.js'

/** By {@link pairName}: of pairs whose tunnel does not work what was found of it. */
export type DeadPairs = ReadonlyMap<string, OpenFinding>

export const pairName = (a: string, b: string): string => [a, b].sort().join(' ')

/** A node, and what it says of the other. */
type Side = readonly [witness: Witness, ofOther: ReportedPeer]

/** Pairs that one cause is of. */
interface Group {
  readonly culprit: Witness
  readonly others: Witness[]
}

/** Finds the pairs whose tunnel does not work, and why. */
export const judgeTunnels = (evidence: Evidence): DeadPairs => {
  const dead = new Map<string, OpenFinding>()
  const groups = { impostors: new Map<string, Group>(), forgetful: new Map<string, Group>() }
  const deaf = new Map<string, Deaf>()
  for (const [a, b] of peeredPairs(evidence)) {
    const [ofB, ofA] = [knownBy(a, b), knownBy(b, a)]
    if (ofA && ofB && works(ofA, ofB)) continue
    const names = [a.node.name, b.node.name] as const
    const known =
      evidence.trouble(names[0], 'daemon', 'files') ?? evidence.trouble(names[1], 'daemon', 'files')
    const upset = names.some(name => evidence.trouble(name, 'files')) || !a.report.tunnel || !b.report.tunnel
    if (known && upset) {
      known.explains.push(...betweenThem(evidence, a, b))
      dead.set(pairName(...names), known)
    } else if (!a.report.tunnel || !b.report.tunnel) continue
    else if (!ofA || !ofB) joinGroup(groups, a, b, !ofB)
    else {
      const found = judgePair(evidence, deaf, [a, ofB], [b, ofA])
      if (found) dead.set(pairName(...names), found)
    }
  }
  for (const group of groups.impostors.values()) strangers(evidence, dead, group, 'has')
  for (const group of groups.forgetful.values()) strangers(evidence, dead, group, 'knows')
  for (const one of deaf.values()) {
    const lines = one.senders.flatMap(({ sender }) => betweenThem(evidence, sender, one.node))
    const found = judgeDeaf(evidence, one, lines)
    for (const { sender } of one.senders) dead.set(pairName(sender.node.name, one.node.node.name), found)
  }
  return dead
}

/** What `a` says of `b`, which it has to know by the key that `b` runs with. */
const knownBy = (a: Witness, b: Witness): ReportedPeer | undefined =>
  b.report.tunnel ? a.peersByKey.get(b.report.tunnel.publicKey) : undefined

/** Whether something came back through it, or, where nobody asks by ping, whether both hear each other. */
const works = (a: ReportedPeer, b: ReportedPeer): boolean =>
  a.mtu !== null || b.mtu !== null || (isFresh(a) && isFresh(b) && a.receivedNow > 0 && b.receivedNow > 0)

/** While anything flows, there is a handshake every two minutes; after three a session is void. */
const isFresh = ({ handshake }: ReportedPeer): boolean => handshake !== null && handshake <= 180

/** What each of the two says of the other. */
const betweenThem = (evidence: Evidence, a: Witness, b: Witness): string[] => [
  ...evidence.take(a.node.name, about(b.node.name)),
  ...evidence.take(b.node.name, about(a.node.name)),
]

/** Who has another key than mesh.ini says, or else who knows the other by another. */
const joinGroup = (
  { impostors, forgetful }: Readonly<Record<'impostors' | 'forgetful', Map<string, Group>>>,
  a: Witness,
  b: Witness,
  aForgets: boolean,
): void => {
  const impostor = [a, b].find(({ node, report }) => {
    const key = report.tunnel?.publicKey
    return key !== node.publicKey && key !== node.nextPublicKey
  })
  const culprit = impostor ?? (aForgets ? a : b)
  const groups = impostor ? impostors : forgetful
  const group = groups.get(culprit.node.name) ?? { culprit, others: [] }
  group.others.push(culprit === a ? b : a)
  groups.set(culprit.node.name, group)
}

const strangers = (
  evidence: Evidence,
  dead: Map<string, OpenFinding>,
  { culprit, others }: Group,
  how: 'has' | 'knows',
): void => {
  const { name } = culprit.node
  const them = others.map(({ node }) => node.name)
  const found = evidence.add({
    cause: 'key',
    nodes: [name, ...them],
    message: `${sentence([name, ...them])}: another public key on each side: ${
      how === 'has'
        ? `${name} runs with another than mesh.ini has for it`
        : `${name} knows ${sentence(them)} by another than mesh.ini has, or not at all`
    }`,
    hint: `run "sh /etc/ciab/apply.sh" on ${name}${how === 'has' ? '; where its key is another on purpose, write its public-key into mesh.ini, and bring all nodes their files' : ''}`,
    explains: [
      ...evidence.take(name, ({ kind }) => kind === 'tunnel'),
      ...others.flatMap(other => betweenThem(evidence, culprit, other)),
    ],
  })
  for (const other of them) dead.set(pairName(name, other), found)
}

/** Which of the two does not hear the other; what is wrong otherwise. */
const judgePair = (
  evidence: Evidence,
  deaf: Map<string, Deaf>,
  [a, ofB]: Side,
  [b, ofA]: Side,
): OpenFinding | null => {
  const [aHears, bHears] = [ofB.receivedNow > 0, ofA.receivedNow > 0]
  const between = `${a.node.name} and ${b.node.name}`
  const pair = { nodes: [a.node.name, b.node.name], explains: [] as string[] }
  if (aHears && bHears)
    return evidence.add({
      ...pair,
      cause: 'handshake',
      message: `${between} hear each other, and nothing comes through the tunnel: they have different preshared keys, or a packet filter of theirs drops what comes out of it`,
      hint: `run "sh /etc/ciab/apply.sh" on both; it says whether the tunnel and the packet filter are as in the files`,
      explains: betweenThem(evidence, a, b),
    })
  const loser = deafOne([a, aHears], [b, bHears])
  if (loser === null)
    return evidence.add({
      ...pair,
      cause: 'port',
      message: `${between}: nothing passes between them, in either direction`,
      hint: `open UDP ${a.node.listenPort} of ${a.node.name} and UDP ${b.node.listenPort} of ${b.node.name} to each other, and see whether a packet from one host gets to the other at all`,
      explains: betweenThem(evidence, a, b),
    })
  const [sender, said] = loser === a ? [b, ofA] : [a, ofB]
  const clock = evidence.trouble(sender.node.name, 'clock')
  if (clock) {
    clock.explains.push(...betweenThem(evidence, a, b))
    return clock
  }
  const one = deaf.get(loser.node.name) ?? { node: loser, senders: [] }
  one.senders.push({ sender, said })
  deaf.set(loser.node.name, one)
  return null
}

const deafOne = (
  [a, aHears]: readonly [Witness, boolean],
  [b, bHears]: readonly [Witness, boolean],
): Witness | null => {
  if (aHears !== bHears) return aHears ? b : a
  const [aDials, bDials] = [endpointFor(a.node, b.node) !== null, endpointFor(b.node, a.node) !== null]
  if (aDials !== bDials) return aDials ? b : a
  const [aDeaf, bDeaf] = [hearsNobody(a), hearsNobody(b)]
  return aDeaf === bDeaf ? null : aDeaf ? a : b
}

const hearsNobody = ({ report }: Witness): boolean =>
  report.peers.every(({ receivedNow }) => receivedNow === 0)
