import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect } from 'vitest'
import { frr } from '../../src/targets/frr/index.js'
import { judged, type Verdict } from '../support/judge.js'
import { meshText } from '../support/resolved.js'
import { Host, hostTools } from './host.js'

const host = new Host(frr)
afterAll(() => host.remove())

const before = 'an-old-password-of-this-mesh-that-has-changed'

/**
 * FRR that runs with the file `running`, and the real frr-reload.py. To whoever loads a file it says which line of it
 * has the password, as the real one does of a line that it refuses; `deaf`, it takes nothing of it.
 */
const vtysh = `#!/bin/sh
last() { shift $(($# - 1)); printf '%s\\n' "$1"; }
case "$*" in
  *'show daemons') echo ' zebra bgpd bfdd staticd watchfrr ' ;;
  *'show version') echo 'FRRouting 8.4.4 (n1).' ;;
  *'show running-config'*) cat /run/running ;;
  *-m*) exec /run/vtysh "$@" ;;
  '-C -f '*)
    [ ! -e /run/strict ] || { grep -n password "$(last "$@")"; exit 2; } ;;
  '-b' | *' -f '*)
    file=$(last "$@")
    [ "$file" != -b ] || file=/etc/frr/frr.conf
    sed -n 's/^ *\\(neighbor .* password .*\\)$/line 7: % Unknown command[4]:  \\1/p' "$file"
    [ ! -e /run/deaf ] || exit 13
    cp /etc/frr/frr.conf /run/running ;;
esac
`

beforeEach(() => {
  host.reset()
  host.lay(
    meshText(
      [
        'session-password = yes',
        '[targets]',
        ...['firewall', 'tunnel', 'overlay', 'containers'].map(concern => `${concern} = none`),
      ],
      ['hostname = n1'],
      ['hostname = n2'],
    ),
  )
  host.command('vtysh', vtysh)
  copyFileSync('/usr/bin/vtysh', host.at('run/vtysh'))
  for (const folder of ['log', 'run/frr']) mkdirSync(host.at(folder), { recursive: true })
  const conf = readFileSync(host.at('etc/frr/frr.conf'), 'utf8')
  writeFileSync(host.at('run/running'), conf.replace(/ password .*/g, ` password ${before}`))
})

const password = (): string =>
  / password (.*)/.exec(readFileSync(host.at('etc/frr/frr.conf'), 'utf8'))?.[1] as string

/** frr-reload.py asks for the vtysh of the system, and keeps its log in a folder of the system's. */
const apply = (prepare: string): Verdict =>
  host.apply(
    '',
    `mount --bind "$1/bin/vtysh" /usr/bin/vtysh && mkdir -p /var/log/frr &&
     mount --bind "$1/log" /var/log/frr && ${prepare}`,
  )

const withoutSecrets = ({ output }: Verdict): void => {
  const kept = readdirSync(host.at('log')).map(file => readFileSync(join(host.at('log'), file), 'utf8'))
  expect(password().length).toBeGreaterThan(20)
  for (const text of [output, ...kept]) {
    expect(text).not.toContain(password())
    expect(text).not.toContain(before)
  }
}

describe("BGP's password", () => {
  const tools = [...hostTools, 'vtysh', '/usr/lib/frr/frr-reload.py']
  const plain = 'mount -t tmpfs none /usr/lib/frr'

  for (const [what, prepare, status, said] of [
    ['frr-reload.py loads it', 'true', 0, /^reload FRR$/m],
    ['frr-reload.py fails with it', ': >/run/deaf', 1, /^failed: reload FRR$[\s\S]*password \(hidden\)$/m],
    ['vtysh loads it', plain, 1, /^restart FRR, which cannot take lines out/m],
    ['vtysh adds it', `${plain} && sed -i /password/d /run/running`, 0, /^add the new lines to FRR$/m],
    [
      'vtysh fails with it',
      `${plain} && sed -i /password/d /run/running && : >/run/deaf`,
      1,
      /^failed: add the new lines to FRR$[\s\S]*password \(hidden\)$/m,
    ],
    ['FRR has no words for it', ': >/run/strict', 1, /does not understand .* password \(hidden\)/],
  ] as const)
    judged(tools, `is never printed, nor written to a log: ${what}`, () => {
      const verdict = apply(prepare)
      expect(verdict).toMatchObject({ status, output: expect.stringMatching(said) })
      expect(verdict.output).toContain('password (hidden)')
      withoutSecrets(verdict)
    })
})
