import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, beforeEach, describe, expect } from 'vitest'
import type { Target } from '../../src/index.js'
import { hosts } from '../../src/targets/hosts/index.js'
import { judged } from '../support/judge.js'
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
