import { afterAll, expect, test } from 'vitest'
import { Client } from './rig/client.js'
import { stopwatch, until } from './rig/clock.js'
import type { Container } from './rig/container.js'
import { forgedPing } from './rig/forge.js'
import { type Host, mesh } from './rig/host.js'
import { server, siteOf } from './rig/internet.js'
import { lackingRoutes, lackingSessions } from './rig/lacking.js'
import type { Namespace } from './rig/namespace.js'
import { thorough } from './rig/numbers.js'
import { fragments, routingDelta } from './rig/probes.js'
import { Stream } from './rig/stream.js'
import { expectUninterrupted, stateOf } from './rig/uninterrupted.js'
import { type Run, type Start, scenario } from './scenario.js'
import { allReach } from './starts.js'

/** The lines of docs/security.md on clients. */
const lines = {
  segment: 'a client enters a segment that `reach` does not name, or is entered from there',
  leaves: 'a client leaves the mesh by the node that carries it, or reaches what that has besides',
  exit: 'a client goes out by a node that is no exit, or by an exit to what is next to it',
  foreign: 'a client speaks under a foreign address',
  speaks: 'a client speaks BGP, BFD or VXLAN with nodes',
} as const

const start: Start = async run => {
  await Promise.all(run.lab.hosts.map(host => host.applyBeside()))
  for (const host of run.lab.hosts) await host.openContainers()
  await until('convergence', 60, () => [...lackingSessions(run.lab.hosts), ...lackingRoutes(run.lab.hosts)])
  await allReach(run.lab)
}

const steps = (run: Run, segmented: boolean): void => {
  const clients: Client[] = []
  afterAll(async () => {
    for (const client of clients) await client.close()
  })
  const containers = (): Container[] => run.lab.hosts.flatMap(host => [...host.containers])
  const apps = (): Container[] => containers().filter(({ bridge }) => bridge.name === 'br-apps')
  const own = (): Container[] => containers().filter(({ bridge }) => bridge.name !== 'br-apps')
  const both = ({ ipv4, ipv6 }: Container): string[] => [ipv4, ipv6]

  test('two clients are added to the running mesh, and it costs the others no packet', async () => {
    const { operator, hosts, internet } = run.lab
    clients.push(await Client.open('laptop', internet, siteOf(20), 'nat'))
    clients.push(await Client.open('phone', internet, siteOf(21), 'ipv6'))
    const states = new Map(hosts.map(host => [host, stateOf(host)]))
    const stream = await Stream.start(hosts)
    operator.ciabGen('add-client', 'laptop')
    operator.ciabGen('add-client', 'phone', '--via', 'node2', ...(segmented ? ['--reach', 'apps'] : []))
    operator.ciabGen('gen')
    for (const host of hosts) {
      host.deploy(operator)
      host.apply()
      await stream.flows()
    }
    const { answered, lost } = await stream.stop()
    expect(lost).toEqual([])
    run.report('clients added; pings of others answered meanwhile, none lost', answered)
    for (const [host, state] of states) expectUninterrupted(host, state)
  })

  test('wg reads the file as wg-quick strips it, and wg-quick brings it up', async () => {
    const elapsed = stopwatch()
    for (const client of clients) {
      client.receive(run.lab.operator)
      const { stderr } = client.machine.run([
        'bash',
        '-c',
        `wg-quick strip ${mesh} >/run/stripped && wg setconf nosuchdev /run/stripped`,
      ])
      // What is read clean fails only for want of the device.
      expect(stderr.trim(), client.name).toMatch(/^Unable to modify interface: [\w ]+$/)
      client.up()
    }
    for (const client of clients)
      await until(`${client.name} reaches a container`, 30, () =>
        client.ping(own().slice(0, 1).flatMap(both), 1).length === 2 ? [] : ['no answer'],
      )
    run.report('both up, and a container answers after', elapsed())
  })

  test('a client reaches nodes and containers of all of them, and the source is kept', () => {
    for (const client of clients) {
      for (const container of own()) container.ledger.clear()
      const targets = [...own().flatMap(both), ...run.lab.hosts.flatMap(addressesIn)]
      expect(client.ping(targets).sort(), client.name).toEqual([...targets].sort())
      for (const { ledger, name } of own()) expect(ledger.sources(), name).toEqual(client.addresses)
    }
  })

  test('containers, nodes and clients reach a client, and the source is kept', () => {
    for (const client of clients) {
      client.ledger.clear()
      for (const container of own())
        expect(container.ping(client.addresses), `${container.name} to ${client.name}`).toEqual(
          expect.arrayContaining(client.addresses),
        )
      const seen = client.ledger.sources()
      expect(seen, client.name).toEqual(own().flatMap(both).sort())
      for (const host of run.lab.hosts)
        for (const address of client.addresses)
          expect(
            host.machine.run(['ping', '-n', '-c', '1', '-W', '3', address]).status,
            `${host.name} to ${address}`,
          ).toBe(0)
      const others = clients.filter(other => other !== client).flatMap(({ addresses }) => addresses)
      expect(client.ping(others).sort(), client.name).toEqual([...others].sort())
    }
  })

  test.runIf(segmented)(lines.segment, () => {
    const [laptop, phone] = clients as [Client, Client]
    const targets = apps().flatMap(both)
    expect(targets.length).toBeGreaterThan(0)
    expect(phone.ping(targets).sort()).toEqual([...targets].sort())
    expect(laptop.ping(targets, 1)).toEqual([])
    everythingInto(laptop)
    laptop.machine.sh(`ip route add 10.90.0.0/16 dev ${mesh}; ip route add fd90::/64 dev ${mesh}`)
    expect(laptop.ping(targets, 1), 'with allowed IPs of its own').toEqual([])
    for (const container of apps()) expect(container.ping(laptop.addresses), container.name).toEqual([])
    for (const container of apps())
      expect(container.ping(phone.addresses).sort(), container.name).toEqual([...phone.addresses].sort())
  })

  test(lines.leaves, () => {
    const [laptop] = clients as [Client, Client]
    const besides = ['203.0.113.9', '198.18.3.2', server.ipv4, server.ipv6]
    everythingInto(laptop)
    laptop.machine.sh(besides.map(address => `ip route replace ${address} dev ${mesh}`).join('\n'))
    expect(laptop.ping(besides, 1)).toEqual([])
    laptop.machine.sh(besides.map(address => `ip route del ${address} dev ${mesh}`).join('\n'))
  })

  test(lines.foreign, () => {
    const [laptop, phone] = clients as [Client, Client]
    const [victim, other] = own() as [Container, Container]
    everythingInto(laptop)
    for (const family of ['ipv4', 'ipv6'] as const) {
      const [place, length] = family === 'ipv4' ? [0, 32] : [1, 128]
      const own = laptop.addresses[place] as string
      for (const foreign of [other[family], phone.addresses[place] as string]) {
        laptop.machine.must(['ip', 'address', 'add', `${foreign}/${length}`, 'dev', mesh])
        victim.ledger.clear()
        laptop.ping([victim[family]], 1, `-I ${foreign}`)
        expect(victim.ledger.sources(), `${foreign} of a client`).toEqual([])
        // The same under its own address is seen.
        expect(laptop.ping([victim[family]], 3, `-I ${own}`)).toEqual([victim[family]])
        expect(victim.ledger.sources()).toEqual([own])
        laptop.machine.must(['ip', 'address', 'del', `${foreign}/${length}`, 'dev', mesh])
      }
    }
  })

  test(lines.speaks, () => {
    const [laptop] = clients as [Client, Client]
    const [first, second] = run.lab.hosts as [Host, Host]
    const opens = (from: Namespace, address: string): boolean =>
      from.run(['timeout', '2', 'bash', '-c', `</dev/tcp/${address}/179`]).status === 0
    const addresses = addressesIn(first)
    expect(
      addresses.filter(address => opens(second.machine, address)),
      'a node',
    ).not.toEqual([])
    expect(
      addresses.filter(address => opens(laptop.machine, address)),
      'a client',
    ).toEqual([])
    const [victim] = own() as [Container]
    const device = first.machine.run(['cat', `/sys/class/net/v${mesh}/address`])
    victim.ledger.clear()
    const forged = forgedPing({
      vni: 3000,
      mac: device.status === 0 ? device.stdout.trim() : '02:00:00:00:00:01',
      from: '10.78.0.66',
      to: victim.ipv4,
    }).toString('hex')
    for (const address of addresses)
      laptop.machine.must([
        'python3',
        '-c',
        `import socket,sys
s = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
for port in 4789, 3784: s.sendto(bytes.fromhex(sys.argv[2]), (sys.argv[1], port))`,
        address,
        forged,
      ])
    expect(laptop.ping([victim.ipv4])).toEqual([victim.ipv4])
    expect(victim.ledger.sources()).toEqual([laptop.addresses[0]])
    expect(lackingSessions(run.lab.hosts)).toEqual([])
  })

  test(lines.exit, async () => {
    const { operator, hosts, internet } = run.lab
    const roamer = await Client.open('roamer', internet, siteOf(22), 'dual')
    clients.push(roamer)
    operator.ciabGen('set', 'node', 'node1', 'exit', 'yes')
    operator.ciabGen('add-client', 'roamer')
    operator.ciabGen('set', 'client', 'roamer', 'full-tunnel', 'yes')
    operator.ciabGen('gen')
    for (const host of hosts) {
      host.deploy(operator)
      host.apply()
    }
    const [exit] = hosts as [Host]
    exit.machine.sh(
      'ip link add apart type bridge; ip address add 192.168.77.1/24 dev apart; ip address add fd77::1/64 dev apart nodad; ip link set apart up',
    )
    roamer.receive(operator)
    roamer.up()
    const servers = [server.ipv4, server.ipv6]
    await until('the internet answers', 30, () => (roamer.ping(servers, 1).length === 2 ? [] : ['no answer']))
    internet.ledger.clear()
    expect(roamer.ping(servers).sort()).toEqual([...servers].sort())
    expect(internet.ledger.sources()).toEqual(
      [exit.uplink.public.ipv4, exit.uplink.public.ipv6].filter(address => address !== null).sort(),
    )
    const inside = own().flatMap(both)
    await until('all containers answer', 20, () => {
      const answered = roamer.ping(inside, 1)
      return inside.filter(address => !answered.includes(address))
    })
    expect(roamer.ping(['192.168.77.1', 'fd77::1', '169.254.169.254', 'fd00:ec2::254'], 1)).toEqual([])
    // Another client of the same node has no way out by it.
    const [laptop] = clients as [Client]
    everythingInto(laptop)
    laptop.machine.sh(servers.map(address => `ip route replace ${address} dev ${mesh}`).join('\n'))
    expect(laptop.ping(servers, 1)).toEqual([])
    laptop.machine.sh(servers.map(address => `ip route del ${address} dev ${mesh}`).join('\n'))
    roamer.down()
  })

  test('its MTU passes everywhere in one piece', () => {
    const [, phone] = clients as [Client, Client]
    const mtu = Number(/MTU = (\d+)/.exec(phone.receive(run.lab.operator))?.[1])
    const before = run.lab.hosts.map(fragments)
    for (const { ipv4, ipv6, name } of [...own(), ...apps()]) {
      expect(phone.ping([ipv4], 3, `-M do -s ${mtu - 28}`), name).toEqual([ipv4])
      expect(phone.ping([ipv6], 3, `-M do -s ${mtu - 48}`), name).toEqual([ipv6])
    }
    expect(run.lab.hosts.map(fragments)).toEqual(before)
  })

  test('the running state is what the files say, with a client away', async () => {
    const [, phone] = clients as [Client, Client]
    phone.down()
    for (const host of run.lab.hosts) {
      expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
      expect(routingDelta(host), host.name).toBe('')
    }
    const said = await Promise.all(run.lab.hosts.map(host => host.applyBeside('--status')))
    expect(said.join('')).toMatch(/laptop: a client, \d+ s ago/)
  })

  test('a client that is removed is locked out once its node has applied', async () => {
    const { operator, hosts } = run.lab
    const [laptop, phone] = clients as [Client, Client]
    laptop.down()
    laptop.receive(operator)
    laptop.up()
    const [target] = own().flatMap(both)
    expect(laptop.ping([target ?? ''])).toEqual([target])
    const stream = await Stream.start(hosts)
    operator.ciabGen('remove-client', 'laptop')
    operator.ciabGen('gen')
    for (const host of hosts) {
      host.deploy(operator)
      host.apply()
      await stream.flows()
    }
    expect(laptop.ping([target ?? ''], 1)).toEqual([])
    expect((await stream.stop()).lost).toEqual([])
    const [address = ''] = laptop.addresses
    for (const host of hosts)
      await until(`${host.name} knows nothing of it`, 10, () => {
        const said = host.machine.sh('ip route; wg show all allowed-ips; nft list ruleset')
        return said.includes(`${address}/32`) || said.includes(`${address} `) ? [address] : []
      })
    phone.up()
    run.lab.others.push(phone)
  })
}

/** What its file keeps it from a client may write otherwise: all that it has a route for goes into its tunnel. */
const everythingInto = ({ machine }: Client): void =>
  void machine.sh(`wg set ${mesh} peer "$(wg show ${mesh} peers)" allowed-ips 0.0.0.0/0,::/0`)

/** A node's own addresses in the mesh. */
const addressesIn = (host: Host): string[] => {
  const links = JSON.parse(host.machine.must(['ip', '-json', 'address', 'show', 'scope', 'global'])) as {
    ifname: string
    addr_info: { local?: string }[]
  }[]
  return links.flatMap(({ ifname, addr_info }) =>
    ifname === mesh || ifname === `v${mesh}` ? addr_info.flatMap(({ local }) => local ?? []) : [],
  )
}

const segment = `
[segment apps]
vni    = 4711
subnet = 10.90.0.0/16 /24, fd90::/64
nodes  = node1, node3
`

scenario('clients', start, run => steps(run, true), {
  edit: operator => operator.edit(text => text + segment),
  size: 3,
  falling: ['node1'],
})

// Without VXLAN WireGuard carries a network to one node, and there is no segment to be entered.
if (thorough)
  scenario('clients, layer 3 only', start, run => steps(run, false), {
    edit: operator => operator.ciabGen('set', 'mesh', 'mode', 'l3'),
    size: 3,
  })
