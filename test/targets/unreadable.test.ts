import { rmSync } from 'node:fs'
import { afterAll, describe, expect } from 'vitest'
import type { Target } from '../../src/index.js'
import { frr } from '../../src/targets/frr/index.js'
import { hosts } from '../../src/targets/hosts/index.js'
import { netplan } from '../../src/targets/netplan/index.js'
import { networkd } from '../../src/targets/networkd/index.js'
import { wgQuick } from '../../src/targets/wg-quick/index.js'
import { judged } from '../support/judge.js'
import { meshText } from '../support/resolved.js'
import { Host, hostTools } from './host.js'

const textFor = (target: Target): string =>
  meshText(
    [
      'domain = mesh.example.net',
      'preshared-keys = yes',
      '[targets]',
      'firewall = none',
      'containers = none',
      ...(target === hosts ? ['names = hosts'] : []),
      ...(target.concerns.includes('tunnel') ? [`tunnel = ${target.name}`] : []),
    ],
    ['hostname = n1'],
    ['hostname = n2'],
  )

/** What each compares the host with. */
const files = [
  [wgQuick, 'etc/wireguard/ciabmesh.conf'],
  [wgQuick, 'etc/ciab/ciabmesh.fdb'],
  [networkd, 'etc/systemd/network/10-ciabmesh.netdev'],
  [networkd, 'etc/systemd/network/10-ciabmesh.network'],
  [networkd, 'etc/systemd/network/11-vciabmesh.network'],
  [networkd, 'etc/ciab/keys/ciabmesh.key'],
  [networkd, 'etc/ciab/keys/n2.psk'],
  [netplan, 'etc/netplan/60-ciabmesh.yaml'],
  [netplan, 'etc/systemd/network/10-netplan-vciabmesh.network.d/50-ciabmesh.conf'],
  [netplan, 'etc/ciab/keys/n2.psk'],
  [hosts, 'etc/ciab/hosts'],
  [frr, 'etc/frr/frr.conf'],
] as const

const hostsOf = new Map(
  [...new Set(files.map(([target]) => target))].map(target => [target, new Host(target)]),
)
afterAll(() => {
  for (const host of hostsOf.values()) host.remove()
})

describe('what cannot be read is not as it should be', () => {
  // Of the right name, which is all that is asked of it until the files have been read.
  const tunnel = 'ip link add ciabmesh type veth peer name other'

  for (const [target, path] of files)
    judged([...hostTools, 'ip'], `${target.name}: /${path}`, () => {
      const host = hostsOf.get(target) as Host
      host.reset()
      host.lay(textFor(target))
      for (const tool of ['systemctl', 'netplan', 'vtysh'])
        host.command(tool, '#!/bin/sh\necho bgpd bfdd zebra\n')
      rmSync(host.at(path))
      const { status, output } = host.apply('--status', tunnel)
      expect([status, output]).toEqual([
        1,
        expect.stringMatching(new RegExp(`^BAD  .*cannot read /${path}$`, 'm')),
      ])
      expect(output).not.toMatch(/^[^ ]*(sh|awk|sed):/m)
    })
})
