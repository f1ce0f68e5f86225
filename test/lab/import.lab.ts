import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { until } from './rig/clock.js'
import { describeHosts } from './rig/describe-hosts.js'
import { Host } from './rig/host.js'
import { Internet, siteOf } from './rig/internet.js'
import { lackingMesh } from './rig/lacking.js'
import { Operator } from './rig/operator.js'
import { routes } from './rig/probes.js'
import { reasonToSkip } from './rig/requirements.js'
import { allReach } from './starts.js'

const fixture = fileURLToPath(new URL('../../fixtures/import/vwgen/guide-3-nodes/', import.meta.url))
const numbers = [1, 2, 3]

/** The case's own text, with endpoints that this internet has, and node1 outside the pool, as `addr` allows. */
const fitted = (file: string): string =>
  readFileSync(`${fixture}${file}`, 'utf8')
    .replace(/203\.0\.113\.(\d):/g, '198.18.$1.2:')
    .replaceAll('172.24.52.57/12', '192.168.7.1/24')

/** Addresses on the segment. */
const segment = {
  node1: ['192.168.7.1', '2001:db8:42:0:48dc:581:f8a:487e'],
  node2: ['172.26.214.253', '2001:db8:42:0:4c6b:12bd:786a:8c71'],
  node3: ['172.30.72.19', '2001:db8:42:0:1878:4abc:debc:7b7f'],
}

const bridge = (number: number) => ({ ipv4: `10.141.${number}.1/24`, ipv6: `fd42:8d0b:5c7e:${number}::1/64` })

/** The guide's template filled in by hand: itself as a neighbor, everybody a client, a password. */
const template = (number: number): string => {
  const sessions = Object.values(segment).map(([address]) => address)
  return [
    'log syslog informational',
    `hostname node${number}`,
    'password not-for-anybody',
    'router bgp 64512',
    `bgp router-id ${segment[`node${number}` as keyof typeof segment][0]}`,
    'no bgp network import-check',
    ...sessions.map(address => `neighbor ${address} remote-as 64512`),
    ...sessions.map(address => `neighbor ${address} route-reflector-client`),
    `network 10.141.${number}.0/24`,
    'address-family ipv6 unicast',
    `network fd42:8d0b:5c7e:${number}::/64`,
    'exit-address-family',
    '',
  ].join('\n')
}

const reason = reasonToSkip()
const suite = reason === null ? describe : describe.skip

/** The guide's story: a mesh of vwgen's and of hand-made frr.conf files moves to ciab-gen node by node. */
suite(reason === null ? "vwgen's mesh, imported" : `vwgen's mesh, imported (skipped: ${reason})`, () => {
  let internet: Internet
  let operator: Operator
  const hosts: Host[] = []

  beforeAll(async () => {
    internet = await Internet.open()
    operator = await Operator.open()
    for (const number of numbers) {
      const options = { uplink: 'dual', existingBridge: false, reflector: false } as const
      const host = await Host.open(`node${number}`, internet, siteOf(number), options)
      hosts.push(host)
      const { ipv4, ipv6 } = bridge(number)
      const config = [`ipv4.address=${ipv4}`, 'ipv4.nat=true', `ipv6.address=${ipv6}`, 'ipv6.nat=true']
      host.machine.must(['lxc', 'network', 'create', 'lxdbr0', ...config])
      // LXD switches forwarding on; and vwgen's file does not start without ethtool.
      host.machine.sh(`sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
        printf '#!/bin/sh\\n' >/usr/local/bin/ethtool; chmod 755 /usr/local/bin/ethtool`)
      put(host, '/etc/wireguard/ciabmesh.conf', fitted(`showconf/node${number}.conf`))
    }
    for (const host of hosts) host.machine.must(['wg-quick', 'up', 'ciabmesh'])
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.error(describeHosts(hosts))
  })
  afterAll(async () => {
    for (const host of hosts) await host.close()
    await operator.namespace.close()
    await internet.namespace.close()
  })

  const put = (host: Host, path: string, text: string): void => {
    host.machine.must(['sh', '-c', 'cat >"$1" && chmod 600 "$1"', 'sh', path], { input: text })
  }
  const lost = (from: string, to: string, addresses = segment[to as keyof typeof segment]): string[] => {
    const host = hosts.find(({ name }) => name === from) as Host
    return addresses
      .filter(address => host.machine.run(['ping', '-n', '-q', '-c', '1', '-w', '2', address]).status !== 0)
      .map(address => `${from} has no answer from ${to} (${address})`)
  }
  const cutOver = (name: string): void => {
    const host = hosts.find(other => other.name === name) as Host
    host.deploy(operator)
    host.apply()
  }

  test("vwgen's mesh works as far as it can: the node outside the pool has IPv6 alone", async () => {
    await until('pings', 30, () => [
      ...lost('node2', 'node3'),
      ...lost('node3', 'node2'),
      ...lost('node1', 'node2', segment.node2.slice(1)),
    ])
    expect(lost('node2', 'node1', segment.node1.slice(0, 1))).toHaveLength(1)
  })

  test('is imported with the hand-made frr.conf files, faults reported', () => {
    const at = `${operator.namespace.root}/run/lab/mesh`
    writeFileSync(`${at}/ciabmesh.conf`, fitted('ciabmesh.conf'))
    for (const number of numbers) writeFileSync(`${at}/node${number}.frr`, template(number))
    const frr = numbers.flatMap(number => ['--frr', `node${number}.frr`])
    const report = operator.ciabGen('import', 'vwgen', 'ciabmesh.conf', ...frr)
    expect(report).toMatch(/node1: 192\.168\.7\.1\/24 is not in the pool/)
    expect(report).toMatch(/node1: it has itself as a neighbor/)
    operator.ciabGen('gen')
  })

  test("a mixed mesh: two nodes on ciab-gen's files and one on vwgen's own reach each other both ways", async () => {
    const old = hosts[2] as Host
    put(old, '/etc/frr/frr.conf', template(3))
    old.machine.sh('sed -i "s/^bgpd=.*/bgpd=yes/" /etc/frr/daemons; chown -R frr:frr /etc/frr')
    old.machine.run(['/usr/lib/frr/frrinit.sh', 'start'])
    cutOver('node1')
    cutOver('node2')
    for (const host of hosts) await host.openContainers()
    await until('pings on the segment', 30, () => [
      ...lost('node2', 'node3'),
      ...lost('node3', 'node2'),
      ...lost('node1', 'node2'),
      ...lost('node2', 'node1'),
      ...lost('node1', 'node3', segment.node3.slice(1)),
      ...lost('node3', 'node1', segment.node1.slice(1)),
    ])
    // vwgen's node still takes 1500 bytes for the MTU of the segment.
    const large = ['ping', '-n', '-q', '-c', '1', '-w', '2', '-s', '1472', segment.node2[0] as string]
    expect(old.machine.run(large).status).toBe(0)
    await until('routes between the old node and a new one', 60, () => [
      ...(routes(old).includes('10.141.2.0/24') ? [] : ['node3 has no route to 10.141.2.0/24']),
      ...(routes(hosts[1] as Host).includes('10.141.3.0/24') ? [] : ['node2 has no route to 10.141.3.0/24']),
    ])
    const [from, to] = [hosts[1]?.containers[0], old.containers[0]]
    if (!from || !to) throw new Error('there are no containers')
    await until('pings between their containers', 20, () => [
      ...(from.ping([to.ipv4]).length > 0 ? [] : [`${from.name} has no answer from ${to.name}`]),
      ...(to.ping([from.ipv4]).length > 0 ? [] : [`${to.name} has no answer from ${from.name}`]),
    ])
  })

  test('the last node moves: all sessions, routes and pings, the one outside the pool too', async () => {
    cutOver('node3')
    await until('convergence', 60, () => lackingMesh(hosts))
    await allReach({ hosts, others: [], internet })
    for (const [from, to] of [
      ['node1', 'node3'],
      ['node3', 'node1'],
    ] as const)
      expect(lost(from, to)).toEqual([])
  })

  test('apply.sh finds nothing more to do', () => {
    for (const host of hosts) expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
  })
})
