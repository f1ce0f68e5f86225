import { describe, expect, test } from 'vitest'
import { planner, targets } from '../../src/index.js'
import { meshText, resolved } from '../support/resolved.js'

const networks = `
[tenant blue]
containers = 10.91.0.0/16 /24
nodes = n1

[tenant red]
containers = 10.92.0.0/16 /24
nodes = n2
share = blue

[segment lan]
tenant = blue
subnet = 10.93.0.0/16 /24

[segment dmz]
subnet = 10.90.0.0/16 /24
nodes = n2
`

/** `NAME KIND SECTION: MAKER, MASTER, VRF, CARRIES` */
const devicesIn = (mesh: readonly string[], nodes: readonly (readonly string[])[], text: string) => {
  const made = resolved(meshText(mesh, ...nodes) + text)
  return made.nodes
    .map(planner(made))
    .map(({ devices }) =>
      devices.map(
        ({ name, kind, section, maker, master, vrf, carries }) =>
          `${name} ${kind} ${section}: ${maker}, ${master}, ${vrf}, ${carries}`,
      ),
    )
}

describe("a node's devices", () => {
  const [one, two] = devicesIn(
    [],
    [['containers[] = lxdbr0 10.5.5.1/24', 'containers[] = ciabbr0 auto'], []],
    networks,
  )

  test("are the mesh's, its own, its segments' and its tenants'", () => {
    expect(one).toEqual([
      'ciabmesh wireguard mesh: tunnel, null, null, nodes',
      'vciabmesh vxlan mesh: overlay, null, null, nodes',
      'lxdbr0 bridge node n1: null, null, null, containers',
      'ciabbr0 bridge node n1: containers, null, null, containers',
      'br-lan bridge segment lan: containers, vrf-blue, vrf-blue, tenant',
      'vx-lan vxlan segment lan: evpn, br-lan, vrf-blue, frames',
      'ct-blue bridge tenant blue: containers, vrf-blue, vrf-blue, tenant',
      'l3-blue bridge tenant blue: evpn, vrf-blue, vrf-blue, tenant',
      'vrf-blue vrf tenant blue: evpn, null, vrf-blue, tenant',
      'vx-blue vxlan tenant blue: evpn, l3-blue, vrf-blue, frames',
      'l3-red bridge tenant red: evpn, vrf-red, vrf-red, tenant',
      'vrf-red vrf tenant red: evpn, null, vrf-red, tenant',
      'vx-red vxlan tenant red: evpn, l3-red, vrf-red, frames',
    ])
  })

  test("of a tenant that shares are there without containers, and a hosts' segment is in no VRF", () => {
    expect(two).not.toContainEqual(expect.stringMatching(/^(ct-blue|br-lan) /))
    expect(two).toEqual(
      expect.arrayContaining([
        'vrf-blue vrf tenant blue: evpn, null, vrf-blue, tenant',
        'br-dmz bridge segment dmz: containers, null, null, containers',
        'vx-dmz vxlan segment dmz: evpn, br-dmz, null, frames',
      ]),
    )
  })

  test('have no VXLAN among them in a mesh without', () => {
    expect(devicesIn(['mode = l3'], [[]], '')).toEqual([
      [
        'ciabmesh wireguard mesh: tunnel, null, null, nodes',
        'ciabbr0 bridge node n1: containers, null, null, containers',
      ],
    ])
  })

  test('leave room for what is made beside the bridge of a segment', () => {
    const longest = `br-${'x'.repeat(8)}`
    const names = targets.flatMap(({ habits }) => (habits ? `${longest}${habits.companion}` : []))
    expect(names.map(({ length }) => length)).toEqual([15, 15])
  })
})
