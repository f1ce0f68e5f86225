import { describe, expect, it } from 'vitest'
import { format } from '../src/diagnostics/index.js'
import {
  addExclusions,
  joinGroup,
  removeNode,
  renameNode,
  setKey,
  withoutNextKey,
} from '../src/edit/index.js'
import { importFrr, importMesh } from '../src/import/index.js'
import { load } from '../src/load.js'

/**
 * What reads texts of others reads long ones in a time that grows no faster than they do: a regular expression that
 * tries again from each place takes minutes for what a person pastes by mistake.
 */
const length = 40_000

/** Milliseconds of the processor for a text that is read in a few. */
const patience = 700

const units = [
  ...[
    ' ',
    '\t',
    ':',
    '[',
    ']',
    '=',
    ',',
    '"',
    "'",
    '-',
    '.',
    'a',
    '0',
    '\\',
    '/',
    '#',
    ';',
    '\n',
    ' \n',
    '[:',
    '":',
    '",',
  ],
  ...[
    '"\\"',
    'a,',
    ' ,',
    "', '",
    ' "',
    '::',
    ']:',
    'A1',
    'Aa+',
    'type vxlan ',
    '0.',
    '%',
    '\u200b',
    '\ud800',
    '\r',
    '\r\n',
  ],
]

const head = '[mesh]\nname = m\n\n[node a]\nid = 1\nendpoint = none\n\n[node b]\nid = 2\nendpoint = none\n'
const none = { privateKeys: new Map(), presharedSeed: null }
const read = (text: string): unknown => load({ file: 'mesh.ini', text }, none)
const wg = (text: string): unknown => importMesh({ wgQuick: [{ file: 'a.conf', text }] })
const vwgen = (text: string): unknown => importMesh({ vwgen: { file: 'm.conf', text } })

/** Readers, and where in what they read the long text stands. */
const places: Readonly<Record<string, (long: string) => unknown>> = {
  'mesh.ini, a line': long => read(head + long),
  'mesh.ini, a line that ends': long => read(`${head}${long}x\n`),
  'mesh.ini, a header': long => read(`${head}[node ${long}]\nid = 3\n`),
  'mesh.ini, a key': long => read(`${head}${long} = x\n`),
  ...Object.fromEntries(
    ['endpoint', 'allowed-ips', 'post-up', 'public-key', 'container-address', 'containers', 'lan'].map(
      key => [`mesh.ini, ${key}`, (long: string) => read(`${head}${key} = x${long}x\n`)],
    ),
  ),
  'mesh.ini, members': long => read(`${head}[group g]\nmembers = a,${long}b\n`),
  'wg, a line': long => wg(`[Interface]\n${long}`),
  'wg, a name': long => wg(`[Interface]\nPrivateKey = x\n# ${long}x\n[Peer]\n# ${long}x\nPublicKey = y\n`),
  'wg, many comments': long => wg(`[Interface]\n${`# ${long.slice(0, 2)}\n`.repeat(20_000)}[Peer]\n`),
  'wg, a line that ends': long => wg(`[Interface]\nx${long}x\n`),
  ...Object.fromEntries(
    ['Address', 'Endpoint', 'AllowedIPs', 'PostUp', 'PublicKey'].map(key => [
      `wg, ${key}`,
      (long: string) =>
        wg(`[Interface]\nPrivateKey = ${'A'.repeat(43)}=\n${key} = x${long}x\n[Peer]\n${key} = x${long}x\n`),
    ]),
  ),
  'wg, a VXLAN device': long => wg(`[Interface]\nPostUp = ip link add v type vxlan ${long};\n`),
  'wg, a comment': long => wg(`[Interface]\n#${long}x\n`),
  'vwgen, a line': long => vwgen(`[Node.a]\n${long}`),
  ...Object.fromEntries(
    ['Endpoint', 'PrivateKey', 'PostUp'].map(key => [
      `vwgen, ${key}`,
      (long: string) => vwgen(`[Node.a]\n${key} = ${JSON.stringify(`[${long}x`)}\n`),
    ]),
  ),
  'vwgen, a name': long => vwgen(`[Node.${JSON.stringify(`x${long}x`)}]\nListenPort = 1\n`),
  'frr, a line': long =>
    importFrr({ file: 'mesh.ini', text: head }, [{ file: 'frr.conf', text: `router bgp 1\n ${long}x\n` }]),
  'an edit, a list': long => {
    const text = `${head}[exclude]\na = x${long}x\n[group g]\nmembers = x${long}x, b\n`
    return [
      setKey(text, 'node a', 'site', ['x']),
      addExclusions(text, 'b', ['c']),
      joinGroup(text, 'g', 'a'),
      removeNode(text, 'b'),
      renameNode(text, 'b', 'c'),
      withoutNextKey(text, 'a'),
    ]
  },
  'a diagnostic': long =>
    format(
      {
        severity: 'error',
        code: 'ini-syntax',
        message: `"${long}`,
        hint: long,
        span: { file: long, line: 1, column: 1, length: 1 },
      },
      { [long]: long },
    ),
}

describe.each(Object.entries(places))('%s', (_, place) => {
  it('is read in time however long', () => {
    const slow = units.flatMap(unit => {
      const long = unit.repeat(Math.ceil(length / unit.length))
      const begun = process.cpuUsage()
      try {
        place(long)
      } catch (error) {
        if (error instanceof RangeError) throw error
      }
      const spent = process.cpuUsage(begun).user / 1000
      return spent > patience ? [`${JSON.stringify(unit)}: ${spent.toFixed(0)} ms`] : []
    })
    expect(slow).toEqual([])
  }, 600_000)
})
