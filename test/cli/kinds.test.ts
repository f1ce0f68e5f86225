import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { session } from './session.js'

const { run, ok, path } = session()

/** Nine nodes behind NAT that vwgen gave addresses beside the metadata service, but for the first. */
const ofNine = async (more = ''): Promise<void> => {
  await ok('init ciabmesh --count 9 --format node%d')
  const text = ['[mesh]', ...(more === '' ? [] : [more])]
  for (let id = 1; id <= 9; id++)
    text.push(
      `[node node${id}]`,
      `id = ${id}`,
      `endpoint = ${id === 1 ? '203.0.113.1' : 'none'}`,
      `underlay-address = 169.254.7.${id}`,
    )
  writeFileSync(path('mesh.ini'), `${text.join('\n')}\n`)
}

describe('warnings', () => {
  test('that nine nodes have are a line, with the nodes named; one that is alone is drawn', async () => {
    await ofNine()
    const { stderr } = await run(['check'])
    expect(stderr).toContain(
      '\nwarning: an underlay address beside the cloud metadata service: node1, node2, node3, node4, node5, node6, node7, node8, node9 [link-local-underlay]\n' +
        'each of them, and what to write instead: ciab-gen check --verbose\n' +
        'mesh.ini: 9 nodes, sound, with 10 warnings\n',
    )
    expect(stderr.match(/warning:/g)).toHaveLength(2)
    expect(stderr).toMatch(
      /node2 and node3 do not peer and meet through node1 \(and 27 more pairs\)[^\n]*\n\n +\d+ \| /,
    )
  })

  test('are all drawn with --verbose, each at its line, more than twenty too', async () => {
    await ofNine()
    const { stderr } = await run(['check', '--verbose'])
    expect(stderr.match(/^mesh\.ini:\d+:\d+: warning: 169\.254\.7\.\d /gm)).toHaveLength(9)
    expect(stderr).not.toContain('--verbose')
  })

  test('of pairs name both, and of [mesh] its section', async () => {
    await ofNine('port = 40000')
    const { stderr } = await run(['gen'])
    expect(stderr).toMatch(/^mesh\.ini:\d+:\d+: warning: port 40000 .*\[ephemeral-port\]$/m)
    const text = `${'[mesh]\n'}${[1, 2, 3, 4].map(id => `[node node${id}]\nid = ${id}\nlisten-port = ${40000 + id}\nendpoint = 203.0.113.${id}`).join('\n')}\n[exclude]\nnode1 = node2\nnode3 = node4\n`
    writeFileSync(path('mesh.ini'), text)
    const told = (await run(['check'])).stderr
    expect(told).toContain(
      'warning: two nodes that meet through a third: node1 and node2, node3 and node4 [relayed-pair]\n',
    )
    expect(told).toContain('outgoing connections: node1, node2, node3, node4 [ephemeral-port]\n')
  })

  test('that name no place are the first, and how many more', async () => {
    const { report } = await import('../../src/cli/output/report.js')
    let said = ''
    const io = { env: {}, stderr: { isTerminal: false, write: (text: string) => (said += text) } }
    const one = (file: string) =>
      ({ severity: 'warning', code: 'key-mode', message: `others can read ${file}`, span: null }) as const
    report(io as never, [one('a.key'), one('b.key'), one('c.key')], {})
    expect(said).toMatch(/^warning: others can read a\.key \(and 2 more\) \[key-mode\]\n/)
  })
})
