import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printMesh, removeNode, renameNode, setKey } from '../../src/edit/index.js'
import { load, specOf } from '../../src/index.js'
import type { ExpectSpec } from '../../src/model/expect.js'
import { expectFlowText, expectLossText } from '../../src/model/expect.js'
import { parse } from '../../src/parse/parse.js'
import { keyRingFor } from '../support/keys.js'
import { forAll } from '../support/property.js'

const read = (text: string): ExpectSpec => {
  const spec = parse({ file: 'mesh.ini', text: `[mesh]\n${text}` })
  if (!spec.ok) throw new Error(spec.diagnostics.map(({ message }) => message).join('\n'))
  if (!spec.value.expect) throw new Error('there is no [expect]')
  return spec.value.expect
}

const saidIn = ({ reach, isolate, survive }: ExpectSpec) => ({
  reach: reach.map(expectFlowText),
  isolate: isolate.map(expectFlowText),
  survive: survive.map(({ value }) => expectLossText(value)),
})

describe('[expect]', () => {
  test('says flows and losses, one or several on a line, each at its place', () => {
    const text =
      '[expect]\nisolate[] = tenant blue -> tenant red\nisolate[]="internet->node1/ciabbr0, lan node1/eth1 ->  2001:DB8::1"\nreach = client phone -> 10.0.0.0/8\nsurvive = 1 node\nsurvive[] = site home , node n2'
    const found = read(text)
    expect(saidIn(found)).toEqual({
      reach: ['client phone -> 10.0.0.0/8'],
      isolate: ['tenant blue -> tenant red', 'internet -> node1/ciabbr0', 'lan node1/eth1 -> 2001:db8::1'],
      survive: ['1 node', 'site home', 'node n2'],
    })
    const lines = `[mesh]\n${text}`.split('\n')
    for (const { from, to } of [...found.reach, ...found.isolate])
      for (const { span } of [from, to])
        expect(lines[span.line - 1]?.slice(span.column - 1, span.column - 1 + span.length)).toMatch(
          /^(tenant (blue|red)|internet|node1\/ciabbr0|lan node1\/eth1|2001:DB8::1|client phone|10\.0\.0\.0\/8)$/,
        )
  })

  test('what is printed of it reads as it is, and so do objects', () => {
    const name = fc.constantFrom('a', 'b-1', 'node7')
    const end = fc.oneof(
      fc
        .tuple(fc.constantFrom('node', 'tenant', 'segment', 'client', 'site'), name)
        .map(words => words.join(' ')),
      name.map(one => `${one}/eth0`),
      name.map(one => `lan ${one}/eth0`),
      fc.constantFrom('internet', '10.1.2.3', 'fd00::/64'),
    )
    const flows = fc.array(
      fc.tuple(end, end).map(([from, to]) => `${from} -> ${to}`),
      { maxLength: 4 },
    )
    const losses = fc.array(
      fc.oneof(
        fc.constantFrom('1 node', '1 site'),
        name.map(one => `site ${one}`),
      ),
      {
        maxLength: 3,
      },
    )
    forAll(fc.record({ reach: flows, isolate: flows, survive: losses }), said => {
      const described = specOf({ nodes: [], expect: said })
      expect(described.ok && described.value.expect && saidIn(described.value.expect)).toEqual(said)
      const printed = described.ok && printMesh(described.value)
      const again = printed ? parse({ file: 'mesh.ini', text: printed.ok ? printed.value : '' }) : null
      expect(again?.ok && again.value.expect && saidIn(again.value.expect)).toEqual(said)
    })
  })

  const mesh = [1, 2, 3, 4].map(id => `[node node${id}]\nid = ${id}\nendpoint = 203.0.113.${id}\n`).join('\n')
  const whole = `[mesh]\nname = ciabmesh\n\n${mesh}\n[client node]\nid = 9\n\n[expect]\nreach[] = node node1 -> node1/ciabbr0 ; node1\nreach[] = client node -> node node2\nisolate[] = internet->node2/ciabbr0\nsurvive = node node1\n`

  test('follows a name, and nothing that only looks like it', () => {
    expect(renameNode(whole, 'node1', 'home').split('[expect]')[1]).toBe(
      '\nreach[] = node home -> home/ciabbr0 ; node1\nreach[] = client node -> node node2\nisolate[] = internet->node2/ciabbr0\nsurvive = node home\n',
    )
    expect(renameNode(whole, 'node', 'phone', 'client').split('[expect]')[1]).toContain(
      'reach[] = client phone -> node node2\n',
    )
    expect(renameNode(renameNode(whole, 'node2', 'x'), 'x', 'node2')).toBe(whole)
  })

  test('keeps a node from being removed that it names', () => {
    const removed = removeNode(whole, 'node2')
    const text = removed.ok ? removed.value : ''
    const left = load({ file: 'mesh.ini', text }, keyRingFor(text))
    const lines = text.split('\n')
    expect(
      left.ok ? [] : left.diagnostics.map(({ code, span }) => [code, lines[(span?.line ?? 0) - 1]]),
    ).toEqual([
      ['unknown-node', 'reach[] = client node -> node node2'],
      ['unknown-node', 'isolate[] = internet->node2/ciabbr0'],
    ])
  })

  test('is set like other keys', () => {
    const set = setKey('[mesh]\n', 'expect', 'survive', ['1 node', 'site home'])
    expect(set.ok && set.value).toContain('[expect]\nsurvive[] = 1 node\nsurvive[] = site home')
  })

  test.each([
    ['reach = a -> node b', 'expect-syntax'],
    ['reach = node a', 'expect-syntax'],
    ['reach = node a -> node b -> node c', 'expect-syntax'],
    ['reach = node a <-> node b', 'expect-syntax'],
    ['reach = node a b -> node c', 'expect-syntax'],
    ['reach = node -> node c', 'expect-syntax'],
    ['isolate = tenant Blue -> internet', 'network-name'],
    ['isolate = 10.0.0.1/8 -> internet', 'prefix-host-bits'],
    ['isolate = 10.0.0.256 -> internet', 'address-syntax'],
    ['isolate = a/b/c -> internet', 'expect-syntax'],
    ['survive = 2 nodes', 'expect-syntax'],
    ['survive = everything', 'expect-syntax'],
    ['survive = none', 'expect-syntax'],
    ['reaches = node a -> node b', 'unknown-key'],
    ['reach = node a -> node b,', 'value-list'],
  ])('%s is %s', (line, code) => {
    const spec = parse({ file: 'mesh.ini', text: `[mesh]\n[expect]\n${line}\n` })
    expect(spec.ok ? [] : spec.diagnostics.map(one => one.code)).toEqual([code])
  })

  test.each([
    ['reach[] = node a -> node b\nisolate[] = node a -> node b', 'value-conflict'],
    ['reach[] = node a -> node b\nreach[] = node a -> node b', 'value-list'],
    ['reach[] = node c -> node b', 'unknown-node'],
    ['reach[] = tenant x -> node b', 'unknown-tenant'],
    ['reach[] = segment x -> node b', 'unknown-segment'],
    ['reach[] = site x -> node b', 'expect-name'],
    ['reach[] = a/eth9 -> node b', 'expect-name'],
    ['reach[] = a/ciabbr0 -> a/ciabbr0', 'expect-empty'],
    ['reach[] = 192.168.1.1 -> a/ciabbr0', 'expect-empty'],
    ['survive[] = node a', 'expect-empty'],
    ['survive[] = 1 site', 'expect-empty'],
  ])('%s is %s in a mesh of a and b', (lines, code) => {
    const text = `[mesh]\nname = ciabmesh\n[node a]\nid = 1\nendpoint = 203.0.113.1\n[node b]\nid = 2\nendpoint = 203.0.113.2\n[expect]\n${lines}\n`
    const mesh = load({ file: 'mesh.ini', text }, keyRingFor(text))
    expect(mesh.ok ? [] : mesh.diagnostics.map(one => one.code)).toEqual([code])
  })
})
