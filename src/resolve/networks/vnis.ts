import type { Located, MeshSpec, SegmentSpec, TenantSpec } from '../../model/spec.js'
import type { Vni } from '../../net/index.js'
import { derivedVni, highestVni } from '../addresses/derived.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'

/** As written, or one of the names. */
export const vniOf = (
  kind: 'segment' | 'tenant',
  { name, keys }: SegmentSpec | TenantSpec,
  settings: Settings,
): Vni => keys.vni?.value ?? derivedVni(`${settings.name} ${kind} ${name}`, 65536)

/** Linux keeps the numbers up to 255 for its own tables (ip-route(8)); those of tenants have the VNI's. */
export const lastReservedTable = 255

/** A VNI belongs to one network. */
export const checkVnis = (spec: MeshSpec, settings: Settings, report: Report): void => {
  const networks = [
    ...spec.segments.map(segment => ['segment', segment] as const),
    ...spec.tenants.map(tenant => ['tenant', tenant] as const),
  ]
  const owners = new Map<Vni, Located<string>>()
  if (settings.mode === 'vxlan')
    owners.set(settings.vni, { value: 'the mesh itself', span: settings.spanOf('vni') })
  const taken = new Set([settings.vni, ...networks.map(([kind, network]) => vniOf(kind, network, settings))])
  for (const [kind, network] of networks) {
    const vni = vniOf(kind, network, settings)
    const span = network.keys.vni?.span ?? network.span
    const owner = owners.get(vni)
    if (!owner) {
      owners.set(vni, { value: `[${kind} ${network.name}]`, span })
      continue
    }
    const free = freeAbove(Math.max(vni, lastReservedTable), taken)
    taken.add(free)
    const related = { message: `${owner.value} is here`, span: owner.span }
    report.error(
      'duplicate-vni',
      `VNI ${vni} belongs to ${owner.value}`,
      span,
      `write vni = ${free}`,
      related,
    )
  }
}

/** The next number that nobody has; after the highest the first that tenants may have too. */
const freeAbove = (vni: number, taken: ReadonlySet<Vni>): Vni => {
  for (let next = vni + 1; ; next++) {
    if (next > highestVni) next = lastReservedTable + 1
    if (!taken.has(next as Vni)) return next as Vni
  }
}
