import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { load, planner, renderer, type Target, targets, textOf } from '../../src/index.js'
import { applyProgram, inOrder } from '../../src/render/program.js'
import { hosts } from '../../src/targets/hosts/index.js'
import { judged } from '../support/judge.js'
import { keyRingFor } from '../support/keys.js'
import { fixtures, meshOf } from '../support/meshes.js'
import { meshText } from '../support/resolved.js'
import { Host, hostTools } from '../targets/host.js'

const text = meshText(
  [
    'domain = mesh.example.net',
    '[targets]',
    ...['firewall', 'tunnel', 'overlay', 'containers', 'routing'].map(concern => `${concern} = none`),
    'names = hosts',
  ],
  ['hostname = n1'],
)

/** A target whose part of apply.sh is this. */
const partly = (part: string): Target => ({
  ...hosts,
  files: () => [],
  part: ['status_hosts() { :; }\napply_hosts() { :; }\n', part],
  facts: () => ({ units: ['one.service'] }),
})

describe('the frame of apply.sh', () => {
  const parts = `
apply_hosts() {
  permit 640 root:root /etc/one
  permit 600 root:root /etc/one /etc/two
}
status_hosts() {
  ok all
  return 3
}
`
  const host = new Host(partly(parts))
  afterAll(() => host.remove())
  const lay = (path: string, mode: number): void => {
    writeFileSync(host.at(path), '')
    chmodSync(host.at(path), mode)
  }

  beforeEach(() => {
    host.reset()
    host.lay(text)
    for (const path of ['etc/one', 'etc/two']) lay(path, 0o644)
  })

  judged(hostTools, 'sets the mode of a path that several parts name once, as the first has it', () => {
    const changes = 'set the permissions of /etc/one to 640\nset the permissions of /etc/two to 600\n'
    expect(host.apply('--dry-run').output).toBe(
      `${changes.replaceAll(/^/gm, 'would ').replace(/would $/, '')}2 changes would be made\n`,
    )
    expect(host.apply().output).toBe(`${changes}2 changes\n`)
    expect(host.apply().output).toBe('nothing changed\n')
  })

  judged(hostTools, 'sees to itself, and to files about units where systemd does not run', () => {
    lay('etc/one', 0o640)
    lay('etc/two', 0o600)
    chmodSync(host.at('etc/ciab/apply.sh'), 0o700)
    const said = host.apply(
      '',
      'mkdir -p /etc/systemd/system/one.service.d && umask 077 && : >/etc/systemd/system/one.service.d/ciab.conf',
    )
    expect(said.output).toBe(
      'set the permissions of /etc/ciab/apply.sh to 755\n' +
        'set the permissions of /etc/systemd/system/one.service.d/ciab.conf to 644\n2 changes\n',
    )
  })

  judged(hostTools, 'does nothing where a part refuses', () => {
    const refused = new Host(partly(`${parts}check_hosts() { refuse no; }\n`))
    refused.reset()
    refused.lay(text)
    for (const path of ['etc/one', 'etc/two', 'etc/ciab/apply.sh']) {
      writeFileSync(refused.at(path), '', { flag: 'a' })
      chmodSync(refused.at(path), 0o604)
    }
    const said = ['', '--dry-run', '--enable'].map(option => refused.apply(option))
    const modes = ['etc/one', 'etc/two', 'etc/ciab/apply.sh'].map(path => statSync(refused.at(path)).mode)
    const compared = refused.apply('--status')
    refused.remove()
    expect(said).toEqual(Array(3).fill({ status: 1, output: 'stopped, with nothing changed: no\n' }))
    expect(modes.map(mode => mode & 0o777)).toEqual([0o604, 0o604, 0o604])
    expect(compared.output).toContain('ok   all\n')
  })

  judged(hostTools, 'says of a part that could not compare that it is not as it should be', () => {
    expect(host.apply('--status')).toEqual({
      status: 1,
      output: 'ok   all\nBAD  hosts: cannot be compared\n',
    })
  })

  judged(
    [...hostTools, 'sysctl'],
    'finds settings that the kernel has otherwise, but for those it does not know',
    () => {
      const found = new Host(partly('apply_hosts() { unsettled /etc/settings; }\n'))
      found.reset()
      found.lay(text)
      writeFileSync(
        found.at('etc/settings'),
        '# net.ipv4.ip_forward = 7\nnet.ipv4.ip_forward = 0\nnet.ipv4.conf.all.rp_filter=2\nnet.ipv4.conf.absent.rp_filter = 2\n',
      )
      const { output } = found.apply('', 'sysctl -qw net.ipv4.ip_forward=0 net.ipv4.conf.all.rp_filter=1')
      found.remove()
      expect(output).toBe('net.ipv4.conf.all.rp_filter\nnothing changed\n')
    },
  )
})

describe('apply.sh', () => {
  const whole = 'apply_hosts() { say "$hosts_word"; }\nstatus_hosts() { :; }\n'
  const worded = (word: string, part = whole): Target => ({
    ...hosts,
    files: () => [],
    part: [part],
    facts: () => ({ variables: { hosts_word: word } }),
  })
  const told = (target: Target, before = 'true') => {
    const host = new Host(target)
    host.reset()
    host.lay(text)
    const said = host.apply('', before)
    host.remove()
    return said
  }

  judged(hostTools, 'reads in its data what a part has to know, and takes it as it is', () => {
    expect(told(worded('$(reboot) `reboot` \\ "'))).toEqual({
      status: 0,
      output: '$(reboot) `reboot` \\ "\nnothing changed\n',
    })
  })

  judged(hostTools, 'needs its data, but to say how it is used', () => {
    const without = told(worded('x'), 'rm /etc/ciab/apply.conf')
    expect(without).toEqual({
      status: 1,
      output: 'apply.sh: cannot read /etc/ciab/apply.conf, which says what is on this node\n',
    })
    const help = told(worded('x'), 'rm /etc/ciab/apply.conf && sh /etc/ciab/apply.sh --help')
    expect(help.output).toMatch(/^Usage: sh \/etc\/ciab\/apply\.sh/)
  })

  judged(hostTools, 'does nothing where it is older than its data', () => {
    expect(told(worded('x', 'status_hosts() { :; }\n'))).toEqual({
      status: 1,
      output: 'apply.sh: has no part hosts, which /etc/ciab/apply.conf names: copy all files anew\n',
    })
  })

  test('sets what apply.conf leaves out, since a node has none of it', () => {
    const none = new Set<string>()
    for (const mesh of fixtures.map(fixture => meshOf(fixture, true)))
      for (const node of mesh.nodes.map(planner(mesh)))
        for (const target of inOrder(node, targets))
          for (const [name, value] of Object.entries(target.facts(node).variables ?? {}))
            if (value === '') none.add(name)
    expect(none.size).toBeGreaterThan(15)
    const program = textOf(applyProgram(targets).content)
    for (const name of none) expect(program).toMatch(new RegExp(`^(\\w+='' )*${name}=''`, 'm'))
  })

  test('has no data that could end its quotes', () => {
    for (const word of ["'", '\n', '\u0000']) expect(() => new Host(worded(word)).lay(text)).toThrow()
  })

  test('is one for all nodes and meshes, and has a part of a target that is none of ours', () => {
    const own: Target = { ...worded('x', 'apply_my_own() { :; }\nstatus_my_own() { :; }\n'), name: 'my-own' }
    const filesOf = renderer([...targets, own])
    const chosen = (lines: string) => {
      const text = meshText([lines], [])
      const mesh = load({ file: 'mesh.ini', text }, keyRingFor(text), [...targets, own])
      if (!mesh.ok) throw new Error(JSON.stringify(mesh.diagnostics))
      return mesh.value.nodes.map(node => {
        const files = filesOf(planner(mesh.value)(node))
        const [program, data] = ['sh', 'conf'].map(end =>
          files.find(({ path }) => path === `etc/ciab/apply.${end}`),
        )
        return { program, parts: /^parts='(.*)'$/m.exec(textOf(data?.content ?? []))?.[1] }
      })
    }
    const [one, other] = [chosen('domain = mesh.example.net\n[targets]\nnames = my-own'), chosen('')]
    expect(one[0]?.parts).toBe('guard wg_quick lxd iproute2 frr my_own')
    expect(other[0]?.parts).toBe('guard wg_quick lxd iproute2 frr')
    expect(textOf(one[0]?.program?.content ?? [])).toContain('\napply_my_own() { :; }\n')
    // Not only the same: it is there once.
    expect(new Set([...one, ...other].map(({ program }) => program?.content)).size).toBe(1)
  })
})
