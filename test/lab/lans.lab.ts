import { afterAll, expect, test } from 'vitest'
import { Client } from './rig/client.js'
import { until } from './rig/clock.js'
import type { Container } from './rig/container.js'
import { mesh } from './rig/host.js'
import { siteOf } from './rig/internet.js'
import { lackingRoutes, lackingSessions } from './rig/lacking.js'
import { type Lan, LanHost } from './rig/lan-host.js'
import type { Namespace } from './rig/namespace.js'
import { thorough } from './rig/numbers.js'
import { Stream } from './rig/stream.js'
import { expectUninterrupted, stateOf } from './rig/uninterrupted.js'
import { type Run, type Start, scenario } from './scenario.js'
import { allReach } from './starts.js'

const start: Start = async run => {
  await Promise.all(run.lab.hosts.map(host => host.applyBeside()))
  for (const host of run.lab.hosts) await host.openContainers()
  await until('convergence', 60, () => [...lackingSessions(run.lab.hosts), ...lackingRoutes(run.lab.hosts)])
  await allReach(run.lab)
}

const lans: Readonly<Record<string, Lan>> = {
  node1: { interface: 'eth1', ipv4: '192.168.50', ipv6: 'fd50:0:0:50' },
  node3: { interface: 'eth1', ipv4: '192.168.60', ipv6: 'fd50:0:0:60' },
}

/** Somebody who may reach and be reached. */
interface Party {
  readonly name: string
  readonly addresses: readonly string[]
  ping(addresses: readonly string[], patience?: number): string[]
  readonly ledger: { clear(): void; sources(): string[] } | null
}

const steps = (run: Run): void => {
  const behind: LanHost[] = []
  const clients: Client[] = []
  afterAll(async () => {
    for (const { machine } of behind) await machine.close()
    for (const client of clients) await client.close()
  })

  test('LANs and a client are added to the running mesh, and it costs the others no packet', async () => {
    const { operator, hosts, internet } = run.lab
    for (const [name, lan] of Object.entries(lans))
      behind.push(await LanHost.open(`nas-${name}`, run.lab.host(name), lan))
    clients.push(await Client.open('laptop', internet, siteOf(20), 'dual'))
    const states = new Map(hosts.map(host => [host, stateOf(host)]))
    const stream = await Stream.start(hosts)
    for (const [name, { interface: device, ipv4, ipv6 }] of Object.entries(lans))
      operator.ciabGen('set', 'node', name, 'lan', `${device} ${ipv4}.0/24, ${ipv6}::/64`)
    operator.ciabGen('add-client', 'laptop', '--via', 'node2')
    operator.ciabGen('gen')
    for (const host of hosts) {
      host.deploy(operator)
      host.apply()
      await stream.flows()
    }
    const { answered, lost } = await stream.stop()
    expect(lost).toEqual([])
    run.report('LANs added; pings of others answered meanwhile, none lost', answered)
    for (const [host, state] of states) expectUninterrupted(host, state)
    for (const client of clients) {
      client.receive(operator)
      client.up()
    }
    run.lab.others.push(...behind, ...clients)
  })

  const containers = (): Party[] =>
    run.lab.hosts.flatMap(host =>
      host.containers.map(container => ({
        name: container.name,
        addresses: [container.ipv4, container.ipv6],
        ping: (addresses: readonly string[]) => container.ping(addresses),
        ledger: container.ledger,
      })),
    )
  /** A node is asked under all addresses that it has in the mesh, and asks under one of them. */
  const nodes = (): Party[] =>
    run.lab.hosts.map(host => ({
      name: host.name,
      addresses: addressesOf(host.machine.must(['ip', '-json', 'address', 'show', 'scope', 'global'])),
      ping: (addresses: readonly string[]) =>
        addresses.filter(
          address => host.machine.run(['ping', '-n', '-c', '1', '-W', '3', address]).status === 0,
        ),
      ledger: null,
    }))

  test('a host in a LAN reaches containers and nodes everywhere, clients and the other LAN, under its own address', async () => {
    // Handshakes are made, and neighbors asked for, by whoever comes first.
    await until('the first answers', 30, () =>
      behind.flatMap(host =>
        containers().flatMap(({ name, addresses }) =>
          host.ping(addresses, 1).length === addresses.length ? [] : [`${host.name} to ${name}`],
        ),
      ),
    )
    for (const host of behind) {
      const others: Party[] = [...containers(), ...nodes(), ...clients, ...behind.filter(one => one !== host)]
      for (const { ledger } of others) ledger?.clear()
      for (const { name, addresses } of others)
        expect(host.ping(addresses).sort(), `${host.name} to ${name}`).toEqual([...addresses].sort())
      for (const { ledger, name } of others)
        if (ledger) expect(ledger.sources(), name).toEqual([...host.addresses].sort())
    }
  })

  test('and all of those reach it, under their own', () => {
    for (const host of behind) {
      const others: Party[] = [...containers(), ...nodes(), ...clients, ...behind.filter(one => one !== host)]
      host.ledger.clear()
      for (const one of others)
        expect(one.ping(host.addresses).sort(), `${one.name} to ${host.name}`).toEqual(
          [...host.addresses].sort(),
        )
      // The node that the LAN is behind has an address of its own there.
      const router = host.addresses.map(address => address.replace(/8$/, '1'))
      const known = new Set([...router, ...others.flatMap(({ addresses }) => addresses)])
      const seen = host.ledger.sources()
      expect(
        seen.filter(source => !known.has(source)),
        host.name,
      ).toEqual([])
      for (const { ledger, addresses } of others)
        if (ledger) expect(seen, host.name).toEqual(expect.arrayContaining([...addresses]))
    }
  })

  test("somebody speaks under an address of a node's LAN from elsewhere", () => {
    const [nas, laptop] = [behind[0] as LanHost, clients[0] as Client]
    const victim = run.lab.host('node2').containers[0] as Container
    // From its own bridge nothing comes by way of the node.
    const elsewhere: readonly (readonly [string, Namespace, device: string])[] = [
      ...run.lab.hosts
        .filter(host => !host.containers.includes(victim))
        .flatMap(host => host.containers.map(({ name, namespace }) => [name, namespace, 'eth0'] as const)),
      ['the host of another LAN', (behind[1] as LanHost).machine, 'eth0'],
      ['a client', laptop.machine, mesh],
    ]
    for (const [family, foreign] of [
      ['ipv4', `${lans.node1?.ipv4}.9`],
      ['ipv6', `${lans.node1?.ipv6}::9`],
    ] as const) {
      const seenFrom = (machine: Namespace, device: string): string[] => {
        const length = family === 'ipv4' ? 32 : 128
        victim.ledger.clear()
        machine.must([
          'ip',
          'address',
          'add',
          `${foreign}/${length}`,
          'dev',
          device,
          ...(length > 32 ? ['nodad'] : []),
        ])
        machine.run(['ping', '-n', '-c', '1', '-W', '1', '-I', foreign, victim[family]])
        machine.must(['ip', 'address', 'del', `${foreign}/${length}`, 'dev', device])
        return victim.ledger.sources()
      }
      for (const [name, machine, device] of elsewhere)
        expect(seenFrom(machine, device), `${foreign} of ${name}`).toEqual([])
      expect(seenFrom(nas.machine, 'eth0'), 'where it belongs').toEqual([foreign])
    }
  })

  test('the running state is what the files say', async () => {
    for (const host of run.lab.hosts) expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
  })
}

const addressesOf = (json: string): string[] =>
  (JSON.parse(json) as { ifname: string; addr_info: { local?: string }[] }[]).flatMap(
    ({ ifname, addr_info }) =>
      ifname === mesh || ifname === `v${mesh}` ? addr_info.flatMap(({ local }) => local ?? []) : [],
  )

// Whoever carries the client, and whoever has a LAN behind it.
scenario('LANs', start, steps, { size: 3 })

if (thorough)
  scenario('LANs, layer 3 only', start, steps, {
    edit: operator => operator.ciabGen('set', 'mesh', 'mode', 'l3'),
    size: 3,
  })
