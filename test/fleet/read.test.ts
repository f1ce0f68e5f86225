import { describe, expect, test } from 'vitest'
import { readReports } from '../../src/index.js'
import { fc } from '../support/property.js'
import { meshWith, wellFleet } from './reports.js'

const fleet = [...wellFleet(meshWith(3)).values()]
const [first] = fleet
const said = (text: string): string => {
  const read = readReports(text, 'status/node1.json')
  if (read.ok) return 'read'
  expect(read.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['report-syntax', 'error']])
  return read.diagnostics[0]?.message ?? ''
}
const changed = (change: object): string => JSON.stringify({ ...first, ...change })

test('one report, several one after the other, and a list are read as they are', () => {
  for (const text of [
    fleet.map(report => `${JSON.stringify(report, null, 2)}\n`).join(''),
    fleet.map(report => JSON.stringify(report)).join(''),
    `\ufeff ${JSON.stringify(fleet)}\n`,
  ])
    expect(readReports(text, 'x')).toEqual({ ok: true, value: fleet, warnings: [] })
})

test('nothing is no report, and no fault', () => {
  for (const text of ['', ' \n'])
    expect(readReports(text, 'x')).toEqual({ ok: true, value: [], warnings: [] })
})

const head = 'status/node1.json is no report of a node: '

describe('what is none is told by its first fault', () => {
  test.each([
    ['ssh: connect to host node1', 'it is not JSON, or its end is missing'],
    [JSON.stringify(first).slice(0, -1), 'it is not JSON, or its end is missing'],
    ['{"a": "}', 'it is not JSON, or its end is missing'],
    ['{} x', 'it has no version'],
    ['[[]]', 'it is not an object'],
    ['[1]', 'it is not an object'],
    [changed({ version: 2 }), 'it is of version 2, and this ciab-gen reads 1'],
    [
      changed({ peers: undefined }),
      'its apply.sh is an older one, which has no peers in it: copy the tree, and run apply.sh',
    ],
    [changed({ node: 'node1\u001b[31m' }), 'node has characters that control a terminal, or are not seen'],
    [changed({ node: '../node1' }), "node is not a node's name"],
    [changed({ mesh: 'x\ny' }), 'mesh has characters that control a terminal, or are not seen'],
    [changed({ sound: 'yes' }), 'sound is not true or false'],
    [changed({ time: 1.5 }), 'time is not a whole number'],
    [changed({ tree: 'abc' }), 'tree is not a SHA-256'],
    [changed({ silent: 'vtysh' }), 'silent is not a list'],
    [changed({ tunnel: [] }), 'tunnel is not an object'],
    [
      changed({ peers: [...(first?.peers ?? []), { ...first?.peers[0], publicKey: 'x' }] }),
      'peers[2].publicKey is not a public key',
    ],
    [
      changed({ sessions: [{ ...first?.sessions[0], carries: 'frames' }] }),
      'sessions[0].carries is not routes or evpn',
    ],
    [
      changed({ lines: [{ state: 'ok', part: 'x', text: 'a\u202eb' }] }),
      'lines[0].text has characters that control a terminal, or are not seen',
    ],
    [
      changed({ lines: [{ state: 'ok', part: 'x', text: 'a'.repeat(70_000) }] }),
      'lines[0].text is longer than a line of --status',
    ],
  ])('%.40s', (text, why) => {
    expect(said(text)).toBe(`${head}${why}`)
  })
})

test('any text is read or refused, in one line', () => {
  const inside = fc.tuple(fc.nat(JSON.stringify(first).length), fc.string()).map(([at, more]) => {
    const text = JSON.stringify(first)
    return text.slice(0, at) + more + text.slice(at)
  })
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), inside), text => {
      expect(said(text)).toMatch(/^[^\p{Cc}]*$/u)
    }),
  )
})
