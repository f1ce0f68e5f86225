import { describe, expect, test } from 'vitest'
import { codesAbout, diagnosticsAbout, meshText, nodeIn, resolved } from '../../support/resolved.js'

describe('ids', () => {
  test.each([
    [
      'the next after the highest',
      '[mesh]\n[node a]\nid = 7\nendpoint = none\n[node b]\nendpoint = none',
      ['write id = 8'],
    ],
    [
      'one each',
      '[mesh]\n[node a]\nendpoint = none\n[node b]\nendpoint = none',
      ['write id = 1', 'write id = 2'],
    ],
    [
      'not one that was given away',
      '[mesh]\nnext-id = 5\n[node a]\nid = 1\nendpoint = none\n[node b]\nendpoint = none',
      ['write id = 5'],
    ],
    ['for a number taken', '[mesh]\n[node a]\nid = 3\n[node b]\nid = 3', ['write id = 4']],
  ])('the hint is %s', (_, text, hints) => {
    expect(diagnosticsAbout(text).map(({ hint }) => hint)).toEqual(hints)
  })

  test('and what is wrong with them is said alone, in the order of the file', () => {
    const text =
      '[mesh]\nasn = 1\n[group g]\nmembers = c\n[node a]\n[node A]\nid = 1\n[node b]\nid = 1\n[group h]\n'
    expect(codesAbout(text)).toEqual([
      ...[
        'unknown-node members = c',
        'missing-id [node a]',
        'duplicate-node [node A]',
        'duplicate-id id = 1',
        'missing-key [group h]',
      ],
    ])
  })

  test('a mesh has nodes', () => {
    expect(codesAbout('[mesh]\n')).toEqual(['missing-section [mesh]'])
  })

  test('the nodes of a mesh come in order of id, whatever the file’s', () => {
    const text = meshText([], ['id = 30'], ['id = 4'], ['id = 17'])
    expect(resolved(text).nodes.map(({ id }) => id)).toEqual([4, 17, 30])
  })

  test('there may be a hundred thousand without', () => {
    const text = `[mesh]\n${Array.from({ length: 100_000 }, (_, at) => `[node n${at}]\n`).join('')}`
    expect(diagnosticsAbout(text, 'hidden')).toHaveLength(100_000)
  })
})

describe('names that JavaScript knows', () => {
  test('are names like any other', () => {
    const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty']
    const text = `${meshText([], ...names.map(name => [`[node ${name}]`]))}\n[exclude]\nvalueOf = toString\n[group constructor]\nmembers = toString\nkeepalive = 9`
    const mesh = resolved(text)
    expect(mesh.nodes.map(({ name }) => name)).toEqual(names)
    expect(nodeIn(mesh, 'toString').keepalive).toBe(9)
    expect(mesh.detours.get(3)?.get(2)).toBe(1)
  })
})

describe('groups', () => {
  const group = (name: string, ...lines: string[]) => `\n[group ${name}]\n${lines.join('\n')}`

  test('give their members what these do not say themselves', () => {
    const text =
      meshText([], ['keepalive = 5'], [], []) +
      group('g', 'members = n1, n2', 'keepalive = 9', 'post-up = true')
    expect(resolved(text).nodes.map(({ keepalive }) => keepalive)).toEqual([5, 9, null])
    expect(resolved(text).nodes.map(({ hooks }) => hooks.postUp)).toEqual([['true'], ['true'], []])
  })

  test.each([
    [
      'two that set one key',
      group('g', 'members = n1', 'keepalive = 1') + group('h', 'members = n1', 'keepalive = 2'),
      ['group-conflict keepalive = 2'],
    ],
    [
      'two that set two keys',
      group('g', 'members = n1', 'keepalive = 1') + group('h', 'members = n1', 'fwmark = 2'),
      [],
    ],
    ['a member twice', group('g', 'members = n1, n1'), ['value-list members = n1, n1']],
    ['nobody', group('g', 'keepalive = 1'), ['missing-key [group g]']],
    ['a stranger', group('g', 'members = n1, x'), ['unknown-node members = n1, x']],
    ['a key that groups have not', group('g', 'members = n1', 'id = 4'), ['unknown-key id = 4']],
  ])('%s', (_, groups, expected) => {
    expect(codesAbout(meshText([], []) + groups)).toEqual(expected)
  })

  test('that say something wrong say it once', () => {
    const text =
      meshText([], [], [], []) +
      group('g', 'members = n1, n2, n3', 'listen-port = 40000', 'routing = bird', 'path-mtu = 1450')
    expect(codesAbout(text)).toEqual([
      'ephemeral-port listen-port = 40000',
      'unknown-target routing = bird',
      'path-mtu path-mtu = 1450',
    ])
  })

  test('whose key a node overrides do not conflict over it', () => {
    const groups = group('g', 'members = n1', 'keepalive = 1') + group('h', 'members = n1', 'keepalive = 2')
    expect(nodeIn(resolved(meshText([], ['keepalive = 3']) + groups), 'n1').keepalive).toBe(3)
  })

  test('of strangers get a hint of bounded length', () => {
    const nodes = Array.from({ length: 300 }, () => ['endpoint = none'])
    const [fault] = diagnosticsAbout(
      `${meshText([], ...nodes)}${group('g', 'members = zzzzzzzzzzzzzzzz')}`,
      'hidden',
    )
    expect(fault?.hint).toMatch(/ and 270 more$/)
  })
})
