import { expect, test } from 'vitest'
import type { NodeReport } from '../../src/index.js'
import { until } from './rig/clock.js'
import type { Host } from './rig/host.js'
import { lackingMesh } from './rig/lacking.js'
import { thorough } from './rig/numbers.js'
import type { Outcome } from './rig/shell.js'
import { type Run, scenario } from './scenario.js'
import { firstApply } from './starts.js'

const applied = (host: Host, ...options: readonly string[]): Outcome =>
  host.machine.run(['sh', '/etc/ciab/apply.sh', ...options])

/** Where a file is edited by hand, what with, and how it is undone. */
const edits = [
  ['/etc/wireguard/ciabmesh.conf', 's/^PreUp/PostUp = true\\n&/'],
  ['/etc/ciab/guard.conf', '$a # mine'],
  ['/etc/frr/frr.conf', 's/^ bgp log-neighbor-changes/ timers bgp 7 21\\n&/'],
] as const

/** Instead of a command, one that does something else; what is put back is what was there. */
const instead = (host: Host, command: string, text: string): (() => void) => {
  const path = host.machine.must(['sh', '-c', `command -v ${command}`]).trim()
  host.machine.must(['sh', '-c', 'mv "$1" "$1.real" && cat >"$1" && chmod 755 "$1"', 'sh', path], {
    input: `#!/bin/sh\n${text}\n`,
  })
  return () => host.machine.sh('mv "$1.real" "$1"', path)
}

const steps = (run: Run): void => {
  const host = (): Host => run.lab.host('node2')

  test('a copy of the same tree is nothing to apply', () => {
    host().copy(run.lab.operator)
    // Owners and modes that tar has reset are waited for by a daemon.
    expect(applied(host(), '--dry-run')).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('again: /etc/frr'),
    })
    expect(host().apply()).toBe('nothing changed\n')
    expect(applied(host(), '--dry-run')).toMatchObject({ status: 0, stdout: 'nothing would change\n' })
    expect(host().machine.must(['stat', '-c', '%U:%G %a', '/etc/frr/frr.conf'])).toBe('frr:frr 640\n')
  })

  test.each(thorough ? edits : edits.slice(0, 1))(
    'an edit of %s is seen, and not applied unasked',
    (path, script) => {
      const { machine } = host()
      machine.must(['cp', '-p', path, '/run/lab/before'])
      machine.must(['sed', '-i', script, path])
      const shown = applied(host(), '--status')
      expect(shown).toMatchObject({
        status: 1,
        stdout: expect.stringContaining(`BAD  files: edited here: ${path}\n`),
      })
      expect(applied(host(), '--dry-run')).toMatchObject({
        status: 1,
        stderr: expect.stringContaining(`edited here: ${path}`),
      })
      const before = machine.must(['vtysh', '-c', 'show running-config'])
      expect(applied(host())).toMatchObject({
        status: 1,
        stderr: expect.stringContaining(`nothing changed: edited here: ${path}; copy the tree again`),
      })
      expect(machine.must(['vtysh', '-c', 'show running-config'])).toBe(before)
      host().copy(run.lab.operator)
      expect(host().apply()).toBe('nothing changed\n')
      machine.must(['rm', '/run/lab/before'])
    },
  )

  test.runIf(thorough)('an edit that is applied on purpose stays told of, until a copy overwrites it', () => {
    const { machine } = host()
    machine.must(['sed', '-i', edits[2][1], edits[2][0]])
    expect(host().apply('--with-edits')).toContain('taken as they are: edited here: /etc/frr/frr.conf\n')
    expect(machine.must(['vtysh', '-c', 'show running-config'])).toContain(' timers bgp 7 21\n')
    expect(applied(host(), '--dry-run').status).toBe(0)
    expect(applied(host(), '--status').stdout).toContain('the next copy overwrites /etc/frr/frr.conf\n')
    host().copy(run.lab.operator)
    expect(applied(host(), '--dry-run').status).toBe(3)
    expect(host().apply()).toContain('reload FRR\n')
    expect(machine.must(['vtysh', '-c', 'show running-config'])).not.toContain('timers bgp')
  })

  test.runIf(thorough)('"write" in vtysh is no edit, and what it does to the file no change', () => {
    const { machine } = host()
    const before = machine.must(['cat', '/etc/frr/frr.conf'])
    machine.must(['vtysh', '-c', 'write'])
    expect(machine.must(['cat', '/etc/frr/frr.conf'])).not.toBe(before)
    expect(host().apply()).toBe('nothing changed\n')
    expect(applied(host(), '--status').stdout).toContain('ok   files: as they were copied, and applied\n')
    // Of what runs and is not in the tree it makes one.
    machine.must([
      'vtysh',
      '-c',
      'configure terminal',
      '-c',
      'router bgp 64512',
      '-c',
      'timers bgp 7 21',
      '-c',
      'end',
      '-c',
      'write',
    ])
    expect(applied(host(), '--status').stdout).toContain('BAD  files: edited here: /etc/frr/frr.conf\n')
    host().copy(run.lab.operator)
    expect(host().apply()).toContain('reload FRR\n')
  })

  test('a file that the tree has no more goes, and another does not', () => {
    const { machine } = host()
    const { operator } = run.lab
    machine.must(['sh', '-c', 'echo mine >/etc/ciab/mine'])
    operator.edit(text => `${text}\n[targets]\nnames = hosts\n`)
    operator.ciabGen('gen')
    host().copy(operator)
    expect(applied(host(), '--status').stdout).toContain('BAD  files: copied, and not applied yet: ')
    host().apply()
    expect(machine.must(['cat', '/etc/hosts'])).toContain('BEGIN ciab-gen')
    operator.edit(text => text.replace('names = hosts', 'names = none'))
    operator.ciabGen('gen')
    host().copy(operator)
    expect(applied(host(), '--status').stdout).toContain(
      'BAD  files: no longer in the tree: /etc/ciab/hosts;',
    )
    expect(applied(host(), '--dry-run')).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('would delete /etc/ciab/hosts, which is no longer in the tree\n'),
    })
    expect(host().apply()).toContain('delete /etc/ciab/hosts, which is no longer in the tree\n')
    expect(machine.run(['test', '-e', '/etc/ciab/hosts']).status).toBe(1)
    expect(machine.must(['cat', '/etc/hosts'])).not.toContain('ciab-gen')
    expect(machine.must(['cat', '/etc/ciab/mine'])).toBe('mine\n')
    expect(host().apply()).toBe('nothing changed\n')
  })

  test('LXD that is not there, and a tool that hangs, are faults, and end', () => {
    const node = run.lab.host('node1')
    const restore = instead(node, 'lxc', 'exit 1')
    expect(applied(node)).toMatchObject({ status: 1, stdout: expect.stringContaining('LXD does not answer') })
    restore()
    node.machine.sh("sed 's/limited 120 vtysh/limited 3 vtysh/' /etc/ciab/apply.sh >/run/lab/impatient.sh")
    const again = instead(node, 'vtysh', 'exec sleep 1000')
    const hung = node.machine.run(['sh', '/run/lab/impatient.sh', '--status'])
    again()
    expect(hung).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('failed: vtysh does not answer'),
    })
    expect(node.apply()).toBe('nothing changed\n')
  })

  test.runIf(thorough)('two at once: the second says so', async () => {
    const { machine } = host()
    const holder = await machine.start(['sh', '-c', 'exec 9>/run/ciab/apply.lock; flock 9; exec sleep 60'])
    await until('the lock', 5, () => (applied(host()).status === 1 ? [] : ['not taken']))
    expect(applied(host()).stderr).toBe('apply.sh: another one is at work on this host; nothing was done\n')
    expect(applied(host(), '--dry-run').status).toBe(0)
    await holder.stop()
    await until('the lock', 5, () => (applied(host()).status === 0 ? [] : ['taken']))
    // What apply.sh starts does not keep the turn.
    machine.must(['/usr/lib/frr/frrinit.sh', 'stop'])
    host().apply()
    expect(host().apply()).toBe('nothing changed\n')
  })

  test('--status --json says the same as --status', async () => {
    await until('convergence', 60, () => lackingMesh(run.lab.hosts))
    const json = applied(host(), '--status', '--json').stdout
    const { sound, lines, tunnel, peers, sessions, ...rest } = JSON.parse(json) as NodeReport
    expect(rest).toEqual({
      version: 1,
      mesh: 'ciabmesh',
      node: 'node2',
      tree: expect.stringMatching(/^[0-9a-f]{64}$/),
      applied: rest.tree,
      appliedAt: expect.any(Number),
      time: expect.any(Number),
      silent: [],
    })
    expect(Math.abs(rest.time - Date.now() / 1000)).toBeLessThan(60)
    expect(tunnel).toMatchObject({ listenPort: 51820, mtu: 1420 })
    for (const one of peers)
      expect(one).toMatchObject({
        name: expect.stringMatching(/^node[13]$/),
        publicKey: expect.stringMatching(/^.{43}=$/),
        handshake: expect.any(Number),
        mtu: 1420,
        pathMtu: 1500,
      })
    expect(peers.every(({ receivedNow, sentNow }) => receivedNow > 0 && sentNow > 0)).toBe(true)
    expect(sessions.map(({ name, state, bfd, missing }) => [name, state, bfd, missing])).toEqual([
      ['node1', 'Established', 'up', []],
      ['node3', 'Established', 'up', []],
    ])
    const text = lines.map(line => `${(line.state === 'note' ? '' : line.state).padEnd(4)} ${line.text}`)
    const moving = /handshake|[0-9]+ s ago/
    const said = applied(host(), '--status').stdout.split('\n').slice(0, -1)
    expect(text.filter(line => !moving.test(line))).toEqual(said.filter(line => !moving.test(line)))
    expect(new Set(lines.map(({ part }) => part))).toEqual(
      new Set(['files', 'guard', 'wg_quick', 'lxd', 'frr']),
    )
    expect(sound).toBe(true)
    expect(applied(host(), '--json').status).toBe(2)
  })
}

scenario('edits by hand, and what apply.sh says', firstApply, steps, { size: 3 })
