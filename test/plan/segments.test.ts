import { describe, expect, test } from 'vitest'
import { generate, type Mesh, type NodePlan, planner, textOf } from '../../src/index.js'
import { letsIn } from '../oracles/filters.js'
import { type FrrFile, readFrr } from '../oracles/frr.js'
import { meshText, resolved } from '../support/resolved.js'

const reflecting = [['reflector = yes'], ['reflector = yes'], [], []]
const six = ['underlay = 10.79.0.0/16, fd79::/64', 'overlay = 10.78.0.0/16, fd78::/64']

const segments = `
[segment dmz]
subnet = 10.90.0.0/16 /24, fd90::/64
nodes = n3, n4
vni = 201

[segment lan]
nodes = n4
vni = 202
`

const meshOf = (mesh: readonly string[], nodes: readonly (readonly string[])[], text = segments): Mesh =>
  resolved(meshText(mesh, ...nodes) + text)

const plansOf = (mesh: Mesh) => mesh.nodes.map(planner(mesh))

const carryingContainers = ({ devices }: NodePlan): string[] =>
  devices.filter(({ carries }) => carries === 'containers').map(({ name }) => name)

const confsOf = (mesh: Mesh): FrrFile[] =>
  [...generate(mesh)].flatMap(({ files }) => {
    const conf = files.find(({ path }) => path === 'etc/frr/frr.conf')
    return conf ? [readFrr(textOf(conf.content))] : []
  })

describe('a segment in the hosts’ own routing table', () => {
  const plans = plansOf(meshOf(six, [[], [], [], []]))

  test('is known to the packet filter of its members alone, but part of the mesh to all', () => {
    expect(plans.map(({ firewall }) => firewall.policy.sets.own)).toEqual([
      ['10.77.1.0/24'],
      ['10.77.2.0/24'],
      ['10.77.3.0/24', '10.90.0.0/16', 'fd90::/64'],
      ['10.77.4.0/24', '10.90.0.0/16', 'fd90::/64'],
    ])
    for (const { firewall } of plans) {
      expect(firewall.policy.sets.mesh).toEqual(expect.arrayContaining(['10.90.0.0/16', 'fd90::/64']))
      expect(firewall.policy.sets.local).not.toContain('10.90.0.0/16')
    }
    expect(plans.map(carryingContainers)).toEqual([
      ['ciabbr0'],
      ['ciabbr0'],
      ['ciabbr0', 'br-dmz'],
      ['ciabbr0', 'br-dmz', 'br-lan'],
    ])
    expect(plans.map(({ evpn }) => evpn?.vnis ?? null)).toEqual([null, null, [201], [201, 202]])
  })

  test('is announced by each member, beside its own networks', () => {
    expect(plans[2]?.routing.shared).toEqual(['10.90.0.0/16', 'fd90::/64'])
    expect(plans[2]?.routing.originates).toEqual(['10.77.3.0/24'])
    const accepted = plans[0]?.routing.neighbors.map(({ accepts }) => accepts)
    expect(accepted).toEqual([
      ['10.77.2.0/24'],
      ['10.77.3.0/24', '10.90.0.0/16', 'fd90::/64'],
      ['10.77.4.0/24', '10.90.0.0/16', 'fd90::/64'],
    ])
  })

  test('has the same gateway and MAC address on each, and leases of its own there', () => {
    const [one, other] = [plans[2], plans[3]].map(plan =>
      plan?.containers.networks.find(({ bridge }) => bridge === 'br-dmz'),
    )
    expect(one?.addresses).toEqual(['10.90.0.1/16', 'fd90::1/64'])
    expect([other?.addresses, other?.mac]).toEqual([one?.addresses, one?.mac])
    expect(one?.mac).not.toBeNull()
    expect([one?.dhcp, other?.dhcp]).toEqual([
      ['10.90.3.100', '10.90.3.254'],
      ['10.90.4.100', '10.90.4.254'],
    ])
  })
})

describe('with reflectors', () => {
  test('its network is one of those that they may pass on', () => {
    for (const { routing } of plansOf(meshOf(six, reflecting)))
      expect(routing.reflected).toEqual([
        { prefix: '10.77.0.0/16', from: 24, to: 24 },
        { prefix: '10.90.0.0/16', from: 16, to: 16 },
        { prefix: 'fd90::/64', from: 64, to: 64 },
      ])
  })

  test('one that is on no segment hears all of them from the other, and a client only its own', () => {
    const [n1, , n3] = confsOf(meshOf(six, reflecting))
    const hears = (file: FrrFile | undefined, vni: number): boolean =>
      file !== undefined &&
      letsIn(file, 'evpn', '10.79.0.2', {
        prefix: 'everybody',
        nextHops: ['10.79.0.4'],
        communities: [`RT:64512:${vni}`, 'ET:8'],
      })
    expect([201, 202, 203].map(vni => hears(n1, vni))).toEqual([true, true, false])
    expect([201, 202, 203].map(vni => hears(n3, vni))).toEqual([true, false, false])
  })
})

describe('sessions', () => {
  const bare = '\n[segment lan]\n'

  test('are those between overlay addresses and others between VTEPs, or without VXLAN the same', () => {
    for (const nodes of [[[], [], [], []], reflecting]) {
      const [vxlan, l3] = [[], ['mode = l3']].map(lines => confsOf(meshOf(lines, nodes, bare)))
      for (const [at, file] of (vxlan ?? []).entries()) {
        const ends = [...file.neighbors.keys()].map(address => address.replace(/\.\d+$/, ''))
        const [overlay, vtep] = ['10.78.0', '10.79.0'].map(net => ends.filter(end => end === net).length)
        expect([at, overlay]).toEqual([at, vtep])
        const shared = [...(l3?.[at]?.neighbors.keys() ?? [])]
        expect(shared).toHaveLength(vtep ?? -1)
        expect(shared.every(address => address.startsWith('10.79.0.'))).toBe(true)
      }
    }
  })

  test.each([['vxlan'], ['l3']])('no neighbor is in two groups: %s', mode => {
    for (const nodes of [[[], [], [], []], reflecting]) {
      const mesh = meshOf([`mode = ${mode}`], nodes, bare)
      expect(plansOf(mesh).map(({ evpn }) => evpn?.sharesSessions)).toEqual(Array(4).fill(mode === 'l3'))
      for (const { files } of generate(mesh)) {
        const conf = files.find(({ path }) => path === 'etc/frr/frr.conf')
        const said = [...textOf(conf?.content ?? []).matchAll(/^ neighbor (\d\S*) peer-group /gm)]
        expect(new Set(said.map(([, address]) => address)).size).toBe(said.length)
      }
    }
  })
})
