import type { FleetFinding, FleetVerdict, NodeReport } from '../../fleet/index.js'
import { counted } from './report.js'

/** For a terminal: what is wrong, what to do, and a line about all of them. */
export const fleetText = (mesh: string, { findings, nodes }: FleetVerdict, against: string | null): string =>
  [
    ...findings.map(({ message, hint, explains }) =>
      [
        `${message}\n`,
        `  what to do: ${hint}\n`,
        ...(explains.length > 0
          ? [`  follows from it: ${counted(explains.length, 'line')} of --status, which --json has\n`]
          : []),
      ].join(''),
    ),
    `${mesh}: ${counted(nodes.length, 'node')}, ${counted(nodes.filter(({ report }) => report).length, 'report')}, ${
      findings.length > 0 ? `${findings.length} wrong` : 'nothing wrong'
    }\n`,
    ...(against === null
      ? [
          'not looked at: whether the nodes run these files: there is no tree with keys here, nor keys to make one\n',
        ]
      : []),
    ...nodes
      .filter(({ report, expected }) => report === null && !expected)
      .map(({ name }) => `not looked at: ${name}, which has no apply.sh\n`),
  ].join('')

/** For programs: docs/json.md has what each key is. */
export interface FleetData {
  /** The mesh's name. */
  readonly mesh: string
  /** Whether nothing is wrong, and every report could be read. */
  readonly sound: boolean
  readonly findings: readonly FleetFinding[]
  /** All nodes of the mesh, in order of id. */
  readonly nodes: readonly {
    readonly name: string
    readonly id: number
    readonly file: string | null
    readonly current: boolean | null
    readonly report: Omit<NodeReport, 'version' | 'mesh' | 'node' | 'lines'> | null
  }[]
}

export const fleetData = (
  mesh: string,
  { findings, nodes }: FleetVerdict,
  allRead: boolean,
): FleetData & Readonly<Record<string, unknown>> => ({
  mesh,
  sound: findings.length === 0 && allRead,
  findings: findings.map(({ cause, nodes, message, hint, explains }) => ({
    cause,
    nodes,
    message,
    hint,
    explains,
  })),
  nodes: nodes.map(({ name, id, file, current, report }) => ({
    name,
    id,
    file,
    current,
    report: report && saidOf(report),
  })),
})

/** Without what stands beside it, and the sentences for people. */
const saidOf = ({ version: _, mesh: __, node: ___, lines: ____, ...said }: NodeReport) => said
