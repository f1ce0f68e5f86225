export type { Beside } from '../readers/index.js'
export { type Finding, type FindingKind, reportText, type Topic } from './finding.js'
export { type ForeignSources, type Imported, importFrr, importMesh } from './import.js'
