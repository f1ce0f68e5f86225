import { expect, test } from 'vitest'
import { pathBetween } from '../../src/verify/index.js'
import { foldersOf } from './folders.js'

const path = (mesh: string, from: string, to: string, ...without: string[]) => {
  const flow = pathBetween(foldersOf(mesh), from, to, without)
  if ('ok' in flow) return flow.message
  const steps = [flow.there, flow.back].map(trip => trip?.steps.map(({ node, text }) => `${node}: ${text}`))
  return {
    verdict: flow.verdict,
    there: steps[0],
    back: steps[1],
    mtu: flow.there.mtu,
    why: flow.why?.message,
  }
}

test('what a packet between two containers meets', () => {
  expect(path('example', 'node1/10.77.1.5', 'node3/10.77.3.7')).toMatchObject({
    verdict: 'passes',
    mtu: 1370,
    there: [
      'node1: comes from 10.77.1.5 by ciabbr0',
      'node1: the packet filter lets it through (prerouting)',
      'node1: the packet filter lets it through (forward)',
      'node1: goes by vciabmesh to node3',
      'node3: the packet filter lets it through (prerouting)',
      'node3: the packet filter lets it through (forward)',
      'node3: goes out by ciabbr0',
    ],
  })
})

test('a tenant goes by its own VXLAN device', () => {
  const found = path('tenants', 'node1/ct-blue/10.91.1.5', 'node2/ct-blue/10.91.2.7')
  expect(found).toMatchObject({ verdict: 'passes' })
  expect(JSON.stringify(found)).toContain('goes by vx-blue (VNI 4001) to node2')
})

test('who carries what two nodes send each other that do not meet', () => {
  expect(JSON.stringify(path('relay', 'home1/10.77.10.5', 'home2/10.77.11.7'))).toContain(
    'home1: goes by vciabmesh to home2 by way of node1',
  )
})

test('a node alone stands for its first containers, and the nodes that forward are on the way', () => {
  expect(path('example', 'node1', 'node3')).toEqual(path('example', 'node1/10.77.1.50', 'node3/10.77.3.52'))
  const flow = pathBetween(foldersOf('relay'), 'home1', 'home2')
  expect('ok' in flow ? flow.message : flow.there.nodes).toEqual(['home1', 'node1', 'home2'])
})

test('the way without a node: none by a relay that is off, and by the reflector that is on', () => {
  expect(path('relay', 'home1', 'home2', 'node1')).toMatchObject({ verdict: 'fails' })
  expect(path('relay', 'home1', 'home2', 'node2')).toMatchObject({ verdict: 'passes' })
  expect(path('reflectors', 'node3', 'node4', 'node1')).toMatchObject({ verdict: 'passes' })
  expect(path('reflectors', 'node3', 'node4', 'node1', 'node2')).toMatchObject({ verdict: 'fails' })
  expect(path('example', 'node1', 'node3', 'node3')).toContain('there is no node node3')
})

test('where it ends', () => {
  expect(path('tenants', 'node1/ct-blue/10.91.1.5', 'node1/10.77.1.7')).toMatchObject({
    verdict: 'fails',
    why: 'node1 has no route to 10.77.1.7 for tenant blue',
  })
})

test.each([
  ['node9/10.77.1.5', 'node1/10.77.1.7', 'there is no node node9'],
  ['node1/', 'node1/10.77.1.7', '"node1/" is not a node and an address'],
  ['node1/10.99.1.5', 'node1/10.77.1.7', 'node1 has no network that 10.99.1.5 is in'],
  ['node1/10.91.1.5', 'node1/10.77.1.7', '10.91.1.5 may be on ct-blue or ct-red of node1'],
  [
    'node1/10.77.1.5',
    'node2/fd6c:1ab:7a3e:2::7',
    '10.77.1.5 and fd6c:1ab:7a3e:2::7 are of different families',
  ],
])('%s to %s is refused', (from, to, message) => {
  expect(path('tenants', from, to)).toBe(message)
})
