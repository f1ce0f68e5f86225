import { describe, expect, test } from 'vitest'
import { codesAbout, codesOfResolve, diagnosticsAbout, meshText, resolved } from '../../support/resolved.js'

const reflector = ['reflector = yes']
const nat = ['endpoint = none']
const without = ['routing = none']

const reflectorsIn = (text: string): string[] =>
  resolved(text)
    .nodes.filter(node => node.reflector)
    .map(({ name }) => name)

/** A mesh of `count` nodes; those at the given places, counted from 1, say something. */
const large = (
  mesh: readonly string[],
  said: Readonly<Record<number, readonly string[]>> = {},
  count = 21,
): string => meshText(mesh, ...Array.from({ length: count }, (_, at) => said[at + 1] ?? []))

const auto = ['reflectors = auto']

describe('who reflects', () => {
  test.each([
    ['nobody in a small mesh', large([], {}, 3), []],
    ['nobody in one of 20 nodes', large(auto, {}, 20), []],
    ['two of 21', large(auto), ['n1', 'n2']],
    ['nobody unless asked', large([]), []],
    ['nobody where mesh.ini says none', large(['reflectors = none']), []],
    ['those that say so, in any mesh', large([], { 2: reflector, 3: reflector }, 3), ['n2', 'n3']],
    ['those alone', large(auto, { 9: reflector, 12: reflector, 15: reflector }), ['n9', 'n12', 'n15']],
    ['not who cannot be dialled', large(auto, { 1: nat }), ['n2', 'n3']],
    ['not who routes by other means', large(auto, { 2: without }, 22), ['n1', 'n3']],
    ['not who has no segment from us', large(auto, { 1: ['overlay = none'] }), ['n2', 'n3']],
    [
      'who needs none in a mesh without',
      large([...auto, 'mode = l3'], { 1: ['overlay = none'] }),
      ['n1', 'n2'],
    ],
    ['not who does not want to', large(auto, { 1: ['reflector = no'] }), ['n2', 'n3']],
    ['not who does not peer with somebody', `${large(auto)}\n[exclude]\nn1 = n7`, ['n2', 'n3']],
    ['nobody where only 20 are routed', large(auto, { 5: without }), []],
  ])('%s', (_, text, expected) => {
    expect(reflectorsIn(text as string)).toEqual(expected)
  })

  test('is the same once more nodes come', () => {
    expect(reflectorsIn(large(auto, { 1: nat }, 30))).toEqual(reflectorsIn(large(auto, { 1: nat }, 21)))
  })

  test('a group says it for its members', () => {
    const text = `${large([], {}, 3)}\n[group core]\nmembers = n1, n3\nreflector = yes`
    expect(reflectorsIn(text)).toEqual(['n1', 'n3'])
  })
})

describe('what is said about it', () => {
  test.each([
    ['a large full mesh', large([]), ['full-mesh-large [mesh]']],
    ['one that is wanted', large(['reflectors = none']), ['full-mesh-large reflectors = none']],
    ['20 nodes', large([], {}, 20), []],
    ['one reflector', large([], { 2: reflector }, 3), ['single-reflector reflector = yes']],
    ['one reflector of two nodes', large([], { 2: reflector }, 2), []],
    ['two', large([], { 2: reflector, 3: reflector }, 3), []],
    [
      'a reflector without routing',
      large([], { 1: [...reflector, ...without], 2: reflector }, 3),
      ['value-conflict reflector = yes'],
    ],
    [
      'nobody to pick',
      large(auto, Object.fromEntries(Array.from({ length: 21 }, (_, at) => [at + 1, nat]))),
      ['no-reflector reflectors = auto', 'unreachable-pair endpoint = none'],
    ],
    [
      'only one to pick',
      large(auto, Object.fromEntries(Array.from({ length: 20 }, (_, at) => [at + 2, nat]))),
      ['no-reflector reflectors = auto', 'relayed-pair endpoint = none'],
    ],
    [
      'a client without a way to a reflector',
      `${large([], { 1: reflector }, 2)}\n[exclude]\nn1 = n2`,
      ['no-reflector [node n2]', 'unreachable-pair n1 = n2'],
    ],
    [
      'a client that another reflector reaches',
      `${large([], { 1: reflector, 2: reflector, 3: nat }, 3)}\n[exclude]\nn1 = n3`,
      ['relayed-pair n1 = n3'],
    ],
    [
      'reflectors apart from each other',
      meshText([], [...reflector, ...nat], [...reflector, ...nat]),
      ['no-reflector reflector = yes', 'unreachable-pair endpoint = none'],
    ],
    [
      'reflectors that meet through a relay',
      meshText([], [...reflector, ...nat], [...reflector, ...nat], []),
      ['relayed-pair endpoint = none'],
    ],
  ])('%s', (_, text, expected) => {
    expect([...codesAbout(text as string)].sort()).toEqual([...(expected as string[])].sort())
  })

  test('names what it is about', () => {
    const [alone] = diagnosticsAbout(large([], { 2: reflector }, 3))
    expect(alone?.message).toMatch(/^n2 alone/)
    const text = `${large([], { 1: reflector }, 2)}\n[exclude]\nn1 = n2`
    expect(diagnosticsAbout(text).map(({ message }) => message)).toContain('n2 has no way to any reflector')
  })

  test('a thousand nodes behind NAT, each without a way to the reflector, in one breath', () => {
    const nodes = Array.from({ length: 1000 }, (_, at) => [
      ...(at === 0 ? reflector : []),
      ...nat,
      `public-key = ${Buffer.from(`${at}`.padStart(32, 'k')).toString('base64')}`,
    ])
    const found = codesOfResolve(meshText(['containers = none'], ...nodes))
    expect(found.filter(code => code.startsWith('no-reflector'))).toHaveLength(999)
  })
})
