import type { Mesh } from '../model/mesh.js'
import { evidenceOf } from './evidence.js'
import type { FleetFinding } from './finding.js'
import { judgeClocks, judgeDaemons, judgeFiles, judgeReports } from './nodes.js'
import { judgeHosts, judgeRest } from './own.js'
import type { NodeReport, Received } from './report.js'
import { judgeSessions } from './sessions.js'
import { judgeTunnels } from './tunnels.js'
import { judgeWidths } from './widths.js'

/** Both sides of every pair put together. */
export interface FleetVerdict {
  /** What is wrong, each thing once; what follows from it is in it. */
  readonly findings: readonly FleetFinding[]
  /** Every node of the mesh, in order of id. */
  readonly nodes: readonly FleetNode[]
}

/** A node, and what it says. */
export interface FleetNode {
  readonly name: string
  readonly id: number
  /** Where its report was read, or `null` where it has none. */
  readonly file: string | null
  readonly report: NodeReport | null
  /** Whether it has an apply.sh, which makes reports. */
  readonly expected: boolean
  /** Whether the tree that was applied there last is the one at hand; `null` where that cannot be told. */
  readonly current: boolean | null
}

/**
 * Says what is wrong with the nodes of a mesh by their own reports: causes, not what follows from them.
 *
 * @param trees for each node the sum (SHA-256) of the `tree.sha256` that is in its tree, where the trees are at hand
 */
export const judgeFleet = (
  mesh: Mesh,
  received: readonly Received[],
  trees: ReadonlyMap<string, string> = new Map(),
): FleetVerdict => {
  const evidence = evidenceOf(
    mesh,
    received.filter(({ report }) => report.mesh === mesh.name),
  )
  // From below: what stands on something else that is wrong is not found fault with.
  judgeReports(evidence, received)
  judgeClocks(evidence)
  judgeFiles(evidence, trees)
  judgeDaemons(evidence)
  const dead = judgeTunnels(evidence)
  judgeHosts(evidence)
  judgeWidths(evidence, dead)
  judgeSessions(evidence, dead)
  judgeRest(evidence)
  return {
    findings: evidence.findings,
    nodes: mesh.nodes.map(({ name, id, targets }) => {
      const { received: found, report = null } = evidence.witnesses.get(name) ?? {}
      const wanted = trees.get(name)
      return {
        name,
        id,
        file: found?.file ?? null,
        report,
        expected: targets.installer !== 'none',
        current: report === null || wanted === undefined ? null : report.applied === wanted,
      }
    }),
  }
}
