import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { DevicePlan } from '../../model/plan.js'
import type { PolicyEnd, PolicyPoint, PolicyRow, Traffic } from '../../model/policy-plan.js'
import type { LanSpec } from '../../model/spec.js'
import type { InterfaceName, Prefix } from '../../net/index.js'

/** The end of a packet that is behind a node in a LAN of the mesh. */
export const behindOf = ({ interface: name }: LanSpec): PolicyEnd => ({ on: [name], within: lanSet(name) })

/** The name of the set of what is behind an interface. */
export const lanSet = (name: InterfaceName): string => `lan ${name}`

/** What a row is about; what is not said may be anything. */
interface RowParts {
  readonly from?: PolicyEnd
  readonly to?: PolicyEnd
  readonly what?: Traffic | null
}

/** A row of the policy. */
export const row = (
  at: PolicyPoint,
  verdict: PolicyRow['verdict'],
  because: string,
  { from = {}, to = {}, what = null }: RowParts,
): PolicyRow => ({ at, from, to, what, verdict, because })

/** What every host on a link has to be able to say and hear before it has an address, or to find its neighbors. */
export const linkPrefixes = {
  source: ['0.0.0.0/32', '::/128', 'fe80::/10'],
  destination: ['255.255.255.255/32', '224.0.0.0/4', 'fe80::/10', 'ff00::/8'],
} as unknown as Readonly<Record<'source' | 'destination', readonly Prefix[]>>

/** A node, and what its rows speak of. */
export interface Here {
  readonly mesh: Mesh
  readonly node: MeshNode
  readonly devices: readonly DevicePlan[]
  readonly sets: Readonly<Record<string, readonly Prefix[]>>
  /** The tunnel, and the overlay where there is one. */
  readonly inside: readonly InterfaceName[]
  readonly tunnel: readonly InterfaceName[]
  readonly overlay: readonly InterfaceName[]
  /** Of containers that are in the host's own routing table. */
  readonly bridges: readonly DevicePlan[]
}

/** Of devices, or of those that carry something. */
export const names = (devices: readonly DevicePlan[], what?: DevicePlan['carries']): InterfaceName[] =>
  devices.flatMap(({ name, carries }) => (what === undefined || carries === what ? name : []))

/** The name of the set of what may come from a bridge. */
export const at = (bridge: InterfaceName): string => `at ${bridge}`

/** Whether something else than containers may be behind a bridge: it is the operator's own, or mesh.ini says so. */
export const leadsElsewhere = ({ name, maker }: DevicePlan, { forward }: MeshNode): boolean =>
  maker === null || forward.includes(name)

/** Who may ask from outside the mesh after all. */
export const invited = (point: PolicyPoint, { node }: Here, because: string): PolicyRow[] => [
  row(point, 'pass', because, { what: { kind: 'answer' } }),
  row(point, 'pass', because, { what: { kind: 'published' } }),
  ...(node.forward.length > 0 ? [row(point, 'pass', because, { from: { on: node.forward } })] : []),
  ...node.lans.map(lan => row(point, 'pass', because, { from: behindOf(lan) })),
  row(point, 'pass', because, { from: { within: 'announced' } }),
]

/** On a bridge of ours nobody has another address than it gives. */
export const foreign = (point: PolicyPoint, { bridges, node }: Here): PolicyRow[] =>
  bridges
    .filter(bridge => !leadsElsewhere(bridge, node))
    .map(({ name }) =>
      row(point, 'drop', 'A container has an address of its bridge.', {
        from: { on: [name], outside: at(name) },
      }),
    )

/** Containers that ask for what their host may know. */
export const metadataRows = (point: PolicyPoint, { node, bridges }: Here): PolicyRow[] =>
  node.metadata || bridges.length === 0
    ? []
    : [
        row(point, 'drop', "The host's credentials at its cloud are none of its containers' business.", {
          from: { on: names(bridges) },
          // A mesh may have pinned addresses there, which stay reachable.
          to: { within: 'metadata', outside: 'mesh' },
        }),
      ]
