import { describe, expect, test } from 'vitest'
import { parse } from '../../src/parse/parse.js'

const faults = (text: string) => {
  const result = parse({ file: 'mesh.ini', text: `[mesh]\n${text}\n` })
  return result.ok ? [] : result.diagnostics
}

describe('"none" beside other values', () => {
  test.each([
    ['[segment a]\nnodes = none, n1', 'write none alone, or the nodes alone'],
    ['[segment a]\nnodes = n1, none', 'write none alone, or the nodes alone'],
    ['[segment a]\nnodes = none,', 'write none alone, or the nodes alone'],
    ['[tenant a]\nnodes = n1 , none , n2', 'write none alone, or the nodes alone'],
    ['[tenant a]\nshare = none, b', 'write none alone, or the tenants alone'],
    ['[tenant a]\ncontainers = none, 10.80.0.0/16', 'write none alone, or the pools alone'],
    ['[segment a]\nsubnet = 10.90.0.0/16 /24, none', 'write none alone, or the pools alone'],
    ['containers = 10.77.0.0/16 /24, none', 'write none alone, or the pools alone'],
    ['[node n]\nendpoint = none, 203.0.113.1', 'write none alone, or the endpoints alone'],
    ['[node n]\nendpoint = none:51820', 'write none alone, or the endpoints alone'],
    ['[node n]\ncontainers = none, br0 10.77.1.0/24', 'write none alone, or the networks alone'],
    ['[node n]\ncontainers = br0 10.77.1.0/24, none', 'write none alone, or the networks alone'],
  ])('%j', (text, hint) => {
    expect(faults(text)).toMatchObject([
      {
        code: 'value-list',
        message: '"none" stands beside other values',
        hint,
        span: { column: text.startsWith('c') ? 14 : expect.any(Number) },
      },
    ])
  })

  test.each([
    ['[segment a]', 'nodes', 'n1'],
    ['[tenant a]', 'nodes', 'n1'],
    ['[tenant a]', 'share', 'b'],
    ['[node n]', 'containers', 'br0 auto'],
    ['[node n]', 'endpoint', 'a.example'],
  ])('%s %s[]: shown at its own line, wherever that is', (header, key, value) => {
    for (const [first, second, line] of [
      ['none', value, 3],
      [value, 'none', 4],
    ])
      expect(faults(`${header}\n${key}[] = ${first}\n${key}[] = ${second}`)).toMatchObject([
        { code: 'value-list', hint: 'delete this line, or the others', span: { line, length: 4 } },
      ])
  })

  test.each([
    ['[segment a]\nnodes = none'],
    ['[tenant a]\nshare = none'],
    ['[tenant a]\nnodes[] = none'],
    ['containers = none'],
    ['[node n]\ncontainers = none'],
    ['[node n]\nendpoint = none'],
  ])('%j alone is fine', text => {
    expect(faults(text)).toEqual([])
  })
})

describe('nothing is called "none"', () => {
  test.each([
    ['[node none]', 'node-name', 2],
    ['[segment none]', 'network-name', 2],
    ['[tenant none]', 'network-name', 2],
    ['[segment a]\ntenant = none', 'network-name', 3],
  ])('%j: %s', (text, code, line) => {
    expect(faults(text)).toMatchObject([{ code, span: { line }, hint: expect.stringMatching(/\S/) }])
  })

  test('but a group, whose name no key has', () => {
    expect(faults('[group none]\nmembers = n1')).toEqual([])
  })
})

test('two sizes in one word are told apart', () => {
  expect(faults('[segment a]\nsubnet = 10.90.0.0/16/24')).toMatchObject([
    { code: 'prefix-syntax', hint: 'write them with a blank between: 10.90.0.0/16 /24' },
  ])
})

test('a container with its address first is told the order', () => {
  expect(faults('[node n]\ncontainer-address = 10.77.1.10 web')).toMatchObject([
    { code: 'container-name', hint: expect.stringMatching(/^write NAME ADDRESS/) },
  ])
  expect(faults('[node n]\ncontainer-address = 9web 10.77.1.10')[0]?.hint).toMatch(/beginning with a letter/)
})

test('timers may stand apart by any blank, and by nothing else', () => {
  expect(faults('timers = 10\t30')).toEqual([])
  expect(faults('timers = 10, 30')[0]?.hint).toBe('write them with a blank between, such as 10 30')
})

test.each([['maybe'], ['YES'], ['1']])('%s is neither yes nor no', value => {
  expect(faults(`preshared-keys = ${value}`)).toMatchObject([
    { code: 'value-choice', message: `"${value}" is not yes or no`, hint: 'write yes or no' },
  ])
})
