export { type Cause, causes, type FleetFinding } from './finding.js'
export { type FleetNode, type FleetVerdict, judgeFleet } from './judge.js'
export { readReports } from './read.js'
export type {
  NodeReport,
  Received,
  ReportedLine,
  ReportedPeer,
  ReportedSession,
  ReportedTunnel,
} from './report.js'
