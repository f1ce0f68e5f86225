import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { afterAll, beforeEach, describe, expect } from 'vitest'
import { iproute2 } from '../../src/targets/iproute2/index.js'
import { judged, type Verdict } from '../support/judge.js'
import { meshText } from '../support/resolved.js'
import { Host, hostTools } from './host.js'
import { ipStandIn } from './iproute2-links.js'

const host = new Host(iproute2)
const at = (path: string): string => host.at(path)
beforeEach(() => host.reset())
afterAll(() => host.remove())

const tenant = (name: string, vni: number, octet: number): string[] => [
  `[tenant ${name}]`,
  `containers = 10.${octet}.0.0/16 /24`,
  `vni = ${vni}`,
]
const blue = tenant('blue', 4001, 91)
const red = tenant('red', 4002, 92)
const lan = ['[segment lan]', 'subnet = 10.93.0.0/16 /24', 'vni = 4003']

const lay = (...sections: readonly string[]): void =>
  host.lay(
    meshText(
      ['underlay = 10.79.0.0/16', 'overlay = 10.78.0.0/16', 'containers = 10.77.0.0/16 /24', ...sections],
      ['hostname = n1'],
      ['hostname = n2'],
    ),
  )

const tools = [...hostTools, 'flock']

/** LXD has a network of that name. */
const keep = (name: string, daemon = 'lxd'): void => {
  mkdirSync(at(`var/lib/${daemon}/networks/${name}`), { recursive: true })
}

describe('tenants', () => {
  /** This kernel need not know VRFs: its devices are files. */
  const files = 'mount --bind "$1/net" /sys/class/net'
  const on = (command: string): Verdict => host.run(command, files)
  const apply = (option = '', before = 'true'): Verdict => {
    const verdict = host.apply(option, `${files} && ${before}`)
    // On a busy machine it says now and then that it is still at work.
    return { ...verdict, output: verdict.output.replace(/^.*: \d+ s so far\n/gm, '') }
  }
  beforeEach(() => {
    mkdirSync(at('net'))
    writeFileSync(at('net/log'), '')
    host.command('ip', ipStandIn)
  })

  /** As LXD makes it. */
  const bridge = (name: string): void => {
    keep(name)
    stray(name)
  }
  const stray = (name: string): void => {
    expect(on(`ip link add ${name} type bridge && ip link set ${name} up`).status).toBe(0)
  }
  /** What was changed since the last time that this was asked. */
  const log = (): string[] => {
    const lines = readFileSync(at('net/log'), 'utf8').split('\n').slice(0, -1)
    writeFileSync(at('net/log'), '')
    return lines
  }
  const value = (device: string, file: string): string =>
    readFileSync(at(`net/${device}/${file}`), 'utf8').trim()
  const isUp = (device: string): boolean => value(device, 'flags') === '0x1003'
  const portsOf = (master: string): string[] =>
    readdirSync(at(`net/${master}`))
      .filter(name => name.startsWith('lower_'))
      .map(name => name.slice('lower_'.length))
  const settled = (): void => {
    expect(apply()).toMatchObject({ status: 0, output: expect.stringContaining('nothing changed\n') })
    expect(log()).toEqual([])
  }

  /** Both tenants are there, with a container bridge each, and the segment's bridge in the VRF of one. */
  const start = (...sections: readonly string[]): void => {
    lay(...sections)
    for (const name of ['ct-blue', 'ct-red', 'br-lan']) bridge(name)
    const { status, output } = apply()
    expect([status, output]).toEqual([0, expect.stringContaining('1 change')])
    log()
  }
  const lanInBlue = [...lan, 'tenant = blue']

  judged(tools, 'are made, and then are as they should be', () => {
    start(...blue, ...red, ...lanInBlue)
    expect(portsOf('vrf-blue').sort()).toEqual(['br-lan', 'ct-blue', 'l3-blue'])
    expect(portsOf('vrf-red').sort()).toEqual(['ct-red', 'l3-red'])
    expect(portsOf('l3-red')).toEqual(['vx-red'])
    settled()
    expect(apply('--status')).toEqual({
      status: 0,
      output: 'ok   segments and tenants: all devices are there\n',
    })
  })

  judged(tools, 'leave: their containers are shut off before the VRF goes, and stay so', () => {
    start(...blue, ...red)
    lay(...blue)
    expect(apply('--dry-run').output).toContain('would shut ct-red, which is in no tenant any more\n')
    expect(apply('--status').output).toContain('BAD  segments and tenants: apply.sh is to shut ct-red')
    expect(log()).toEqual([])
    const { status, output } = apply()
    expect([status, output]).toEqual([
      0,
      expect.stringContaining('shut ct-red, which is in no tenant any more\n'),
    ])
    expect(output).toContain('ct-red has left its tenant and is shut')
    expect(log()).toEqual([
      'link set ct-red down',
      'link set ct-red alias ciab-gen ciabmesh shut',
      'link del vx-red',
      'link del l3-red',
      'link del vrf-red',
    ])
    expect(portsOf('vrf-blue').sort()).toEqual(['ct-blue', 'l3-blue'])
    settled()
    expect(apply('--status')).toMatchObject({
      status: 0,
      output: expect.stringContaining('ct-red has left its tenant, and should be deleted'),
    })
    // LXD starts anew.
    on('ip link set ct-red up')
    expect(apply('--status').status).toBe(1)
    apply()
    expect(isUp('ct-red')).toBe(false)
  })

  judged(tools, 'leave, and the host starts anew: a container bridge that is made anew is shut again', () => {
    start(...blue, ...red)
    lay(...blue)
    apply()
    const shut = at('var/lib/ciab/ciabmesh.shut')
    expect(readFileSync(shut, 'utf8')).toBe('ct-red\n')
    rmSync(at('net/ct-red'), { recursive: true })
    bridge('ct-red')
    expect(apply('--status')).toMatchObject({
      status: 1,
      output: expect.stringContaining('BAD  segments and tenants: apply.sh is to shut ct-red once more'),
    })
    apply()
    expect(isUp('ct-red')).toBe(false)
    log()
    settled()
    // LXD has deleted it.
    rmSync(at('net/ct-red'), { recursive: true })
    expect(apply().output).toBe('forget ct-red, which is gone\n1 change\n')
    expect(readFileSync(shut, 'utf8')).toBe('')
    settled()
  })

  judged(tools, 'leave, the last ones too', () => {
    start(...blue, ...red)
    lay()
    const { status, output } = apply()
    expect([status, output]).toEqual([0, expect.stringContaining('shut ct-blue, ')])
    expect(log().filter(line => line.startsWith('EXPOSED'))).toEqual([])
    expect(['ct-blue', 'ct-red'].map(isUp)).toEqual([false, false])
    settled()
  })

  judged(tools, 'come back, and their containers with them', () => {
    start(...blue, ...red)
    lay(...blue)
    apply()
    lay(...blue, ...red)
    expect(apply()).toMatchObject({ status: 0, output: expect.stringContaining('bring ct-red up again\n') })
    expect([isUp('ct-red'), value('ct-red', 'ifalias'), portsOf('vrf-red').includes('ct-red')]).toEqual([
      true,
      '',
      true,
    ])
    log()
    settled()
  })

  judged(tools, 'lose a bridge that is in no tenant any more', () => {
    start(...blue, ...red, ...lanInBlue)
    lay(...blue, ...red)
    expect(apply().output).toContain('shut br-lan, which is in no tenant any more\n')
    expect(isUp('br-lan')).toBe(false)
    log()
    settled()
    lay(...blue, ...red, ...lanInBlue)
    apply()
    expect(isUp('br-lan')).toBe(true)
  })

  judged(tools, "give a bridge to the host's own routing table", () => {
    start(...blue, ...lanInBlue)
    lay(...blue, ...lan)
    expect(apply('--dry-run').output).toContain('would take br-lan out of vrf-blue')
    expect(apply().output).toContain('take br-lan out of vrf-blue')
    expect(log()).toContain('link set br-lan nomaster')
    expect([isUp('br-lan'), portsOf('vrf-blue').includes('br-lan'), portsOf('br-lan')]).toEqual([
      true,
      false,
      ['vx-lan'],
    ])
    settled()
  })

  judged(tools, 'give it one that was shut meanwhile, with the VRF gone', () => {
    start(...blue, ...lanInBlue)
    lay()
    apply()
    expect(isUp('br-lan')).toBe(false)
    lay(...lan)
    expect(apply().output).toContain('bring br-lan up again\n')
    expect(isUp('br-lan')).toBe(true)
    log()
    settled()
  })

  judged(tools, 'give a bridge to another tenant, at once', () => {
    start(...blue, ...red, ...lanInBlue)
    lay(...blue, ...red, ...lan, 'tenant = red')
    expect(apply().output).toContain('make br-lan in vrf-red\n')
    expect(log().filter(line => line.includes('br-lan'))).toEqual(['link set br-lan master vrf-red'])
    settled()
  })

  judged(tools, 'change their number: nothing is without its VRF meanwhile, and all is up again', () => {
    start(...blue, ...red)
    lay(...blue, ...tenant('red', 4099, 92))
    expect(apply().output).toContain('shut ct-red until it is in its VRF again\n')
    const lines = log()
    expect(lines.filter(line => line.startsWith('EXPOSED'))).toEqual([])
    expect(lines.indexOf('link set ct-red down')).toBeLessThan(lines.indexOf('link del vrf-red'))
    expect(value('vrf-red', 'details')).toContain('vrf table 4099')
    expect([isUp('ct-red'), portsOf('vrf-red').sort()]).toEqual([true, ['ct-red', 'l3-red']])
    settled()
  })

  judged(tools, 'have no VLAN filtering on the bridge of a segment, whenever LXD switches it on', () => {
    start(...blue, ...lanInBlue)
    const lxd = (): void => writeFileSync(at('net/br-lan/bridge/vlan_filtering'), '1\n')
    lxd()
    writeFileSync(at('net/ct-blue/bridge/vlan_filtering'), '1\n')
    expect(apply('--status')).toMatchObject({
      status: 1,
      output: expect.stringContaining('missing: br-lan without VLAN filtering\n'),
    })
    expect(log()).toEqual([])
    expect(apply().output).toBe('make br-lan without VLAN filtering\n1 change\n')
    // FRR looks at the bridge as the port comes up.
    expect(log().filter(line => /(filtering 0|down|up)$/.test(line))).toEqual([
      'link set br-lan type bridge vlan_filtering 0',
      'link set vx-lan down',
      'link set vx-lan up',
    ])
    settled()
    // udev runs it when LXD is about to do so.
    lxd()
    expect(on('sh /etc/ciab/networks.sh --late br-lan-mtu').status).toBe(0)
    expect(log()).toContain('link set vx-lan up')
    settled()
  })

  judged(tools, 'have a port on the bridge of a segment only once that has no VLAN filtering', () => {
    lay(...blue, ...lanInBlue)
    bridge('br-lan')
    writeFileSync(at('net/br-lan/bridge/vlan_filtering'), '1\n')
    apply()
    const lines = log().filter(line => /^link set (br|vx)-lan /.test(line))
    expect(lines.indexOf('link set br-lan type bridge vlan_filtering 0')).toBeGreaterThan(-1)
    expect(lines.indexOf('link set br-lan type bridge vlan_filtering 0')).toBeLessThan(
      lines.indexOf('link set vx-lan master br-lan'),
    )
    expect(lines).not.toContain('link set vx-lan down')
    settled()
  })

  judged(tools, "leave another's devices alone, whatever their names", () => {
    lay(...blue)
    bridge('ct-blue')
    on('ip link add vrf-blue type vrf table 4001 && ip link add l3-blue type bridge')
    on('ip link set l3-blue alias "ciab-gen ciabmesh2" && ip link set l3-blue mtu 1400')
    log()
    const { status, output } = apply()
    expect(status).toBe(0)
    for (const device of ['vrf-blue', 'l3-blue'])
      expect(output).toContain(`${device} is there, but ciab-gen did not make it`)
    // None of them gets a port, an MTU or a mark; the one that is free is made.
    expect(log().filter(line => /vrf-blue|l3-blue|ct-blue|table/.test(line))).toEqual([])
    expect(existsSync(at('net/vx-blue'))).toBe(true)
    settled()
    expect(apply('--status')).toMatchObject({
      status: 1,
      output: expect.stringContaining('BAD  segments and tenants: vrf-blue is there, but ciab-gen did not'),
    })
    lay()
    apply()
    expect(['vrf-blue', 'l3-blue', 'vx-blue'].map(device => existsSync(at(`net/${device}`)))).toEqual([
      true,
      true,
      false,
    ])
  })

  judged(tools, "stop apply.sh where a bridge of the host's own has the name of one of theirs", () => {
    lay(...blue, ...lanInBlue)
    bridge('ct-blue')
    stray('br-lan')
    log()
    chmodSync(at('etc/ciab/apply.sh'), 0o700)
    const { status, output } = apply()
    expect([status, output]).toEqual([
      1,
      "stopped, with nothing changed: br-lan is this host's own, and a segment or tenant needs that name: " +
        'rename the bridge, or the other in mesh.ini\n',
    ])
    expect(apply('--dry-run')).toEqual({ status, output })
    expect([log(), statSync(at('etc/ciab/apply.sh')).mode & 0o777]).toEqual([[], 0o700])
    stray('ct-red')
    lay(...blue, ...red, ...lanInBlue)
    expect(apply().output).toContain("changed: br-lan, ct-red is this host's own")
  })

  judged(tools, "leave a bridge of the host's own alone, and take it in once LXD makes it", () => {
    lay(...blue, ...lanInBlue)
    bridge('ct-blue')
    stray('br-lan')
    const networks = (): Verdict => on('sh /etc/ciab/networks.sh')
    expect(networks()).toEqual({
      status: 0,
      output: "networks.sh: warning: br-lan is this host's own, and left alone\n",
    })
    expect([portsOf('vrf-blue').sort(), portsOf('br-lan')]).toEqual([['ct-blue', 'l3-blue'], []])
    expect(apply('--status')).toMatchObject({
      status: 1,
      output: expect.stringContaining("BAD  segments and tenants: br-lan is this host's own, so that "),
    })
    rmSync(at('net/br-lan'), { recursive: true })
    expect(apply()).toMatchObject({ status: 0, output: 'nothing changed\n' })
    // What LXD does first.
    keep('br-lan')
    expect(networks()).toEqual({ status: 0, output: '' })
    stray('br-lan')
    expect(networks()).toEqual({ status: 0, output: '' })
    expect([portsOf('vrf-blue').sort(), portsOf('br-lan')]).toEqual([
      ['br-lan', 'ct-blue', 'l3-blue'],
      ['vx-lan'],
    ])
    log()
    settled()
  })

  judged(tools, "take in no bridge of another daemon's, and any where nobody of ours makes them", () => {
    const ports = (runtime: string, ...daemons: readonly string[]): string[] => {
      lay(`container-runtime = ${runtime}`, ...blue)
      stray('ct-blue')
      for (const daemon of daemons) keep('ct-blue', daemon)
      on('sh /etc/ciab/networks.sh')
      const found = portsOf('vrf-blue')
      for (const folder of ['net', 'var/lib/lxd', 'var/lib/incus'])
        rmSync(at(folder), { recursive: true, force: true })
      mkdirSync(at('net'))
      return found.sort()
    }
    expect(ports('lxd', 'incus')).toEqual(['l3-blue'])
    expect(ports('incus', 'lxd')).toEqual(['l3-blue'])
    expect(ports('incus', 'incus')).toEqual(['ct-blue', 'l3-blue'])
    expect(ports('none')).toEqual(['ct-blue', 'l3-blue'])
  })

  judged(tools, 'are made on a host without IPv6', () => {
    lay(...blue)
    const { status, output } = apply('', 'mount -t tmpfs none /proc/sys/net')
    expect([status, output]).toEqual([0, expect.stringContaining('1 change')])
    expect(existsSync(at('net/vx-blue'))).toBe(true)
  })

  judged(tools, 'have files that root alone can write', () => {
    start(...blue)
    const paths = {
      'etc/ciab/networks.sh': 0o755,
      'etc/ciab/networks.conf': 0o644,
      'etc/udev/rules.d/70-ciabmesh.rules': 0o644,
      'etc/systemd/system/ciab-networks.service': 0o644,
    }
    for (const path of Object.keys(paths)) chmodSync(at(path), 0o666)
    expect(apply().output).toContain('4 changes')
    for (const [path, mode] of Object.entries(paths)) expect(statSync(at(path)).mode & 0o777).toBe(mode)
  })
})

describe('segments', () => {
  beforeEach(() => keep('br-lan'))

  /** The kernel itself has what these take. */
  const kernel = (command: string): Verdict =>
    host.run(command, 'mount -t sysfs none /sys && ip link add br-lan type bridge')

  judged([...tools, 'ip'], "are made in the kernel, and taken away; another mesh's devices stay", () => {
    lay(...lan)
    // As LXD leaves it: whatever comes, believes router advertisements.
    const made = kernel(`echo 2 >/proc/sys/net/ipv6/conf/default/accept_ra && sh /etc/ciab/apply.sh &&
      echo "accept_ra $(cat /proc/sys/net/ipv6/conf/vx-lan/accept_ra)" && sh /etc/ciab/apply.sh && sh /etc/ciab/apply.sh --status &&
      ip -d link show dev vx-lan &&
      ip link add br-other type bridge && ip link set br-other alias 'ciab-gen ciabmesh2' &&
      ip link add br-past type bridge && ip link set br-past alias 'ciab-gen ciabmesh' &&
      sh /etc/ciab/apply.sh && ip link show dev br-other && ! ip link show dev br-past`)
    expect(made.output).toMatch(/^make vx-lan\b/m)
    expect(made.output).toContain('\naccept_ra 0\n')
    expect(made.output).toContain('nothing changed\nok   segments and tenants: all devices are there\n')
    expect(made.output).toMatch(/vx-lan: .* master br-lan [\s\S]*vxlan id 4003 local 10\.79\.0\.1/)
    expect(made.output).toContain('\nremove br-past\n1 change\n')
    expect(made.status).toBe(0)
  })

  judged([...tools, 'ip'], "leave another's device of the same name as it is", () => {
    lay(...lan)
    const found = kernel(`ip link add vx-lan type vxlan id 9 dstport 4789 local 10.0.0.1 &&
      sh /etc/ciab/apply.sh && ! sh /etc/ciab/apply.sh --status && ip -d link show dev vx-lan`)
    expect(found).toMatchObject({
      status: 0,
      output: expect.stringContaining('vx-lan is there, but ciab-gen did not make it'),
    })
    expect(found.output).toContain('vxlan id 9 ')
    expect(found.output).not.toContain('master br-lan')
  })

  judged([...tools, 'ip'], "give no port to a bridge of the host's own", () => {
    lay(...lan)
    rmSync(at('var/lib/lxd'), { recursive: true })
    const found = kernel(`! sh /etc/ciab/apply.sh && ! ip link show dev vx-lan 2>/dev/null &&
      sh /etc/ciab/networks.sh && ip link show dev vx-lan`)
    expect(found).toMatchObject({ status: 0, output: expect.stringContaining(': vx-lan: ') })
    expect(found.output).not.toContain('master br-lan')
  })
})
