import { afterAll, beforeEach, describe, expect } from 'vitest'
import { planner, StanzaCache, type Target } from '../../src/index.js'
import { about } from '../../src/render/notes.js'
import { frr } from '../../src/targets/frr/index.js'
import { hosts } from '../../src/targets/hosts/index.js'
import { netplan } from '../../src/targets/netplan/index.js'
import { networkd } from '../../src/targets/networkd/index.js'
import { wgQuick } from '../../src/targets/wg-quick/index.js'
import { ask, judged } from '../support/judge.js'
import { publicKeyFor } from '../support/keys.js'
import { meshText, resolved } from '../support/resolved.js'
import { Host, hostTools } from './host.js'

/** A node with every file that a target may write for one. */
const textFor = (target: Target): string =>
  meshText(
    [
      'domain = mesh.example.net',
      'preshared-keys = yes',
      'session-password = yes',
      '[targets]',
      'firewall = none',
      'containers = none',
      ...(target === hosts ? ['names = hosts'] : []),
      ...(target.concerns.includes('tunnel') ? [`tunnel = ${target.name}`, `overlay = ${target.name}`] : []),
    ],
    ['hostname = n1'],
    ['key-on-node = yes', `public-key = ${publicKeyFor('n2')}`, `next-public-key = ${publicKeyFor('next')}`],
  )

/** What the parts of apply.sh begin with; here they get no further than owners and modes, or a little. */
const tools = ['wg-quick', 'systemctl', 'netplan', 'vtysh']

describe.each([wgQuick, networkd, netplan, frr, hosts])(
  'apply.sh sees to owners and modes: $name',
  target => {
    const host = new Host(target)
    afterAll(() => host.remove())

    beforeEach(() => {
      host.reset()
      host.lay(textFor(target))
      for (const tool of tools) host.command(tool, '#!/bin/sh\nexit 1\n')
      ask('sh', [
        '-c',
        `find "$1/etc" -type f -exec chmod 777 {} + -exec chown nobody:nogroup {} +`,
        '-',
        host.root,
      ])
    })

    const wanted = (): Map<string, string> => {
      const mesh = resolved(textFor(target))
      const [plan] = mesh.nodes.map(planner(mesh))
      if (!plan) throw new Error('there is no node')
      const { owners } = target.notes(plan)
      const files = [
        ...target.files(plan, new StanzaCache()),
        { path: 'etc/ciab/apply.sh', mode: 0o755 },
        { path: 'etc/ciab/apply.conf', mode: 0o644 },
      ]
      return new Map(
        files.map(({ path, mode }) => {
          const special = about(path, owners)
          return [
            path,
            special ? `${Number(special.mode)} ${special.owner}` : `${mode.toString(8)} root:root`,
          ]
        }),
      )
    }

    const found = (path: string): string => ask('stat', ['-c', '%a %U:%G', host.at(path)]).output.trim()

    const users = target === frr ? ['/usr/lib/frr/frrinit.sh'] : ['/lib/systemd/systemd-networkd']
    judged([...hostTools, ...users], 'of every file', () => {
      host.apply()
      for (const [path, owner] of wanted()) expect([path, found(path)]).toEqual([path, owner])
      const said = host.apply().output
      expect(said).not.toMatch(/belong to|permissions/)
    })

    judged([...hostTools, ...users], 'once each, and not in a dry run', () => {
      const lines = host
        .apply('--dry-run')
        .output.match(/^would (make .* belong to|set the permissions of) .*$/gm)
      expect(new Set(lines).size).toBe(lines?.length)
      for (const path of wanted().keys()) {
        expect(lines?.filter(line => line.includes(` /${path} `))).toHaveLength(2)
        expect(found(path)).toBe('777 nobody:nogroup')
      }
    })
  },
)
