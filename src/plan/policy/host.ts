import type { DevicePlan } from '../../model/plan.js'
import type { PolicyRow } from '../../model/policy-plan.js'
import type { InterfaceName } from '../../net/index.js'
import { keptApart, leavingClients } from './clients.js'
import { at, foreign, type Here, invited, metadataRows, row } from './row.js'

/** What is for the host itself. */
export const forHost = (here: Here, tenants: readonly PolicyRow[]): PolicyRow[] => {
  const { mesh, devices, bridges, inside, tunnel, overlay, sets } = here
  const host = (
    verdict: PolicyRow['verdict'],
    because: string,
    parts: Parameters<typeof row>[3],
  ): PolicyRow => row('host', verdict, because, parts)
  const port = mesh.vxlanPort
  const vnis = Object.keys(sets)
    .flatMap(name => /^members of (\d+)$/.exec(name)?.[1] ?? [])
    .map(Number) as (typeof mesh.vni)[]
  const everyVni = [...(mesh.mode === 'vxlan' ? [mesh.vni] : []), ...vnis]
  const routers =
    "Which routers there are is no container's to say, nor another node's: LXD has every interface believe router advertisements, and a VRF even hears its own."
  const vxlan =
    'The kernel takes VXLAN on every address it has, from anybody. Ours comes out of the tunnel, from a member.'
  const sessions = 'BGP and BFD are among nodes that have a session.'
  const asked = 'The mesh asks this host under addresses of the mesh, and nothing behind it.'
  const strangers = 'The addresses that this host has in the mesh are for the mesh.'
  return [
    host('drop', routers, { from: { on: unrouted(devices) }, what: { kind: 'routers' } }),
    ...(mesh.mode === 'vxlan'
      ? [
          host('pass', vxlan, {
            from: { on: tunnel },
            what: { kind: 'overlay', port, vni: mesh.vni },
          }),
        ]
      : []),
    ...vnis.map(vni =>
      host('pass', vxlan, {
        from: { on: tunnel, within: `members of ${vni}` },
        what: { kind: 'vxlan', port, vnis: [vni] },
      }),
    ),
    ...(everyVni.length > 0 ? [host('drop', vxlan, { what: { kind: 'vxlan', port, vnis: everyVni } })] : []),
    ...tenants.filter(({ at }) => at === 'host'),
    host('pass', sessions, {
      from: { on: overlay.length > 0 ? overlay : tunnel, within: 'sessions' },
      what: { kind: 'sessions' },
    }),
    host('pass', sessions, {
      from: { on: tunnel, within: 'evpn sessions' },
      what: { kind: 'sessions' },
    }),
    host('drop', sessions, { what: { kind: 'sessions' } }),
    ...foreign('host', here),
    ...metadataRows('host', here),
    ...keptApart('host', here),
    host('pass', asked, { from: { on: inside }, what: { kind: 'answer' } }),
    host('pass', asked, { from: { on: inside }, to: { within: 'mesh' } }),
    host('pass', asked, { from: { on: inside }, to: { within: 'announced' } }),
    host('pass', asked, { from: { on: inside }, to: { within: 'link' } }),
    ...leavingClients('host', here),
    host('drop', asked, { from: { on: inside } }),
    ...bridges.map(({ name }) =>
      host('pass', "What else of this host its containers may ask is its owner's to say.", {
        from: { on: [name], within: at(name) },
      }),
    ),
    ...invited('host', here, strangers),
    host('drop', strangers, { to: { within: 'mesh' }, what: { kind: 'elsewhere' } }),
  ]
}

/** Interfaces that no router of this host is behind. A bridge of the operator's may well lead to one. */
const unrouted = (devices: readonly DevicePlan[]): InterfaceName[] =>
  devices.filter(({ carries, maker }) => carries !== 'frames' && maker !== null).map(({ name }) => name)
