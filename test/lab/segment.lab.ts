import { expect, test } from 'vitest'
import { stopwatch, until } from './rig/clock.js'
import type { Container } from './rig/container.js'
import type { Host } from './rig/host.js'
import { lackingRoutes, lackingSessions } from './rig/lacking.js'
import { localServices, sendLocalServices, watchLocalServices } from './rig/local-services.js'
import { thorough } from './rig/numbers.js'
import { pingEveryPair } from './rig/pings.js'
import { fragments, routingDelta, sessions, vtysh } from './rig/probes.js'
import {
  bridgeOf,
  containersOn,
  forwarded,
  lackingEvpn,
  lackingFlooding,
  linesOf,
  membersOf,
  type Segment,
  tunnelAddress,
} from './rig/segment.js'
import { Stream } from './rig/stream.js'
import { type Run, type Start, scenario } from './scenario.js'
import { allReach } from './starts.js'

const apps: Segment = {
  name: 'apps',
  vni: 4711,
  subnet: '10.90.0.0/16 /24, fd90::/64',
  members: ['node1', 'node3', 'node4'],
}
/** Nothing of node4's business. */
const vault: Segment = { name: 'vault', vni: 4712, subnet: null, members: ['node1', 'node3'] }

const lacking = ({ lab: { hosts } }: Run): string[] => [
  ...lackingSessions(hosts),
  ...lackingRoutes(hosts),
  ...lackingEvpn([apps, vault], hosts),
  ...lackingFlooding(apps, hosts),
  ...lackingFlooding(vault, hosts),
]

/** On each member of one segment one container is on that and one on the node's own bridge; elsewhere both are on the latter. */
const start: Start = async run => {
  const elapsed = stopwatch()
  await Promise.all(run.lab.hosts.map(host => host.applyBeside()))
  for (const host of run.lab.hosts) await host.openContainers()
  await until('convergence', 60, () => lacking(run))
  run.report('from first apply.sh to sessions, routes and flood lists of all', elapsed())
  await allReach(run.lab)
}

const common = (run: Run): void => {
  test('containers on the segment, beside it and elsewhere ping each other under their own addresses', () => {
    const { passed, wrong } = pingEveryPair(run.lab.hosts)
    expect(wrong).toEqual([])
    run.report('pings answered, sources unchanged', passed)
    expect(containersOn(apps, run.lab.hosts).length).toBe(apps.members.length)
  })

  test('the running state is what the files say', async () => {
    for (const host of run.lab.hosts) {
      expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
      expect(routingDelta(host), host.name).toBe('')
    }
    await Promise.all(run.lab.hosts.map(host => host.applyBeside('--status')))
  })

  test('a node that announces itself into a segment of others is not believed', async () => {
    const hostile = run.lab.host('node4')
    const port = containerOf(hostile).port
    const mark = '02:00:00:00:47:12'
    hostile.machine.sh(
      `ip link add br-stolen type bridge
      ip link add vx-stolen type vxlan id "$1" local "$2" dstport 4789 nolearning
      ip link set vx-stolen master br-stolen
      ip link set br-stolen up
      ip link set vx-stolen up`,
      String(vault.vni),
      tunnelAddress(hostile),
    )
    await until('the false announcement', 30, () =>
      vtysh(hostile, 'show bgp l2vpn evpn route').includes(`RT:64512:${vault.vni}`) ? [] : ['not there yet'],
    )
    // What a session brings comes in order: once this is known, the other would be.
    hostile.machine.must(['bridge', 'fdb', 'add', mark, 'dev', port, 'master', 'static'])
    const entry = `${mark} ${tunnelAddress(hostile)}`
    const others = membersOf(apps, run.lab.hosts).filter(host => host !== hostile)
    await until('the announcement behind it', 30, () =>
      others.flatMap(host => (forwarded(host, apps).includes(entry) ? [] : [`${host.name}: no ${entry}`])),
    )
    expect(lackingFlooding(vault, run.lab.hosts)).toEqual([])
    hostile.machine.sh(
      'ip link del vx-stolen; ip link del br-stolen; bridge fdb del "$1" dev "$2" master',
      mark,
      port,
    )
  })
}

const edit = (operator: { edit: (change: (text: string) => string) => void }): void =>
  operator.edit(text => text + linesOf(apps) + linesOf(vault))

scenario(
  'segment on three of four nodes',
  start,
  run => {
    common(run)

    test('packets of the full MTU pass within the segment unfragmented, and not a byte more', () => {
      const containers = containersOn(apps, run.lab.hosts)
      for (const from of containers) {
        const to = containers.filter(other => other !== from).flatMap(other => [other.ipv4, other.ipv6])
        expect(from.fitting(to, from.bridge.mtu).sort(), from.name).toEqual(to.sort())
        expect(from.fitting(to, from.bridge.mtu + 1, 1), from.name).toEqual([])
      }
      for (const host of run.lab.hosts) expect(fragments(host), `${host.name}: FragCreates`).toBe(0)
      run.report('MTU of the segment', containers[0]?.bridge.mtu ?? 0)
    })

    test('every member is the gateway of its containers', () => {
      for (const from of containersOn(apps, run.lab.hosts)) {
        const gateways = [from.bridge.ipv4, from.bridge.ipv6].map(address => address.replace(/\/.*/, ''))
        expect(from.ping(gateways).sort(), from.name).toEqual(gateways.sort())
        expect(gateways).toEqual(['10.90.0.1', 'fd90::1'])
      }
    })

    test('DHCP and router advertisements stay on their node', () => {
      const [first, ...others] = membersOf(apps, run.lab.hosts)
      if (!first) throw new Error('the segment has no members')
      const [from, ...to] = containersOn(apps, run.lab.hosts)
      const probe = (): string[][] => {
        const seen = to.map(({ namespace }) => watchLocalServices(namespace))
        if (from) sendLocalServices(from.namespace, 'eth0')
        sendLocalServices(first.machine, bridgeOf(apps))
        // Behind them in the same queues, and let through.
        expect(from?.ping(to.map(({ ipv6 }) => ipv6))).toHaveLength(to.length)
        return seen.map(services => services().sort())
      }
      expect(probe()).toEqual(to.map(() => []))
      for (const { machine } of [first, ...others]) machine.must(['nft', 'delete', 'table', 'bridge', 'ciab'])
      expect(probe(), 'without the guard').toEqual(to.map(() => [...localServices].sort()))
      for (const host of [first, ...others]) expect(host.apply()).toMatch(/^load the packet filter/m)
      expect(probe()).toEqual(to.map(() => []))
    })

    test.runIf(thorough)('a bridge that its owner makes anew is taken in again', async () => {
      const host = run.lab.host('node3')
      host.machine.sh(
        `ip link del "$1"
        lxc network edit "$1" <"/etc/ciab/lxd/$1.yaml"
        ip link set "$2" master "$1" up
        sh /etc/ciab/networks.sh`,
        bridgeOf(apps),
        containerOf(host).port,
      )
      const elapsed = stopwatch()
      await allReach(run.lab)
      run.report('bridge made anew, every ping answered after', elapsed())
      expect(host.apply()).toMatch(/^nothing changed$/m)
    })

    test.runIf(thorough)(
      'a node joins another segment and leaves it, and nobody on the first notices',
      async () => {
        const { operator, hosts } = run.lab
        const more = { ...vault, members: [...vault.members, 'node4'] }
        const stream = await Stream.start(membersOf(apps, hosts))
        for (const [before, after] of [
          [vault, more],
          [more, vault],
        ] as const) {
          operator.edit(text => text.replace(linesOf(before), linesOf(after)))
          operator.ciabGen('gen')
          for (const host of hosts) {
            host.deploy(operator)
            host.apply()
            await stream.flows()
          }
          await until('frames to the members and nobody else', 30, () => lackingFlooding(after, hosts))
        }
        expect((await stream.stop()).lost).toEqual([])
      },
    )

    test('a node leaves the segment, and the others notice nothing', async () => {
      const { operator, hosts } = run.lab
      const gone = run.lab.host('node4')
      const fewer = { ...apps, members: apps.members.filter(name => name !== gone.name) }
      const stream = await Stream.start(membersOf(fewer, hosts))
      operator.edit(text => text.replace(linesOf(apps), linesOf(fewer)))
      operator.ciabGen('gen')
      for (const host of hosts) {
        host.deploy(operator)
        host.apply()
        await stream.flows()
      }
      await until('nothing is sent to it', 30, () => lackingFlooding(fewer, hosts))
      expect((await stream.stop()).lost).toEqual([])
      expect(sessions(gone).filter(({ family }) => family === 'evpn')).toEqual([])
      expect(gone.machine.run(['nft', 'list', 'table', 'bridge', 'ciab']).status).not.toBe(0)
      expect(gone.apply()).toMatch(/^nothing changed$/m)
    })
  },
  // node3 and node4 meet through node1.
  { uplinks: ['dual', 'ipv6', 'nat', 'nat'], edit, size: 4, falling: ['node1'] },
)

if (thorough)
  scenario(
    'segment with two reflectors',
    start,
    run => {
      common(run)

      // The other is no member, and yet all that the members tell each other goes by way of it.
      test('one reflector fails and comes back, and traffic among the others goes on', async () => {
        const gone = run.lab.host('node1')
        const others = membersOf(apps, run.lab.hosts).filter(host => host !== gone)
        const streams = [await Stream.start(others, 0.1), await Stream.start(others, 0.1, 1)]
        gone.killRouting()
        const elapsed = stopwatch()
        await until('the end of its sessions', 30, () => others.flatMap(ended))
        run.report('reflector killed, its EVPN sessions gone after', elapsed())
        for (const stream of streams) await stream.flows()
        gone.startRouting()
        const back = stopwatch()
        await until('convergence', 60, () => lacking(run))
        run.report('started again, all sessions, routes and flood lists there after', back())
        for (const stream of streams) {
          const { answered, lost } = await stream.stop()
          expect(lost).toEqual([])
          run.report('pings answered meanwhile, none lost', answered)
        }
        await allReach(run.lab)
      })
    },
    { reflectors: [1, 2], edit, size: 4, falling: ['node1', 'node2'] },
  )

/** The node's container on the segment. */
const containerOf = (host: Host): Container => {
  const [container] = containersOn(apps, [host])
  if (!container) throw new Error(`${host.name} has no container on the segment`)
  return container
}

/** Empty once one of a client's two EVPN sessions is not established. */
const ended = (host: Host): string[] => {
  const up = sessions(host).filter(({ family, state }) => family === 'evpn' && state === 'Established')
  return up.length === 1 ? [] : [`${host.name}: ${up.length} EVPN sessions`]
}
