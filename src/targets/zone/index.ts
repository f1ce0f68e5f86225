import type { MeshPlan } from '../../model/plan.js'
import type { OutputFile, Target } from '../../render/target.js'
import { template } from '../../render/template.js'
import { ability } from './ability.js'
import namedConfSource from './named.conf.mustache'
import { notes } from './notes.js'
import { type Zone, zonesOf } from './records.js'
import { withSerial } from './serial.js'
import zoneSource from './zone.mustache'

const zoneFile = template(zoneSource)
const namedConf = template(namedConfSource)

/** Zones in the master file format (RFC 1035, section 5) for name servers; on the nodes nothing changes. */
export const zone: Target = {
  ...ability,
  files: () => [],
  facts: () => ({}),
  notes,
  meshFiles: mesh => zoneFiles(mesh).map(file => ({ ...file, path: `zones/${file.path}` })),
}

/** The forward zone, the reverse zones, and what BIND includes to load them. */
export const zoneFiles = (mesh: MeshPlan): OutputFile[] => {
  const zones = zonesOf(mesh.names)
  return [
    ...zones.map(zone => ({ ...plain(`db.${zone.origin}`), ...zoneContent(mesh, zone) })),
    {
      ...plain('named.conf'),
      content: namedConf.chunks({ mesh: mesh.mesh, zones: zones.map(({ origin }) => ({ origin })) }),
    },
  ]
}

const plain = (path: string) => ({ path, mode: 0o644, secret: false })

const zoneContent = ({ mesh, names }: MeshPlan, { origin, notes, records }: Zone) => {
  const width = records.reduce((widest, { owner }) => Math.max(widest, owner.length), 0)
  const typeWidth = records.reduce((widest, { type }) => Math.max(widest, type.length), 0)
  const view = {
    mesh,
    origin,
    notes,
    domain: names.domain,
    primary: names.servers[0] as string,
    servers: names.servers,
    records: records.map(
      ({ owner, type, data }) => `${owner.padEnd(width)} IN ${type.padEnd(typeWidth)} ${data}`,
    ),
  }
  return withSerial(serial => zoneFile.chunks({ ...view, serial }))
}
