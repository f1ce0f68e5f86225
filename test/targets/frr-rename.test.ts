import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect } from 'vitest'
import { frr } from '../../src/targets/frr/index.js'
import { judged } from '../support/judge.js'
import { meshText } from '../support/resolved.js'
import { Host, hostTools } from './host.js'

const host = new Host(frr)
afterAll(() => host.remove())

const textWith = (name: string): string =>
  meshText(
    ['[targets]', ...['firewall', 'tunnel', 'overlay', 'containers'].map(concern => `${concern} = none`)],
    ['hostname = n1'],
    [`[node ${name}]`],
  )

/** Writes down what it is told to do; what it loads first makes of `running` what `between` is, then frr.conf. */
const vtysh = `#!/bin/sh
last() { shift $(($# - 1)); printf '%s\\n' "$1"; }
case "$*" in
  *'show daemons') echo ' zebra bgpd bfdd staticd watchfrr ' ;;
  *'show version') echo 'FRRouting 8.4.4 (n1).' ;;
  *'show running-config'*) cat /run/running ;;
  *-m*) exec /run/vtysh "$@" ;;
  *show* | '-C -f '*) ;;
  '-b' | *' -f '* | '-f '*)
    cat "$(last "$@")" >>/run/told
    if [ -e /run/between ]; then mv /run/between /run/running; else cp /etc/frr/frr.conf /run/running; fi ;;
  *) echo "$*" >>/run/told ;;
esac
`

describe('another name of a neighbor', () => {
  judged(
    [...hostTools, 'vtysh', '/usr/lib/frr/frr-reload.py'],
    'leaves it never without a filter, nor with one that is not there yet',
    () => {
      const confFor = (name: string): string => {
        host.lay(textWith(name))
        return readFileSync(host.at('etc/frr/frr.conf'), 'utf8')
      }
      host.reset()
      const before = confFor('n2')
      const after = confFor('m2')
      host.command('vtysh', vtysh)
      copyFileSync('/usr/bin/vtysh', host.at('run/vtysh'))
      for (const folder of ['log', 'run/frr']) mkdirSync(host.at(folder), { recursive: true })
      writeFileSync(host.at('run/running'), before)
      const lists = after.split('\n').filter(line => /^ip(v6)? prefix-list from-m2 /.test(line))
      expect(lists).toHaveLength(1)
      writeFileSync(
        host.at('run/between'),
        before
          .replaceAll('prefix-list from-n2 in', 'prefix-list from-m2 in')
          .replace(/^ip prefix-list/m, `${lists.join('\n')}\n$&`),
      )
      const { status, output } = host.apply(
        '',
        `mount --bind "$1/bin/vtysh" /usr/bin/vtysh && mkdir -p /var/log/frr &&
         mount --bind "$1/log" /var/log/frr`,
      )
      expect([status, output]).toEqual([0, expect.stringContaining('reload FRR\n')])
      const told = readFileSync(host.at('run/told'), 'utf8')
      const address = /neighbor (\S+) prefix-list from-m2 in/.exec(after)?.[1]
      expect(told.split('\n').slice(0, 4)).toEqual([
        ...lists,
        'router bgp 64512',
        'address-family ipv4 unicast',
        `neighbor ${address} prefix-list from-m2 in`,
      ])
      expect(told).not.toMatch(/no neighbor \S+ prefix-list/)
      expect(told).toMatch(/no ip prefix-list from-n2/)
    },
  )
})
