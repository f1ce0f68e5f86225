import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { noAnswer } from '../../src/cli/output/answer.js'
import { nextSteps } from '../../src/cli/steps/next-steps.js'
import { loadMesh } from '../../src/cli/workspace/loading.js'
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
      '\n  for node in node1 node2 node3; do\n' +
        '    tar -C out/$node --owner=0 --group=0 -c etc | ssh root@$node tar -C / --no-overwrite-dir -x &&\n' +
        '    ssh root@$node sh /etc/ciab/apply.sh --enable\n' +
        '  done\n',
    )
  })

  it('for changed ones: what is different, what that interrupts, and what to paste', async () => {
    await ok(three)
    await ok('gen')
    await ok('set node node2 endpoint 192.0.2.99')
    expect(await said('gen')).toBe(
      'out: 3 nodes, 5 changed\n' +
        'node2: endpoint 192.0.2.99:51820 instead of 198.51.100.2:51820\n' +
        'interrupts nothing\n' +
        'next:\n' +
        '  for node in node1 node3; do\n' +
        '    tar -C out/$node --owner=0 --group=0 -c etc | ssh root@$node tar -C / --no-overwrite-dir -x &&\n' +
        '    ssh root@$node sh /etc/ciab/apply.sh\n' +
        '  done\n' +
        'more: out/_mesh/NODE.md\n',
    )
    // Nothing is left to do.
    expect(await said('gen')).toBe('out: 3 nodes, nothing to change\n')
  })

  it('where the tree does not say what it was made of: which file, what is run, what that may interrupt', async () => {
    await ok(three)
    await ok('gen')
    rmSync(path('out/_mesh/mesh.ini'))
    await ok('set node node2 endpoint 192.0.2.99')
    const text = await said('gen')
    expect(text).toMatch(
      /\nnode1 and node3: changed\n {2}etc\/wireguard\/ciabmesh\.conf: wg set, .*; interrupts nothing/,
    )
    expect(text).not.toContain('node2: ')
    expect(text).toContain('\n    ssh root@$node sh /etc/ciab/apply.sh\n')
    writeFileSync(path('out/_mesh/mesh.ini'), '[mesh]\nnonsense\n')
    await ok('set node node2 endpoint 192.0.2.98')
    expect(await said('gen')).toContain('\nnode1 and node3: changed\n')
  })

  it('a mesh.ini in every tree, the same with and without secrets, and none of the nodes that were not asked for', async () => {
    await ok(three)
    await ok('gen node1')
    expect(existsSync(path('out/_mesh/mesh.ini'))).toBe(false)
    await ok('gen')
    await ok('gen --public -o review')
    for (const tree of ['out', 'review']) {
      expect(text(`${tree}/_mesh/mesh.ini`)).toBe(text('mesh.ini'))
      expect(statSync(path(`${tree}/_mesh/mesh.ini`)).mode & 0o777).toBe(0o644)
      expect(text(`${tree}/.ciab-gen.json`)).toMatch(/"_mesh": \[.*"mesh.ini"/)
    }
    const before = text('mesh.ini')
    await ok('set node node1 keepalive 25')
    expect(await ok('diff')).toContain('+++ out/_mesh/mesh.ini\n')
    await ok('gen node1')
    expect(text('out/_mesh/mesh.ini')).toBe(before)
  })

  it('a new name is no departure and no arrival', async () => {
    await ok(three)
    await ok('gen')
    await ok('rename-node node3 edge3')
    const text = await said('gen')
    expect(text).not.toMatch(/no longer in the mesh|: new\n|--enable/)
    expect(text).toContain('\nedge3: node3 by another name, host name edge3 instead of node3\n')
    expect(text).toContain(
      '\nto have the host keep its name: ciab-gen set node edge3 hostname node3 && ciab-gen gen\n',
    )
    expect(text).toContain(
      '\n1. ssh root@node3 hostnamectl set-hostname edge3\n' +
        '   tar -C out/edge3 --owner=0 --group=0 -c etc | ssh root@node3 tar -C / --no-overwrite-dir -x\n' +
        '   ssh root@node3 sh /etc/ciab/apply.sh\n' +
        '2. for node in node1 node2; do\n',
    )
  })

  it('nor with another key or id', async () => {
    await ok(three)
    await ok('set node node3 hostname box')
    await ok('gen')
    await ok('rename-node node3 edge3')
    await ok('rotate-key edge3')
    await ok('set node edge3 container-runtime none')
    const text = await said('gen')
    expect(text).not.toMatch(/no longer in the mesh|: new\n|hostnamectl|--enable/)
    expect(text).toMatch(/\nedge3: node3 by another name, .*another key/)
    // apply.sh deletes what its record has and the tree has not.
    expect(text).toContain('\n   ssh root@node3 sh /etc/ciab/apply.sh\n')
    expect(text).not.toContain('rm -f')
  })

  it('a machine that takes a name over is new, and the one of before has left', async () => {
    await ok(three)
    await ok('gen')
    await ok('remove-node node3')
    await ok('add-node node3')
    const text = await said('gen')
    expect(text).toContain('\nnode3: new\n')
    expect(text).toContain('\nnode3: no longer in the mesh\n')
    expect(text).toContain('\n   ssh root@node3 sh /etc/ciab/apply.sh --enable\n')
    // By its name one would reach the new one.
    expect(text).not.toContain('ssh root@node3 sh /etc/ciab/apply.sh --remove')
    expect(text).toContain('# on the machine that was node3 before: sh /etc/ciab/apply.sh --remove\n')
  })

  it('for a staged key: who is told of it, then who gets it, then the rest', async () => {
    await ok(three)
    await ok('gen')
    await ok('rotate-key node2 --stage')
    const staged = await said('gen')
    expect(staged).toContain(
      '\nnode2: about to have another key\ninterrupts nothing\nnext:\n1. for node in node1 node3; do\n',
    )
    expect(staged).toContain(
      ' &&\n     ssh root@$node sh /etc/ciab/follow-keys.sh --background\n   done\n' +
        '2. ciab-gen rotate-key node2 && ciab-gen gen\n',
    )
    expect(staged).not.toContain('apply.sh')
    await ok('rotate-key node2')
    const rotated = await said('gen')
    expect(rotated).toContain(
      '\ninterrupts\n  between node2 and each of node1 and node3 for a second at most, where follow-keys.sh runs;',
    )
    expect(rotated).toMatch(
      /\n1\. tar -C out\/node2 .*\n {3}ssh root@node2 sh \/etc\/ciab\/apply\.sh\n2\. for node in node1 node3; do\n/,
    )
    // apply.sh itself deletes what followed the keys.
    expect(rotated).not.toContain('rm -f')
  })

  it('for a key that nobody knows of yet: its node first, and how long nothing passes', async () => {
    await ok(three)
    await ok('gen')
    await ok('rotate-key node2')
    const text = await said('gen')
    expect(text).toContain(
      '\n  between node2 and each of node1 and node3, until the new files of both are in effect and up to 5 s longer\n',
    )
    expect(text).toMatch(/\n1\. tar -C out\/node2 [\s\S]*\n2\. for node in node1 node3; do\n/)
  })

  it('for another port: what to open before, its node first, and who does not hear of it', async () => {
    await ok(three)
    await ok('gen')
    await ok('set node node1 listen-port 4500')
    const one = await said('gen')
    expect(one).toContain(
      "\nnode1: before its files are copied\n  open UDP port 4500 in the cloud's own firewall, for the other nodes\n",
    )
    expect(one).toContain(
      '\ninterrupts\n  between node1 and node3, until the new files of both are in effect\n  between node1 and node2, for a second at most\nnext:\n1. tar -C out/node1',
    )
    await ok('set mesh port 4501')
    const all = await said('gen')
    expect(all).toContain(
      '\ninterrupts\n  between node2 and node3, until the new files of both are in effect\n  between node2 and node1, for a second at most\n  between node3 and node1, for a second at most\nnext:\n1. for node in node2 node3; do',
    )
  })

  it.each([
    [
      'set mesh vni 4242',
      'the mesh: VNI 4242 instead of ',
      '\n  what containers of different nodes send each other, until the new files of both are in effect and up to 10 s longer\n  on node1, node2 and node3: what vciabmesh carries, while it is made anew and up to 10 s longer\n',
    ],
    [
      'set mesh path-mtu 1450',
      'the mesh: MTU\n',
      '\n  on node1, node2 and node3: packets of more than 1320 bytes from containers on ciabbr0, until',
    ],
    [
      'set mesh path-mtu 1600',
      'the mesh: MTU\n',
      '\n  on node1, node2 and node3: DHCP and DNS of ciabbr0 for a second\n',
    ],
    ['set mesh families ipv4', 'the mesh: MTU', '\ninterrupts\n'],
    ['set mesh bfd 300 3', 'the mesh: BFD 300 3 instead of 1000 3\n', '\ninterrupts nothing\n'],
    [
      'set mesh timers 5 20',
      'the mesh: timers of BGP 5 20 instead of 10 30, which a session has from its next start on\n',
      '\nnext:\n',
    ],
    [
      'set mesh asn 64513',
      'the mesh: AS number 64513 instead of 64512\n',
      ': all of its BGP sessions, and for up to 10 s the way to the containers of other nodes\n',
    ],
    ['set node node1 keepalive 20', 'node1: keepalive 20 s instead of none\n', '\ninterrupts nothing\n'],
    [
      'set node node1 overlay-address 10.78.9.9',
      'node1: overlay addresses\n',
      '\n  on node1: connections with its address 10.78.0.1\n',
    ],
    ['add-node node4', 'node4: new\n', '\ninterrupts nothing\n'],
    ['remove-node node3', 'node3: no longer in the mesh\n', '\ninterrupts nothing between nodes that stay\n'],
  ])('%s: what that is and interrupts', async (line, fact, interrupts) => {
    await ok(three)
    await ok('gen')
    const words = line.split(' ')
    const value = words.splice(words[1] === 'mesh' ? 3 : words[0] === 'set' ? 4 : words.length).join(' ')
    expect((await run(value ? [...words, value] : words)).code).toBe(0)
    const text = await said('gen')
    expect(text).toContain(`\n${fact}`)
    expect(text).toContain(interrupts)
  })

  it.each([
    ['set node node1 forward eth1', 'node1: forwards by eth1 instead of none\n', true],
    ['set node node2 forward none', 'node2: forwards by none instead of eth2\n', false],
    ['set node node1 metadata yes', "node1: the cloud's metadata is open to its containers\n", true],
    ['set node node2 metadata no', "node2: the cloud's metadata is shut to its containers\n", false],
    ['set node node1 allowed-ips 192.0.2.0/24', 'node1: allowed IPs 192.0.2.0/24 instead of none\n', false],
    ['set segment late nodes node1 node2', 'the mesh: segments\n', true],
    ['set segment web nodes node1 node3', 'the mesh: segments\n', false],
    // node3 and node4, both behind NAT, meet through another.
    ['remove-node node1', 'node1: no longer in the mesh\n', false],
    ['remove-node node4', 'node4: no longer in the mesh\n', true],
  ])('%s: whether that it interrupts nothing is said', async (line, fact, nothing) => {
    await ok(`${three},node4`)
    await ok('set node node2 forward eth2')
    await ok('set node node2 metadata yes')
    await ok('set segment web nodes node2 node3')
    await ok('gen')
    await ok(line)
    const text = await said('gen')
    expect(text).toContain(`\n${fact}`)
    expect(/\ninterrupts nothing( between nodes that stay)?\n/.test(text)).toBe(nothing)
  })

  it('leaving a segment is for good, another VNI for a second', async () => {
    await ok(three)
    await ok('set segment web nodes node1 node2 node3')
    await ok('gen')
    await ok('set segment web nodes node1 node2')
    expect(await said('gen')).toContain('\n  on node3: segment web, which it is no longer on\n')
    await ok('set segment web vni 5002')
    expect(await said('gen')).toContain('\n  on node1 and node2: segment web, for about a second\n')
  })

  it('after another ciab-gen, whose programs are others: file by file, and not that it interrupts nothing', async () => {
    await ok(three)
    await ok('gen')
    for (const node of ['node1', 'node2', 'node3'])
      writeFileSync(path(`out/${node}/etc/ciab/apply.sh`), '#!/bin/sh\n')
    await ok('set node node2 keepalive 20')
    const text = await said('gen')
    expect(text).toMatch(
      /\nnode2: keepalive 20 s instead of .*\nnode1 and node3: changed\n|\nnode1, node2 and node3: changed\n/,
    )
    expect(text).not.toContain('\ninterrupts nothing\n')
  })

  it('those that come, last', async () => {
    await ok(three)
    await ok('gen')
    await ok('add-node node4')
    expect(await said('gen')).toMatch(
      /\n1\. for node in node1 node2 node3; do\n[\s\S]*\n2\. tar -C out\/node4 .*\n {3}ssh root@node4 sh \/etc\/ciab\/apply\.sh --enable\n/,
    )
  })

  it('for one node: with its name', async () => {
    await ok(three)
    await ok('gen')
    await ok('set node node2 hostname other')
    const text = await said('gen -o out')
    expect(text).toContain('\nnode2: host name other instead of node2\n')
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
    expect(text).toContain('     ssh root@$node sh /etc/ciab/apply.sh\n')
    expect(text).toContain('\n2. ssh root@node2 sh /etc/ciab/apply.sh --remove\n')
    expect(text).not.toContain('rm -f')
    await ok('set targets installer none')
    await ok('gen')
    await ok('set node node1 container-runtime none')
    expect(await said('gen')).toContain(
      '\n  # on node1: rm -f /etc/ciab/lxd/ciabbr0.yaml /etc/ciab/lxd/preseed.yaml\n',
    )
  })

  it('and of preshared keys whose peers are gone', async () => {
    await ok(three)
    await ok('set mesh preshared-keys yes')
    await ok('set node node1 tunnel networkd')
    await ok('gen')
    await ok('remove-node node2')
    expect(await ok('gen')).toContain('removed out/node1/etc/ciab/keys/node2.psk\n')
    await ok('set mesh preshared-keys no')
    const said = (await run(['gen'])).stderr
    expect(said).toContain('\nthe mesh: preshared keys\n')
    expect(said).not.toContain('rm -f')
  })

  it('for nodes without apply.sh: which part of their notes', async () => {
    await ok(three)
    await ok('set targets installer none')
    const first = await said('gen')
    expect(first).toMatch(/\nnode1 and node2: new\n/)
    expect(first).toContain(
      '\n  for node in node1 node2 node3; do\n' +
        '    tar -C out/$node --owner=0 --group=0 -c etc | ssh root@$node tar -C / --no-overwrite-dir -x\n' +
        '  done\n' +
        '  # on node1, node2, node3: what the notes say under "The first time"\n' +
        'more: out/_mesh/NODE.md\n',
    )
    await ok('set node node2 endpoint 192.0.2.99')
    const then = await said('gen')
    expect(then).toContain('\n  # on node1, node3: what the notes say under "After a change"\n')
    // What the tools say of an interruption is of apply.sh.
    expect(then).not.toMatch(/^interrupts/m)
    await ok('set mesh vni 4242')
    expect(await said('gen')).not.toContain('while it is made anew')
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
    expect(back).toContain('\nnode1: tools\n')
    expect(back).toContain(
      '\n  # on node1: rm -f /etc/ciab/apply.conf /etc/ciab/apply.sh /etc/ciab/tree.sha256\n',
    )
    for (const heading of ['The first time', 'After a change'])
      expect(text('out/_mesh/node1.md')).toContain(`\n## ${heading}\n`)
    expect(text('out/_mesh/node1.md')).not.toContain('apply.sh')
  })

  it('for a thousand nodes in as many lines as for two', async () => {
    await ok('init ciabmesh --nodes a,b=192.0.2.1')
    const { mesh } = loadMesh({
      ...{ file: 'mesh.ini', io: { stderr: { isTerminal: false } } as never, directory: path() },
      ...{ format: 'text', version: '', answer: noAnswer, point: () => {} },
    })
    const [tree] = [...generate(mesh)]
    const names = Array.from({ length: 1000 }, (_, index) => `n${index}`)
    const notes = new Map(names.map(name => [name, { ...(tree?.notes as NodeNotes), node: name }]))
    const changes = names.map(name => ({ path: `${name}/etc/frr/frr.conf`, kind: 'changed' as const }))
    const told = {
      out: 'out',
      command: 'ciab-gen',
      notes,
      clients: new Map(),
      alike: new Set<string>(),
      change: null,
      onNode: () => [],
    }
    const lines = nextSteps({ ...told, changes })
    expect(lines[0]).toBe('n0, n1 and 998 more: changed')
    expect(lines).toContain(`  for node in ${names.join(' ')}; do`)
    expect(lines.length).toBeLessThan(10)
    const few = nextSteps({ ...told, changes: changes.slice(2) })
    expect(few).toContain(`  for node in ${names.slice(2).join(' ')}; do`)
    // As many different things to do as nodes.
    const odd = names.map(name => ({ path: `${name}/etc/${name}`, kind: 'removed' as const }))
    expect(nextSteps({ ...told, changes: odd }).length).toBeLessThan(20)
  })

  it.each([
    ['set client c via node2', 'node2'],
    ['rotate-key c', 'node1'],
    ['set node node1 listen-port 4000', 'node1'],
    ['rotate-key node1', 'node1'],
    ['remove-node node1', 'node2'],
  ])('that a client is out until it has its new file: %s', async (line, carrier) => {
    await ok(three)
    await ok('add-client c')
    await ok('gen')
    await ok(line)
    const text = await said('gen')
    expect(text).toContain(
      `\n  between client c and the mesh, until ${carrier} has its files and c its new one\n`,
    )
    expect(text).toMatch(/\nclient c: (once \w+ has applied its files, )?import out\/c\/ciabmesh\.conf on it/)
  })

  it.each(['add-client d', 'rename-client c e', 'set node node3 keepalive 20'])(
    'that a client is not touched: %s',
    async line => {
      await ok(three)
      await ok('add-client c')
      await ok('gen')
      await ok(line)
      expect(await said('gen')).not.toContain('between client')
    },
  )

  it('for many that leave by their own names: nobody else loses the mesh', async () => {
    const names = Array.from({ length: 15 }, (_, index) => `m${index + 1}`)
    await ok(`init ciabmesh --nodes ${names.map((name, at) => `${name}=192.0.2.${at + 1}`).join()}`)
    await ok('add-client phone')
    await ok('gen')
    const gone = names.slice(2).sort().join(' ')
    await ok(`remove-node ${gone}`)
    const text = await said('gen')
    expect(text).toContain(
      `2. for node in ${gone}; do\n     ssh root@$node sh /etc/ciab/apply.sh --remove\n   done\n`,
    )
    expect(text).toContain('1. for node in m1 m2; do\n')
    // Whatever is to be done, each loop names its nodes.
    expect([...text.matchAll(/for node in (.*);/g)].map(([, words]) => words)).toEqual(['m1 m2', gone])
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
