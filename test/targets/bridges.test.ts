import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, beforeEach, describe, expect } from 'vitest'
import { incus } from '../../src/targets/incus/index.js'
import { lxd } from '../../src/targets/lxd/index.js'
import { judged, type Verdict } from '../support/judge.js'
import { meshText } from '../support/resolved.js'
import { Host, hostTools } from './host.js'

/*
 * apply.sh's part for LXD and Incus, with a stand-in for the daemon's client that answers with what LXD 5.0.2
 * and Incus 6.0.4 print, and notes what it is told. What the daemons themselves make of that is for
 * test/lab/vm/bridges.sh.
 */
const text = (runtime: string): string =>
  meshText(
    [
      'overlay = 10.78.0.0/16, fd42:0:0:fffe::/64',
      'containers = 10.77.0.0/16 /24, fd42::/49 /64',
      `container-runtime = ${runtime}`,
    ],
    [
      'containers[] = ciabbr0 auto',
      'containers[] = opbr0 10.5.5.1/24',
      'container-address[] = web 10.77.1.10, fd42:0:0:1::10',
    ],
  )

/** Files of the folder `daemon` are what it answers; a command that changes something goes to `log`. */
const client = (root: string): string => `#!/bin/sh
answers=${root}/daemon
case "$1 $2" in
  'network show' | 'config show') cat "$answers/$3" 2>/dev/null || exit 1 ;;
  'config device') [ "$3" = list ] && exec cat "$answers/$4.devices"; echo "$*" >>${root}/log ;;
  'query /1.0' | 'storage list') echo default ;;
  'network list') cd "$answers" && grep -l '^type: bridge' -- * | sed 's/$/,bridge,YES,,,,1,CREATED/' ;;
  *) echo "$*" >>${root}/log ;;
esac
`

const network = (config: string, description = 'ciabmesh containers on n1'): string => `config:
${config.replaceAll(/^/gm, '  ')}
description: ${description}
name: ciabbr0
type: bridge
used_by:
- /1.0/profiles/default
managed: true
status: Created
locations:
- none
`

const instance = (device: string): string => `architecture: x86_64
config:
  image.description: static busybox
  volatile.eth0.hwaddr: 00:16:3e:00:6d:f6
devices:
  eth0:
    name: eth0
    network: other
    type: nic
  lan:
${device.replaceAll(/^/gm, '    ')}
  root:
    path: /
    pool: default
    type: disk
ephemeral: false
`

describe.each([
  [lxd, 'lxc'],
  [incus, 'incus'],
])("$name's bridges", (target, command) => {
  const { name: daemon } = target
  const host = new Host(target)
  const at = (path: string): string => host.at(path)
  afterAll(() => host.remove())
  host.lay(text(daemon))
  const config = readFileSync(at(`etc/ciab/${daemon}/ciabbr0.yaml`), 'utf8')
    .split('config:\n')[1]
    ?.replaceAll(/^ {2}/gm, '')
    // The daemons quote only what would be no string.
    .replaceAll(/"([0-9a-f]+[.:].*)"/g, '$1') as string

  beforeEach(() => {
    host.reset()
    host.lay(text(daemon))
    mkdirSync(at('daemon'))
    host.command(command, client(host.root))
    writeFileSync(at('log'), '')
    answer('ciabbr0', network(`${config}ipv4.dhcp.expiry: 2h`))
    answer('opbr0', network('bridge.mtu: "1370"\nipv4.nat: "true"'))
    answer('web', instance('ipv4.address: 10.77.1.10\nipv6.address: fd42:0:0:1::10\nnetwork: ciabbr0'))
  })
  const answer = (name: string, said: string): void => writeFileSync(at(`daemon/${name}`), said)
  const apply = (option = ''): Verdict => host.apply(option)
  const told = (): string[] => readFileSync(at('log'), 'utf8').split('\n').slice(0, -1)

  judged(hostTools, 'are left alone where they are as the files say, whatever else they have', () => {
    expect(apply()).toEqual({ status: 0, output: 'nothing changed\n' })
    expect(told()).toEqual([])
  })

  judged(hostTools, 'get the keys of the file, and one of the operator its MTU alone', () => {
    answer('ciabbr0', network(config.replace('ipv4.nat: "false"', 'ipv4.nat: "true"')))
    answer('opbr0', network('ipv4.nat: "true"'))
    expect(apply('--dry-run').output).toContain('2 changes would be made')
    expect(told()).toEqual([])
    expect(apply()).toMatchObject({ status: 0, output: expect.stringContaining('2 changes') })
    const [own, other] = told()
    expect(own).toMatch(/^network set ciabbr0 bridge\.mtu=1370 .*ipv4\.nat=false .*ipv6\.routing=true$/)
    expect(other).toBe('network set opbr0 bridge.mtu=1370')
  })

  describe('that were in a VRF', () => {
    const left = (options: string): string =>
      config.replace('dns.mode: managed', `dns.mode: none\n${options}`)

    judged(hostTools, "lose the options that our file had for it, whichever tenant's", () => {
      for (const options of [
        'raw.dnsmasq: port=0',
        'raw.dnsmasq: |-\n  port=0\n  no-dhcp-interface=ct-red\n  no-dhcp-interface=ct-blue',
      ]) {
        answer('ciabbr0', network(left(options)))
        expect(apply('--dry-run').output).toContain('would edit the bridge ciabbr0\n')
        expect(apply()).toMatchObject({ status: 0, output: expect.stringContaining('1 change') })
        expect(told().at(-1)).toMatch(/^network set ciabbr0 .*dns\.mode=managed .*raw\.dnsmasq=$/)
        // As an older apply.sh left it.
        answer('ciabbr0', network(`${config}${options}`))
        apply()
        expect(told().at(-1)).toMatch(/ raw\.dnsmasq=$/)
        expect(told()).toHaveLength(2)
        writeFileSync(at('log'), '')
      }
    })

    judged(hostTools, "keep the operator's own", () => {
      for (const options of [
        'raw.dnsmasq: dhcp-option=6,192.0.2.1',
        'raw.dnsmasq: |-\n  port=0\n  dhcp-option=6,192.0.2.1',
        'raw.dnsmasq: port=05353',
      ]) {
        answer('ciabbr0', network(`${config}${options}`))
        expect(apply()).toEqual({ status: 0, output: 'nothing changed\n' })
        answer('ciabbr0', network(left(options)))
        expect(apply().output).toContain('1 change')
        expect(told().at(-1)).not.toContain('raw.dnsmasq')
        writeFileSync(at('log'), '')
      }
    })
  })

  describe('of tenants that are here no more', () => {
    const left =
      'dns.mode: none\nipv4.address: 10.91.1.1/24\nipv6.address: fd91:0:0:1::1/64\nraw.dnsmasq: port=0'
    const none = left.replaceAll(/address: .*/g, 'address: none')

    judged(hostTools, 'lose their addresses, before the others are looked at', () => {
      for (const bridge of ['ct-blue', 'br-lan']) answer(bridge, network(left))
      answer('ciabbr0', network(config.replace('ipv4.nat: "false"', 'ipv4.nat: "true"')))
      expect(apply('--status').output).toContain(
        'BAD  bridge ct-blue: is in no tenant any more, but has its ad',
      )
      expect(apply('--dry-run').output).toContain(
        'would take its addresses from ct-blue, which is in no tenant',
      )
      expect(told()).toEqual([])
      expect(apply()).toMatchObject({ status: 0, output: expect.stringContaining('3 changes') })
      expect(told().slice(0, 2)).toEqual([
        'network set br-lan ipv4.address=none ipv6.address=none',
        'network set ct-blue ipv4.address=none ipv6.address=none',
      ])
      expect(told()[2]).toContain('network set ciabbr0 ')
    })

    judged(hostTools, 'are left alone without addresses, and others with them', () => {
      answer('ct-blue', network(none))
      answer('ct-red', network(left, "the operator's"))
      answer('br-old', network(left.replace('dns.mode: none', 'dns.mode: managed')))
      answer('oldbr0', network(left))
      expect(apply()).toEqual({ status: 0, output: 'nothing changed\n' })
      expect(told()).toEqual([])
      expect(apply('--status').output).not.toMatch(/ct-|br-old|oldbr0/)
    })

    judged(hostTools, 'lose their addresses on a node that has no other networks', () => {
      host.lay(
        text(daemon)
          .replaceAll(/^contain.*\[\].*$/gm, '')
          .replace('[node n1]', '[node n1]\ncontainers = none'),
      )
      answer('ct-blue', network(left))
      expect(apply()).toMatchObject({ status: 0, output: expect.stringContaining('1 change') })
      expect(told()).toEqual(['network set ct-blue ipv4.address=none ipv6.address=none'])
    })
  })

  judged(hostTools, 'have files that root alone can write', () => {
    const paths = ['preseed', 'ciabbr0'].map(name => at(`etc/ciab/${daemon}/${name}.yaml`))
    for (const path of paths) chmodSync(path, 0o666)
    expect(apply().output).toContain('2 changes')
    for (const path of paths) expect(statSync(path).mode & 0o777).toBe(0o644)
  })

  judged(hostTools, 'are made where there are none; one of the operator is not', () => {
    for (const bridge of ['ciabbr0', 'opbr0']) rmSync(at(`daemon/${bridge}`))
    expect(apply().output).toContain('has no bridge opbr0')
    expect(told()).toEqual([
      'network create ciabbr0 ipv4.address=none ipv6.address=none',
      'network edit ciabbr0',
    ])
  })

  judged(hostTools, 'give a container its addresses, on the device that it has there', () => {
    answer('web', instance('ipv4.address: 10.77.1.9\nipv6.address: fd42:0:0:1::10\nparent: ciabbr0'))
    answer('web.devices', 'root\n')
    expect(apply()).toMatchObject({
      status: 0,
      output: expect.stringContaining('fix ipv4.address=10.77.1.10'),
    })
    answer('web.devices', 'lan\nroot\n')
    expect(apply('--status').output).toContain('BAD  container web: its address is not fixed')
    apply()
    expect(told()).toEqual([
      'config device override web lan ipv4.address=10.77.1.10',
      'config device set web lan ipv4.address=10.77.1.10',
    ])
  })

  judged(hostTools, 'wait for a container that is not there, or not on the bridge', () => {
    answer('web', instance('network: elsewhere'))
    expect(apply().output).toContain('warning: the container web has no network device on ciabbr0')
    rmSync(at('daemon/web'))
    const { status, output } = apply()
    expect(status).toBe(0)
    expect(output).toContain(
      `${command} launch IMAGE web --device eth0,ipv4.address=10.77.1.10 --device eth0,ipv6.address=fd42:0:0:1::10 `,
    )
    expect(told()).toEqual([])
  })
})
