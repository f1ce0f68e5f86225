import type { Span } from '../../diagnostics/index.js'
import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { MeshSpec } from '../../model/spec.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import { networkSpan, type Placed } from './address-overlaps.js'

/** An interface of a node, and where mesh.ini names it. */
interface Device {
  readonly name: string
  readonly span: Span
}

/**
 * The daemon that manages a bridge takes every interface that is called like it with a hyphen behind for a tunnel
 * of that bridge, and deletes it whenever it starts or changes the bridge (`setup` in the daemons' bridge driver).
 */
export const checkSwept = (
  spec: MeshSpec,
  placed: readonly Placed[],
  networks: Pick<Mesh, 'segments' | 'tenants'>,
  settings: Settings,
  report: Report,
): void => {
  const mesh = [settings.name, `v${settings.name}`].map(name => ({ name, span: settings.spanOf('name') }))
  const spans = new Map([...spec.segments, ...spec.tenants].map(({ name, span }) => [name, span]))
  for (const [node, identified] of placed) {
    if (node.targets.containers === 'none') continue
    const own = node.containers.map(({ bridge }) => ({ name: bridge, span: networkSpan(identified, bridge) }))
    const { managed, others } = devicesOf(node, networks, spans)
    checkNode([...own, ...managed], [...mesh, ...own, ...managed, ...others], report)
  }
}

const devicesOf = (
  { id }: MeshNode,
  { segments, tenants }: Pick<Mesh, 'segments' | 'tenants'>,
  spans: ReadonlyMap<string, Span>,
): { readonly managed: Device[]; readonly others: Device[] } => {
  const managed: Device[] = []
  const others: Device[] = []
  for (const { name, members, bridge, vxlan } of segments) {
    if (!members.includes(id)) continue
    const span = spans.get(name) as Span
    managed.push({ name: bridge, span })
    others.push({ name: vxlan, span })
  }
  for (const { name, members, networks, vrf, bridge, vxlan } of tenants) {
    if (!members.includes(id)) continue
    const span = spans.get(name) as Span
    const network = networks.get(id)
    if (network) managed.push({ name: network.bridge, span })
    others.push(...[vrf, bridge, vxlan].map(name => ({ name, span })))
  }
  return { managed, others }
}

const checkNode = (bridges: readonly Device[], devices: readonly Device[], report: Report): void => {
  for (const { name, span } of bridges) {
    const start = `${name}-`
    for (const device of devices)
      if (device.name.startsWith(start) && report.isNew(`swept ${name} ${device.name}`))
        report.error(
          'interface-taken',
          `"${device.name}" begins like the bridge "${name}", and LXD and Incus delete such interfaces when they start that`,
          device.span,
          'use another name for one of them',
          { message: 'the bridge is here', span },
        )
  }
}
