import { type Evidence, peeredPairs, type Witness } from './evidence.js'
import type { ReportedPeer } from './report.js'
import { type DeadPairs, pairName } from './tunnels.js'

/** What WireGuard adds to a packet, with the header of IP (20 or 40 bytes). */
const overhead = { ipv4: 60, ipv6: 80 } as const

/** Paths that are narrower than the mesh was planned with. */
export const judgeWidths = (evidence: Evidence, dead: DeadPairs): void => {
  const { mtu } = evidence.mesh
  for (const [a, b] of peeredPairs(evidence)) {
    if (dead.has(pairName(a.node.name, b.node.name)) || !a.report.tunnel || !b.report.tunnel) continue
    const [ofB, ofA] = [
      a.peersByKey.get(b.report.tunnel.publicKey),
      b.peersByKey.get(a.report.tunnel.publicKey),
    ]
    const narrow = [ofB, ofA].flatMap(peer =>
      peer && peer.mtu !== null && peer.mtu < mtu.tunnel ? [peer] : [],
    )
    const cuts = [...(isCut(evidence, a, ofB) ? [a] : []), ...(isCut(evidence, b, ofA) ? [b] : [])]
    if (narrow.length === 0 && cuts.length === 0) continue
    const known = evidence.trouble(a.node.name, 'files') ?? evidence.trouble(b.node.name, 'files')
    const explains = [
      ...evidence.take(a.node.name, line => line.peer === b.node.name && isWidth(line.text)),
      ...evidence.take(b.node.name, line => line.peer === a.node.name && isWidth(line.text)),
    ]
    if (known) {
      known.explains.push(...explains)
      continue
    }
    const told = [ofB, ofA].flatMap(peer => peer?.pathMtu ?? []).filter(width => width < mtu.path)
    const measured = narrow.map(peer => peer.mtu as number)
    const is =
      told.length > 0 ? `${Math.min(...told)}` : `about ${Math.min(...narrow.map(peer => outerWidth(peer)))}`
    const most = told.length > 0 ? Math.min(...told) : Math.min(...measured) + mtu.tunnelOverhead
    evidence.add({
      cause: 'mtu',
      nodes: [a.node.name, b.node.name],
      message: `${a.node.name} and ${b.node.name}: the path MTU is ${is}, planned ${mtu.path}`,
      hint: `write path-mtu = ${most} in mesh.ini, and bring all nodes their files; or mend what is narrow on the way`,
      explains,
    })
  }
  for (const { node } of evidence.witnesses.values()) {
    const found = evidence.trouble(node.name, 'mtu')
    found?.explains.push(...evidence.take(node.name, ({ kind }) => kind === 'cut'))
  }
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
