import { describe, expect, test } from 'vitest'
import type { Mesh, NodePlan } from '../../src/index.js'
import { planner } from '../../src/index.js'
import { meshText, resolved } from '../support/resolved.js'

/** Nodes n1 to nN, in a mesh that leaves reflectors to us. */
const plansOf = (count: number, more: readonly string[] = [], networks = ''): NodePlan[] => {
  const mesh: Mesh = resolved(
    `${meshText(['reflectors = auto', ...more], ...Array.from({ length: count }, () => []))}${networks}`,
  )
  return mesh.nodes.map(planner(mesh))
}

const shapes = (plans: readonly NodePlan[]) =>
  plans.map(({ routing }) => [routing.role, routing.neighbors.length, routing.clients.length])

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)

describe('reflectors = auto', () => {
  test('up to 20 nodes all speak with all', () => {
    expect(shapes(plansOf(20))).toEqual(times(20, ['peer', 19, 0]))
    for (const { routing } of plansOf(20)) expect(routing.reflected).toEqual([])
  })

  test('from 21 on two reflect for the others, who speak with these two alone', () => {
    const plans = plansOf(21)
    expect(shapes(plans)).toEqual([...times(2, ['reflector', 1, 19]), ...times(19, ['client', 2, 0])])
    const namesOf = (of: 'neighbors' | 'clients', at: number) =>
      plans[at]?.routing[of].map(({ name }) => name)
    expect([namesOf('neighbors', 0), namesOf('neighbors', 1), namesOf('neighbors', 20)]).toEqual([
      ['n2'],
      ['n1'],
      ['n1', 'n2'],
    ])
    expect(namesOf('clients', 0)).toEqual(Array.from({ length: 19 }, (_, at) => `n${at + 3}`))
    for (const { routing } of plans)
      expect(routing.reflected).toEqual([{ prefix: '10.77.0.0/16', from: 24, to: 24 }])
  })

  test('and so they do for EVPN, be they on a segment or not', () => {
    const segment = '\n[segment dmz]\nnodes = n1, n5, n21\n'
    const evpnOf = (plans: readonly NodePlan[], at: number) => [
      plans[at]?.evpn?.neighbors.map(({ name }) => name),
      plans[at]?.evpn?.clients.map(({ name }) => name),
    ]
    const few = plansOf(20, [], segment.replace(', n21', ''))
    expect([evpnOf(few, 0), few[1]?.evpn, evpnOf(few, 4)]).toEqual([[['n5'], []], null, [['n1'], []]])
    const many = plansOf(21, [], segment)
    expect(evpnOf(many, 0)).toEqual([['n2'], ['n5', 'n21']])
    // It is on no segment itself, and reflects for those who are.
    expect(evpnOf(many, 1)).toEqual([['n1'], ['n5', 'n21']])
    expect(many[1]?.evpn?.segments).toEqual([])
    expect(evpnOf(many, 4)).toEqual([['n1', 'n2'], []])
    expect(many[2]?.evpn).toBeNull()
  })

  test('the 21st node changes the sessions of all, the 22nd those of the reflectors alone', () => {
    const sessions = (count: number) =>
      plansOf(count)
        .slice(0, 20)
        .map(({ routing: { role, neighbors, clients } }) =>
          JSON.stringify([role, [...neighbors, ...clients].map(({ name }) => name)]),
        )
    const changed = (a: readonly string[], b: readonly string[]) =>
      a.flatMap((text, at) => (text === b[at] ? [] : [`n${at + 1}`]))
    const [before, with21, with22] = [sessions(20), sessions(21), sessions(22)]
    expect(changed(before, with21)).toHaveLength(20)
    expect(changed(with21, with22)).toEqual(['n1', 'n2'])
  })

  test('without VXLAN too', () => {
    expect(shapes(plansOf(20, ['mode = l3']))).toEqual(times(20, ['peer', 19, 0]))
    expect(shapes(plansOf(21, ['mode = l3'])).slice(0, 3)).toEqual([
      ['reflector', 1, 19],
      ['reflector', 1, 19],
      ['client', 2, 0],
    ])
  })
})
