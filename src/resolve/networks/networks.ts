import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { MeshSpec } from '../../model/spec.js'
import { checkRange } from '../checks/ranges.js'
import { claimsOf } from '../checks/tenant-overlaps.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import { segmentsOf } from './segments.js'
import { tenantsOf } from './tenants.js'
import { checkVnis } from './vnis.js'

/** Segments and tenants, each for itself. */
export const networksOf = (
  spec: MeshSpec,
  nodes: readonly MeshNode[],
  settings: Settings,
  report: Report,
): Pick<Mesh, 'segments' | 'tenants'> => {
  checkVnis(spec, settings, report)
  for (const { prefix, span } of [...spec.segments, ...spec.tenants].flatMap(claimsOf))
    checkRange(prefix, span, report)
  const tenants = tenantsOf(spec, nodes, settings, report)
  return { tenants, segments: segmentsOf(spec, nodes, tenants, settings, report) }
}
