import { describe, expect, it } from 'vitest'
import { nextSteps } from '../../src/cli/output/next-steps.js'
import { loadMesh } from '../../src/cli/workspace/workspace.js'
import { generate, type NodeNotes } from '../../src/index.js'
import { session } from './session.js'

const { ok, path, run, text } = session()

const three = 'init ciabmesh --nodes node1=203.0.113.1,node2=198.51.100.2,node3'
const said = async (line: string): Promise<string> => {
  const { code, stderr } = await run(line.split(' '))
  expect(code).toBe(0)
  return stderr
}

describe('what gen says is to be done next', () => {
  it('for new nodes: what to install and open, to copy, and to start for good', async () => {
    await ok(three)
    const text = await said('gen')
    expect(text).toMatch(/\nnode1 and node2: new\n {2}apt-get install .*wireguard-tools.*frr/)
    expect(text).toMatch(/\n {2}open UDP port 51820 .*\n[\s\S]*\nnode3: new\n/)
    expect(text.match(/open UDP port/g)).toHaveLength(1)
    expect(text).toContain(
      '\n  tar -C out/$node --owner=0 --group=0 -c etc | ssh root@$node tar -C / --no-overwrite-dir -x\n' +
        '  ssh root@$node sh /etc/ciab/apply.sh --enable\n',
    )
  })

  it('for changed ones: which file, what is run, what that interrupts; the same ones once', async () => {
    await ok(three)
    await ok('gen')
    await ok('set node node2 endpoint 192.0.2.99')
    const text = await said('gen')
    expect(text).toMatch(
      /\nnode1 and node3: changed\n {2}etc\/wireguard\/ciabmesh\.conf: wg set, .*; interrupts nothing/,
    )
    expect(text).not.toContain('node2: ')
    expect(text).toContain('\n  ssh root@$node sh /etc/ciab/apply.sh\n')
    expect(text).toContain('\nmore: out/_mesh/NODE.md\n')
    // Nothing is left to do.
    expect(await said('gen')).toBe('out: 3 nodes, nothing to change\n')
  })

  it('for one node: with its name', async () => {
    await ok(three)
    await ok('gen')
    await ok('set node node2 hostname other')
    const text = await said('gen -o out')
    expect(text).toContain('\nnode2: changed\n')
    expect(text).toContain(
      '| ssh root@node2 tar -C / --no-overwrite-dir -x\n  ssh root@node2 sh /etc/ciab/apply.sh\n',
    )
    expect(text).toContain('\nmore: out/_mesh/node2.md\n')
  })

  it('for nodes and files that are gone', async () => {
    await ok(three)
    await ok('gen')
    await ok('remove-node node2')
    await ok('set node node3 container-runtime none')
    const text = await said('gen')
    expect(text).toContain('\nnode2: no longer in the mesh')
    expect(text).toContain(
      '\n  to be deleted there: rm /etc/ciab/lxd/ciabbr0.yaml /etc/ciab/lxd/preseed.yaml\n',
    )
  })

  it('but not of preshared keys whose peers are gone: apply.sh deletes those', async () => {
    await ok(three)
    await ok('set mesh preshared-keys yes')
    await ok('set node node1 tunnel networkd')
    await ok('gen')
    await ok('remove-node node2')
    expect(await ok('gen')).toContain('removed out/node1/etc/ciab/keys/node2.psk\n')
    expect(text('out/_mesh/node1.md')).toContain(
      '\nA file that is no longer in the tree stays on the node until you delete it there, but for `etc/ciab/keys/*.psk` that',
    )
    await ok('set mesh preshared-keys no')
    const said = (await run(['gen'])).stderr
    expect(said).toContain('\nnode1: changed\n')
    expect(said).not.toContain('to be deleted')
  })

  it('for nodes without apply.sh: which part of their notes', async () => {
    await ok(three)
    await ok('set targets installer none')
    const first = await said('gen')
    expect(first).toMatch(/\nnode1 and node2: new\n/)
    expect(first).toContain(
      '\n  tar -C out/$node --owner=0 --group=0 -c etc | ssh root@$node tar -C / --no-overwrite-dir -x\n' +
        '  what the notes say under "The first time"\n' +
        'more: out/_mesh/NODE.md\n',
    )
    await ok('set node node2 endpoint 192.0.2.99')
    const then = await said('gen')
    expect(then).toContain('\n  what the notes say under "After a change"\n')
    expect(then).toMatch(
      /\n {2}etc\/wireguard\/ciabmesh\.conf: interrupts every peer for a moment, .*, or every/,
    )
    await ok('set node node1 installer apply')
    expect(await said('gen')).toContain('\n  ssh root@node1 sh /etc/ciab/apply.sh\n')
    expect(first + then).not.toContain('apply.sh')
    await ok('set targets installer apply')
    await ok('gen')
    await ok('set node node1 installer none')
    const back = await said('gen')
    expect(back).toContain('\nnode1: changed\n')
    expect(back).toContain('\n  to be deleted there: rm /etc/ciab/apply.conf /etc/ciab/apply.sh\n')
    for (const heading of ['The first time', 'After a change'])
      expect(text('out/_mesh/node1.md')).toContain(`\n## ${heading}\n`)
    expect(text('out/_mesh/node1.md')).not.toContain('apply.sh')
  })

  it('for a thousand nodes in as many lines as for two', async () => {
    await ok('init ciabmesh --nodes a,b=192.0.2.1')
    const { mesh } = loadMesh({ file: 'mesh.ini', io: undefined as never, directory: path() })
    const [tree] = [...generate(mesh)]
    const names = Array.from({ length: 1000 }, (_, index) => `n${index}`)
    const notes = new Map(names.map(name => [name, { ...(tree?.notes as NodeNotes), node: name }]))
    const changes = names.map(name => ({ path: `${name}/etc/frr/frr.conf`, kind: 'changed' as const }))
    const lines = nextSteps('out', changes, notes)
    expect(lines[0]).toBe('n0, n1 and 998 more: changed')
    expect(lines).toContain('next, for each $node of these 1000:')
    expect(lines.length).toBeLessThan(8)
    // As many different things to do as nodes.
    const odd = names.map(name => ({ path: `${name}/etc/${name}`, kind: 'removed' as const }))
    expect(nextSteps('out', odd, notes).length).toBeLessThan(20)
    expect(nextSteps('out', odd, notes).at(-1)).toMatch(/^n8, n9 and 990 more: /)
  })

  it('not where nothing was written, or nothing that a node could use', async () => {
    await ok(three)
    expect((await run(['gen', '--check'])).stderr).toMatch(/^out: 3 nodes, \d+ to be created\n$/)
    expect(await said('gen --public -o review')).toMatch(/^review: 3 nodes, \d+ created\n$/)
  })

  it('in words that a shell takes, whatever the directory is called', async () => {
    await ok(three)
    const { stderr } = await run(['gen', '-o', "it's out"])
    expect(stderr).toContain("  tar -C 'it'\\''s out'/$node ")
  })
})
