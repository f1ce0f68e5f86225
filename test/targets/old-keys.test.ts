import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterAll, beforeEach, describe, expect } from 'vitest'
import { netplan } from '../../src/targets/netplan/index.js'
import { networkd } from '../../src/targets/networkd/index.js'
import { judged, type Verdict } from '../support/judge.js'
import { meshText } from '../support/resolved.js'
import { Host, hostTools } from './host.js'

const tools = [...hostTools, 'wg', 'wireguard-go', 'ip', 'bridge', 'networkctl', 'sysctl']

describe.each([networkd, netplan])('preshared keys that no peer has any more: $name', target => {
  const host = new Host(target)
  afterAll(() => host.remove())
  const keys = (...names: string[]): string => host.at(['etc/ciab/keys', ...names].join('/'))

  beforeEach(() => {
    host.reset()
    host.lay(
      meshText(
        [
          'preshared-keys = yes',
          '[targets]',
          ...['firewall', 'containers', 'routing', 'overlay'].map(concern => `${concern} = none`),
          `tunnel = ${target.name}`,
        ],
        ['hostname = n1'],
        ['hostname = n2'],
      ),
    )
    // netplan, in Python, looks its library up there.
    cpSync('/etc/ld.so.cache', host.at('etc/ld.so.cache'))
    for (const name of ['gone', 'Gone-2']) writeFileSync(keys(`${name}.psk`), 'of before\n')
    // Nothing of this is from here.
    for (const name of ['gone.psk.bak', 'two words.psk', '.psk', 'own.key', 'a.b.psk'])
      writeFileSync(keys(name), 'of somebody else\n')
    mkdirSync(keys('folder.psk'))
    symlinkSync('/etc/passwd', keys('link.psk'))
  })
  const others = ['.psk', 'a.b.psk', 'ciabmesh.key', 'folder.psk', 'gone.psk.bak', 'link.psk', 'n2.psk']
    .concat(['own.key', 'two words.psk'])
    .sort()
  const left = (): string[] => readdirSync(keys()).sort()

  /** The tunnel is there; nothing that makes it outlives the command. */
  const onTunnel = (commands: string): Verdict =>
    host.run(`unshare --pid --fork --kill-child --mount-proc sh -c '
      ip link add ciabmesh type wireguard 2>/dev/null || wireguard-go ciabmesh >/dev/null 2>&1
      ip link set ciabmesh up; ${commands}'`)

  const needed = target === netplan ? [...tools, 'netplan'] : tools
  judged(needed, 'are deleted, and nothing else in their folder', () => {
    const { status, output } = onTunnel('sh /etc/ciab/apply.sh && sh /etc/ciab/apply.sh')
    expect([status, output]).toEqual([0, expect.stringMatching(/nothing changed\n$/)])
    const [line] = output.match(/^delete .*$/gm) ?? []
    expect(line).toMatch(
      /^delete the preshared keys of (Gone-2, gone|gone, Gone-2), which no peer has any more$/,
    )
    expect(left()).toEqual(others)
  })

  judged(needed, 'are told of in a dry run, and stay', () => {
    const { status, output } = onTunnel('sh /etc/ciab/apply.sh --dry-run')
    expect([status, output]).toEqual([3, expect.stringContaining('\nwould delete the preshared keys of ')])
    expect(existsSync(keys('gone.psk'))).toBe(true)
    expect(existsSync(keys('Gone-2.psk'))).toBe(true)
  })

  judged(needed, 'stay where it is not known which those are', () => {
    writeFileSync(host.at('bin/sabotage'), '#!/bin/sh\nrm -f /etc/ciab/keys/n2.psk\n', { mode: 0o755 })
    const { status, output } = onTunnel('sabotage; sh /etc/ciab/apply.sh')
    expect([status, output]).toEqual([1, expect.stringContaining('cannot read /etc/ciab/keys/n2.psk\n')])
    expect(existsSync(keys('gone.psk'))).toBe(true)
  })
})
