import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, beforeEach, describe, expect } from 'vitest'
import { guard } from '../../src/targets/guard/index.js'
import { judged } from '../support/judge.js'
import { meshText } from '../support/resolved.js'
import { Host, hostTools } from './host.js'

const host = new Host(guard)
const at = (path: string): string => host.at(path)
afterAll(() => host.remove())

const tools = [...hostTools, 'ip', 'nft', 'sysctl']

beforeEach(() => {
  host.reset()
  writeFileSync(at('log'), '')
  host.lay(
    meshText(
      [
        'underlay = 10.79.0.0/16',
        'overlay = 10.78.0.0/16',
        'containers = 10.77.0.0/16 /24',
        ...['[tenant blue]', 'containers = 10.91.0.0/16 /24', 'vni = 4001'],
        ...['[tenant red]', 'containers = 10.92.0.0/16 /24', 'vni = 4002'],
      ],
      ['hostname = n1'],
      ['hostname = n2'],
    ),
  )
})

describe('on one bridge', () => {
  /** Bridges in the host's own table, each with containers; `at` tells its gateway. */
  const bridges = `ip link set lo up && mkdir -p /run/netns &&
    bridge() {
      ip link add "$1" type bridge && ip address add "$2.1/24" dev "$1" && ip link set "$1" up || exit 9
    }
    container() {
      ip netns add "$1" && ip link add "$1" type veth peer name eth0 netns "$1" &&
        ip link set "$1" master "$2" up && ip -n "$1" link set eth0 up &&
        ip -n "$1" address add "$3.$4/24" dev eth0 && ip -n "$1" route add default via "$3.1" || exit 9
    }
    reaches() { ip netns exec "$1" ping -c 1 -W 2 "$2" >/dev/null; }
    bridge ct-blue 10.91.1 && bridge ct-red 10.92.1 &&
    container one ct-blue 10.91.1 11 && container two ct-blue 10.91.1 12 && container other ct-red 10.92.1 11 &&
    { [ -d /proc/sys/net/bridge ] || modprobe br_netfilter; } &&
    sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1`

  judged(
    [...tools, 'ping'],
    "a tenant's containers see each other, where bridges ask the filter, and no other's",
    () => {
      const { status, output } = host.run(
        `{ reaches one 10.91.1.12 && reaches one 10.92.1.11 && echo without:all
        nft -f /etc/ciab/ciabmesh.nft || exit 9
        reaches one 10.91.1.12 && echo with:own
        reaches one 10.92.1.11 || echo with:no-other; }`,
        bridges,
      )
      expect([status, output]).toEqual([0, 'without:all\nwith:own\nwith:no-other\n'])
    },
  )
})

describe('bridges of tenants that were here', () => {
  judged(tools, 'lead nowhere, also when they are made anew; one that is wanted again does', () => {
    const { status, output } = host.run(
      `mkdir -p /var/lib/ciab && printf 'ct-gone\\nct-red\\n' >/var/lib/ciab/ciabmesh.shut &&
        sh /etc/ciab/guard.sh && nft list chain inet ciab prerouting`,
    )
    expect(status).toBe(0)
    expect(output).toContain('iifname "ct-gone" drop')
    expect(output).not.toContain('iifname "ct-red" drop')
  })
})

describe('router advertisements', () => {
  judged(
    tools,
    "are dropped from the mesh and from bridges of ours, but not from the operator's own bridge",
    () => {
      host.lay(
        meshText(
          ['underlay = 10.79.0.0/16', 'overlay = 10.78.0.0/16', 'containers = 10.77.0.0/16 /24'],
          ['hostname = n1', 'containers[] = br0 192.168.7.1/24', 'containers[] = ciabbr0 auto'],
          ['hostname = n2'],
        ),
      )
      const { status, output } = host.run(
        'nft -f /etc/ciab/ciabmesh.nft && nft list chain inet ciab input | grep nd-router-advert',
      )
      const from = /iifname \{ (.*) \} icmpv6 type \{ nd-router-advert, nd-redirect \} drop/
        .exec(output)?.[1]
        ?.split(', ')
        .sort()
      expect([status, from]).toEqual([0, ['"ciabbr0"', '"ciabmesh"', '"vciabmesh"']])
    },
  )
})

describe('what other firewalls lack', () => {
  const missing = (option = '--status'): string[] =>
    host
      .apply(option)
      .output.split('\n')
      .flatMap(line => /; missing: (.*)/.exec(line)?.[1] ?? [])
  const ofTenants = (lines: readonly string[]): string[] =>
    lines.filter(line => /blue|red/.test(line)).map(line => line.replace('firewall-cmd --permanent ', ''))

  judged(tools, 'ufw: the ways of tenants too', () => {
    host.command(
      'ufw',
      `#!/bin/sh
      case "$1 $2" in 'status ') echo 'Status: active' ;; 'show added') cat ${at('rules')} ;; esac`,
    )
    writeFileSync(at('rules'), '')
    const rules = missing()
    expect(ofTenants(rules)).toEqual([
      ...['vrf-blue', 'vrf-red', 'ct-blue', 'ct-red'].map(device => `ufw allow in on ${device}`),
      ...['vrf-blue', 'vrf-red'].map(vrf => `ufw route allow in on ${vrf}`),
      ...['ct-blue', 'ct-red'].map(bridge => `ufw route allow in on ${bridge} out on ${bridge}`),
    ])
    writeFileSync(at('rules'), `${rules.join('\n')}\n`)
    expect(missing()).toEqual([])
  })

  judged([...tools, 'iptables'], "Docker: the same, in its users' chain", () => {
    const docker = 'iptables -P FORWARD DROP && iptables -N DOCKER-USER && iptables -I FORWARD -j DOCKER-USER'
    const { output } = host.run(
      `{ sh /etc/ciab/apply.sh --dry-run | grep '^  iptables' | sh && sh /etc/ciab/apply.sh --status
      iptables -S DOCKER-USER; }`,
      docker,
    )
    expect(output).not.toContain('missing: iptables')
    for (const vrf of ['vrf-blue', 'vrf-red'])
      expect(output).toContain(`-A DOCKER-USER -i ${vrf} -j ACCEPT\n`)
    for (const bridge of ['ct-blue', 'ct-red'])
      expect(output).toContain(`-A DOCKER-USER -i ${bridge} -o ${bridge} -j ACCEPT\n`)
  })

  judged(tools, 'firewalld: the devices of tenants too', () => {
    host.command(
      'firewall-cmd',
      `#!/bin/sh
      case $1 in --state | --query-port=*) ;; --get-zone-of-interface=*) grep -qx "\${1#*=}" ${at('trusted')} && echo trusted ;; esac`,
    )
    writeFileSync(at('trusted'), 'ct-red\n')
    expect(ofTenants(missing())).toEqual(
      ['vrf-blue', 'vrf-red', 'ct-blue'].map(
        device => `--zone=trusted --add-interface=${device} && firewall-cmd --reload`,
      ),
    )
  })
})

describe('systemd', () => {
  /** It knows the files of these units no longer as they are. */
  const outdated = (units: string): void => {
    mkdirSync(at('run/systemd/system'), { recursive: true })
    writeFileSync(at('outdated'), units)
    host.command(
      'systemctl',
      `#!/bin/sh
      case $1 in
        daemon-reload) echo reload >>${at('log')}; : >${at('outdated')} ;;
        show)
          shift 3
          for unit in "$@"; do grep -qw "$unit" ${at('outdated')} && echo yes || echo no; done
          ;;
      esac`,
    )
  }
  const reloads = (): string => readFileSync(at('log'), 'utf8')
  const change = 'let systemd read its units anew\n'

  judged(tools, 'reads the file about nftables.service anew, where that alone is new', () => {
    outdated('nftables.service')
    expect(host.apply('--dry-run').output.split(`would ${change}`)).toHaveLength(2)
    expect(reloads()).toBe('')
    expect(host.apply().output).toContain(change)
    expect(reloads()).toBe('reload\n')
    expect(host.apply().output).not.toContain(change)
  })

  judged(tools, 'reads all of them once', () => {
    outdated('nftables.service ciab-guard.service')
    expect(host.apply('--dry-run').output.split(`would ${change}`)).toHaveLength(2)
    host.apply()
    expect(reloads()).toBe('reload\n')
  })
})

describe('files', () => {
  judged(tools, 'are such that root alone can write them', () => {
    const paths = {
      'etc/ciab/apply.sh': 0o755,
      'etc/ciab/apply.conf': 0o644,
      'etc/ciab/guard.sh': 0o755,
      'etc/ciab/guard.conf': 0o644,
      'etc/ciab/ciabmesh.nft': 0o644,
      'etc/ciab/ciabmesh.sysctl': 0o644,
      'etc/systemd/system/ciab-guard.service': 0o644,
      'etc/systemd/system/ciab-forward.service': 0o644,
      'etc/systemd/system/nftables.service.d/ciab.conf': 0o644,
    }
    for (const path of Object.keys(paths)) chmodSync(at(path), 0o666)
    expect(host.apply().status).toBe(0)
    for (const [path, mode] of Object.entries(paths))
      expect([path, statSync(at(path)).mode & 0o777]).toEqual([path, mode])
  })
})
