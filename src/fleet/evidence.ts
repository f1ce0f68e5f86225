import type { Mesh, MeshNode } from '../model/mesh.js'
import type { Cause, FleetFinding } from './finding.js'
import { type BadLine, badLine } from './lines.js'
import type { NodeReport, Received, ReportedPeer, ReportedSession } from './report.js'

/** What a node says of itself, made ready to be asked. */
export interface Witness {
  readonly node: MeshNode
  readonly received: Received
  readonly report: NodeReport
  readonly peersByKey: ReadonlyMap<string, ReportedPeer>
  /** By the other's name. */
  readonly sessions: ReadonlyMap<string, readonly ReportedSession[]>
}

/** A line that is not as it should be, and whether a finding has explained it. */
interface Open extends BadLine {
  explained: boolean
}

/** A finding that more may turn out to follow from. */
export interface OpenFinding extends FleetFinding {
  readonly explains: string[]
}

/** All that is known, and what is found in it so far. */
export interface Evidence {
  readonly mesh: Mesh
  readonly witnesses: ReadonlyMap<string, Witness>
  readonly findings: readonly OpenFinding[]
  /** What was found about a node that is of one of these causes: others may feel it. */
  trouble(node: string, ...causes: readonly Cause[]): OpenFinding | undefined
  /** Lines of a node that nothing has explained yet. */
  open(node: string): readonly BadLine[]
  /** Explains open lines of a node; returns them as they are told. */
  take(node: string, which: (line: BadLine) => boolean): string[]
  add(finding: OpenFinding): OpenFinding
}

export const evidenceOf = (mesh: Mesh, received: readonly Received[]): Evidence => {
  const nodes = new Map(mesh.nodes.map(node => [node.name, node]))
  const witnesses = new Map<string, Witness>()
  for (const one of received) {
    const node = nodes.get(one.report.node)
    if (node && !witnesses.has(node.name)) witnesses.set(node.name, witnessOf(node, one))
  }
  const lines = new Map(
    [...witnesses].map(([name, { report }]) => [
      name,
      report.lines
        .filter(({ state }) => state === 'bad')
        .map((line): Open => ({ ...badLine(line), explained: false })),
    ]),
  )
  const findings: OpenFinding[] = []
  const troubles = new Map<string, OpenFinding>()
  const open = (node: string): Open[] => (lines.get(node) ?? []).filter(({ explained }) => !explained)
  return {
    mesh,
    witnesses,
    findings,
    open,
    trouble: (node, ...causes) => {
      const found = causes.find(cause => troubles.has(`${cause} ${node}`))
      return found && troubles.get(`${found} ${node}`)
    },
    take: (node, which) =>
      open(node)
        .filter(which)
        .map(line => {
          line.explained = true
          return `${node}: ${line.text}`
        }),
    add: finding => {
      findings.push(finding)
      for (const node of finding.nodes)
        if (!troubles.has(`${finding.cause} ${node}`)) troubles.set(`${finding.cause} ${node}`, finding)
      return finding
    },
  }
}

const witnessOf = (node: MeshNode, received: Received): Witness => {
  const { report } = received
  const sessions = new Map<string, ReportedSession[]>()
  for (const session of report.sessions)
    sessions.set(session.name, [...(sessions.get(session.name) ?? []), session])
  return {
    node,
    received,
    report,
    peersByKey: new Map(report.peers.map(peer => [peer.publicKey, peer])),
    sessions,
  }
}

/** Two nodes that are peers of WireGuard's and both have a report, in order of id. */
export const peeredPairs = ({ mesh, witnesses }: Evidence): (readonly [Witness, Witness])[] => {
  const all = mesh.nodes.flatMap(({ name }) => witnesses.get(name) ?? [])
  return all.flatMap((a, at) =>
    all
      .slice(at + 1)
      .filter(b => !mesh.detours.get(a.node.id)?.has(b.node.id))
      .map(b => [a, b] as const),
  )
}

/** The lines of a node about one other. */
export const about =
  (peer: string) =>
  (line: BadLine): boolean =>
    line.peer === peer
