import type { Located, MeshSpec, SegmentSpec, TenantSpec } from '../model/spec.js'
import { hashBits, type Vni } from '../net/index.js'
import type { Report } from './report.js'
import type { Settings } from './settings.js'

/** Where no VNI is written: one of the names, above those that people pick by hand. */
export const vniOf = (
  kind: 'segment' | 'tenant',
  { name, keys }: SegmentSpec | TenantSpec,
  settings: Settings,
): Vni =>
  keys.vni?.value ??
  ((65536 + (hashBits(`${settings.name} ${kind} ${name}`, 24) % (0xffffff - 65536))) as Vni)

/** A VNI belongs to one network. */
export const checkVnis = (spec: MeshSpec, settings: Settings, report: Report): void => {
  const owners = new Map<Vni, Located<string>>()
  if (settings.mode === 'vxlan')
    owners.set(settings.vni, { value: 'the mesh itself', span: settings.spanOf('vni') })
  const claim = (kind: 'segment' | 'tenant', network: SegmentSpec | TenantSpec): void => {
    const vni = vniOf(kind, network, settings)
    const span = network.keys.vni?.span ?? network.span
    const owner = owners.get(vni)
    if (!owner) owners.set(vni, { value: `[${kind} ${network.name}]`, span })
    else
      report.error(
        'duplicate-vni',
        `VNI ${vni} belongs to ${owner.value}`,
        span,
        'write vni = another number',
        { message: `${owner.value} is here`, span: owner.span },
      )
  }
  for (const segment of spec.segments) claim('segment', segment)
  for (const tenant of spec.tenants) claim('tenant', tenant)
}
