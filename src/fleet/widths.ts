import { type Evidence, peeredPairs, type Witness } from './evidence.js'
import type { ReportedPeer } from './report.js'
import { type DeadPairs, pairName } from './tunnels.js'
import { sentence } from './words.js'

/** What WireGuard adds to a packet, with the header of IP (20 or 40 bytes). */
const overhead = { ipv4: 60, ipv6: 80 } as const

/** A pair whose path is narrower than planned. */
interface Narrow {
  readonly pair: readonly [Witness, Witness]
  /** As the kernel was told, or by what the tunnel brought over: the path MTU. */
  readonly width: number
  readonly told: boolean
  /** What path-mtu may be at most. */
  readonly most: number
  readonly explains: readonly string[]
}

/** Paths that are narrower than the mesh was planned with. */
export const judgeWidths = (evidence: Evidence, dead: DeadPairs): void => {
  const narrow = peeredPairs(evidence).flatMap(([a, b]) => narrowOf(evidence, dead, a, b) ?? [])
  for (let left = narrow; left.length > 0; ) {
    // What several pairs have in common is a node: the way to it is narrow.
    const [most] = [...evidence.witnesses.values()].map(one => pairsOf(left, one)).sort(byLength)
    const found = most && most.length > 1 ? most : left.slice(0, 1)
    tell(evidence, found)
    left = left.filter(one => !found.includes(one))
  }
  for (const { node } of evidence.witnesses.values()) {
    const found = evidence.trouble(node.name, 'mtu')
    found?.explains.push(...evidence.take(node.name, ({ kind }) => kind === 'cut'))
  }
}

const pairsOf = (narrow: readonly Narrow[], one: Witness): Narrow[] =>
  narrow.filter(({ pair }) => pair.includes(one))

const byLength = (a: readonly Narrow[], b: readonly Narrow[]): number => b.length - a.length

const narrowOf = (evidence: Evidence, dead: DeadPairs, a: Witness, b: Witness): Narrow | null => {
  const { mtu } = evidence.mesh
  if (dead.has(pairName(a.node.name, b.node.name)) || !a.report.tunnel || !b.report.tunnel) return null
  const [ofB, ofA] = [
    a.peersByKey.get(b.report.tunnel.publicKey),
    b.peersByKey.get(a.report.tunnel.publicKey),
  ]
  const short = [ofB, ofA].flatMap(peer => (peer && peer.mtu !== null && peer.mtu < mtu.tunnel ? [peer] : []))
  if (short.length === 0 && !isCut(evidence, a, ofB) && !isCut(evidence, b, ofA)) return null
  const known = evidence.trouble(a.node.name, 'files') ?? evidence.trouble(b.node.name, 'files')
  const explains = [
    ...evidence.take(a.node.name, line => line.peer === b.node.name && isWidth(line.text)),
    ...evidence.take(b.node.name, line => line.peer === a.node.name && isWidth(line.text)),
  ]
  if (known) {
    known.explains.push(...explains)
    return null
  }
  const pair = [a, b] as const
  const told = [ofB, ofA].flatMap(peer => peer?.pathMtu ?? []).filter(width => width < mtu.path)
  if (told.length > 0) {
    const width = Math.min(...told)
    return { pair, width, told: true, most: width, explains }
  }
  const width = Math.min(...short.map(peer => outerWidth(peer)))
  const most = Math.min(...short.map(peer => peer.mtu as number)) + mtu.tunnelOverhead
  return { pair, width, told: false, most, explains }
}

/** Of one pair, or of several that a node is in. */
const tell = (evidence: Evidence, narrow: readonly Narrow[]): void => {
  const [first] = narrow
  if (!first) return
  const common = first.pair.find(one => narrow.every(({ pair }) => pair.includes(one))) ?? first.pair[0]
  const { name } = common.node
  const others = narrow.flatMap(({ pair }) => pair.filter(one => one !== common)).map(({ node }) => node.name)
  const widths = narrow.map(({ width }) => width)
  const [least, greatest] = [Math.min(...widths), Math.max(...widths)]
  const is = `${narrow.every(({ told }) => told) ? '' : 'about '}${least === greatest ? least : `${least} to ${greatest}`}`
  evidence.add({
    cause: 'mtu',
    nodes: [name, ...others],
    message: `${name} and ${others.length > 1 ? 'each of ' : ''}${sentence(others)}: the path MTU is ${is}, planned ${evidence.mesh.mtu.path}`,
    hint: `write path-mtu = ${Math.min(...narrow.map(({ most }) => most))} in mesh.ini, and bring all nodes their files; or mend what is narrow on the way`,
    explains: narrow.flatMap(({ explains }) => explains),
  })
}

const isWidth = (text: string): boolean => text.startsWith('path to ')

/** Whether it is known that the host has to cut up what it sends there. */
const isCut = (evidence: Evidence, { node }: Witness, peer: ReportedPeer | undefined): boolean =>
  evidence.open(node.name).some(({ kind }) => kind === 'cut') &&
  peer?.pathMtu !== undefined &&
  peer.pathMtu !== null &&
  peer.pathMtu < evidence.mesh.mtu.path

/** What the largest packet that came through the tunnel was on the way. */
const outerWidth = ({ mtu, endpoint }: ReportedPeer): number =>
  // Padded to 16 (its §5.4.6).
  Math.ceil((mtu as number) / 16) * 16 + overhead[endpoint?.startsWith('[') ? 'ipv6' : 'ipv4']
