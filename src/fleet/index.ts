export type {
  NodeReport,
  Received,
  ReportedLine,
  ReportedPeer,
  ReportedSession,
  ReportedTunnel,
} from './report.js'
