import { expect, test } from 'vitest'
import { stopwatch, until } from './rig/clock.js'
import { Container } from './rig/container.js'
import type { Host } from './rig/host.js'
import { lackingMesh, lackingSessions } from './rig/lacking.js'
import { bridgesOf } from './rig/lxd.js'
import { thorough } from './rig/numbers.js'
import { pingEveryPair } from './rig/pings.js'
import { routes, routingDelta, vtysh } from './rig/probes.js'
import { bridgeOf, lackingEvpn, linesOf, membersOf, type Segment } from './rig/segment.js'
import { Stream } from './rig/stream.js'
import { type Run, scenario } from './scenario.js'
import { allReach, firstApply } from './starts.js'

/** All nodes get their files and run apply.sh at the same time. */
const applyAtOnce = async ({ lab }: Run): Promise<void> => {
  lab.operator.ciabGen('gen')
  for (const host of lab.hosts) host.deploy(lab.operator)
  await Promise.all(lab.hosts.map(host => host.applyBeside()))
}

const status = (host: Host): { readonly status: number; readonly stdout: string } =>
  host.machine.run(['sh', '/etc/ciab/apply.sh', '--status'])

/** Every node's apply.sh finds all as it should be. */
const content = async ({ lab }: Run): Promise<void> => {
  await Promise.all(lab.hosts.map(host => host.applyBeside('--status')))
  for (const said of await Promise.all(lab.hosts.map(host => host.applyBeside())))
    expect(said).toMatch(/^nothing changed$/m)
}

const steps = (run: Run): void => {
  test('all nodes change their port at once, with traffic, and find each other', async () => {
    const stream = await Stream.start(run.lab.hosts)
    for (const port of thorough ? ['51900', '51820'] : ['51900']) {
      run.lab.operator.ciabGen('set', 'mesh', 'port', port)
      await applyAtOnce(run)
      const elapsed = stopwatch()
      await until('every ping', 10, () => pingEveryPair(run.lab.hosts, 1).wrong)
      run.report(`port ${port} everywhere, every ping answered after`, elapsed())
    }
    run.report('longest silence over changes of port', (await stream.stop()).silence)
    await content(run)
  })

  test.runIf(thorough)(
    'two that look for each other at old ports are told of, and one apply.sh brings them together',
    async () => {
      const [one, other] = [run.lab.host('node1'), run.lab.host('node2')]
      // A packet on its way sets the first of them right again, before the second is misdirected.
      await until('each looks for the other in vain', 10, () => {
        misdirect(one, other)
        misdirect(other, one)
        return [one, other].filter(host => !astray(host)).map(({ name }) => name)
      })
      const { status: code, stdout } = status(one)
      expect(code).toBe(1)
      expect(stdout).toMatch(/^BAD {2}endpoint of node2: \[.*\]:51999, the file says \[.*\]:51820$/m)
      expect(one.apply()).toMatch(/^update the endpoints of ciabmesh$/m)
      await until('convergence', 20, () => lackingMesh(run.lab.hosts))
      await content(run)
    },
  )

  test.runIf(thorough)('a new VXLAN device with another MAC address leaves no stale next hop', async () => {
    run.lab.operator.ciabGen('set', 'mesh', 'vni', '4242')
    await applyAtOnce(run)
    const elapsed = stopwatch()
    await until('every ping', 30, () => pingEveryPair(run.lab.hosts, 1).wrong)
    run.report('VXLAN devices made anew at once, every ping answered after', elapsed())
    await content(run)
  })

  test.runIf(thorough)(
    'an address that FRR has missed, with a device made anew while it was busy, is told of and told to it',
    async () => {
      const host = run.lab.host('node1')
      const unknown = /^BAD {2}FRR does not know (.*); apply\.sh tells it$/m
      await until('FRR misses an address', 60, () => {
        host.machine.sh(
          `pkill -STOP -x zebra
        wg-quick down ciabmesh && wg-quick up ciabmesh
        sleep 0.3
        pkill -CONT -x zebra
        sleep 1`,
        )
        return unknown.test(status(host).stdout) ? [] : ['it has missed none']
      })
      const [, missed] = unknown.exec(status(host).stdout) ?? []
      expect(missed).toMatch(/^\S+ on v?ciabmesh(, \S+ on v?ciabmesh)*$/)
      expect(host.apply()).toContain(`tell FRR of addresses that it has missed: ${missed}\n`)
      await until('convergence', 60, () => lackingMesh(run.lab.hosts))
      await until('every ping', 10, () => pingEveryPair(run.lab.hosts, 1).wrong)
      await content(run)
    },
  )

  test('a next hop that does not answer is told of', () => {
    const host = run.lab.host('node1')
    const [route = ''] = host.machine
      .must(['ip', '-6', 'route', 'show', 'proto', 'bgp'])
      .split('\n')
      .filter(line => line.includes(' via '))
    const prefix = route.split(' ')[0] ?? ''
    const via = / via (\S+)/.exec(route)?.[1] ?? ''
    host.machine.must([
      'ip',
      '-6',
      'neigh',
      'replace',
      via,
      'lladdr',
      '02:00:00:00:00:99',
      'dev',
      'vciabmesh',
    ])
    expect(status(host).stdout).toContain(`BAD  BGP: the next hop to ${prefix}, ${via}, does not answer`)
    host.machine.must(['ip', '-6', 'neigh', 'del', via, 'dev', 'vciabmesh'])
    expect(status(host).status).toBe(0)
  })

  test.runIf(thorough)(
    'every setting arrives that is not written where it is as FRR has it, both ways',
    async () => {
      const { operator } = run.lab
      const host = run.lab.host('node1')
      for (const [key, ...values] of settings)
        for (const value of [...values, null]) {
          operator.ciabGen(
            ...(value === null ? ['set', 'mesh', key, '--unset'] : ['set', 'mesh', key, value]),
          )
          operator.ciabGen('gen')
          host.deploy(operator)
          host.apply()
          expect(routingDelta(host), `${key} = ${value}`).toBe('')
          expect(host.apply(), `${key} = ${value}`).toMatch(/^nothing changed$/m)
          if (key === 'bfd') expect(bfdOf(host), value ?? 'default').toEqual(new Set([value ?? '1000 3']))
          if (key === 'timers')
            expect(timersOf(host), value ?? 'default').toEqual(new Set([value ?? '10 30']))
        }
      await until('convergence', 60, () => lackingMesh(run.lab.hosts))
    },
  )

  test.runIf(thorough)('what watchfrr has cut short is loaded by the same apply.sh', async () => {
    const host = run.lab.host('node3')
    host.stopRouting()
    host.machine.sh(
      `cp /usr/bin/vtysh /run/lab/vtysh
      cat >/run/lab/vtysh.cut
      chmod 755 /run/lab/vtysh.cut
      mount --bind /run/lab/vtysh.cut /usr/bin/vtysh`.replace('cat >', `printf '%s' "$1" >`),
      cut,
    )
    expect(host.apply()).toMatch(/^start FRR$/m)
    expect(host.machine.must(['cat', '/run/lab/was-cut'])).not.toBe('')
    host.machine.must(['umount', '/usr/bin/vtysh'])
    expect(routingDelta(host)).toBe('')
    await until('convergence', 60, () => lackingMesh(run.lab.hosts))
    await allReach(run.lab)
  })

  for (const first of thorough ? ['node2', 'node3'] : ['node2'])
    test(`a network more on node2 is learned by all, ${first} first`, async () => {
      const { operator, hosts } = run.lab
      const number = first === 'node2' ? 1 : 2
      const more = [`10.200.${number}.0/24`, `fd00:200:${number}::/64`]
      const bridges = ['ciabbr0', ...(number === 1 ? ['br-one'] : ['br-one', 'br-two'])]
      const plan = JSON.parse(operator.ciabGen('plan', 'node2')) as {
        containers: { networks: { bridge: string; addresses: string[] }[] }
      }
      const kept = plan.containers.networks.map(
        ({ bridge, addresses }) => `${bridge} ${addresses.join(', ')}`,
      )
      const added = `${bridges.at(-1)} 10.200.${number}.1/24, fd00:200:${number}::1/64`
      operator.ciabGen('set', 'node', 'node2', 'containers', ...kept, added)
      operator.ciabGen('gen')
      for (const host of [...hosts].sort((a, b) => Number(b.name === first) - Number(a.name === first))) {
        host.deploy(operator)
        host.apply()
        // Long enough for what it announces to be refused.
        await until('announcement', 10, () => (host.name === 'node2' ? lackingOwn(host, more) : []))
      }
      const elapsed = stopwatch()
      await until('routes to it', 10, () =>
        hosts
          .filter(({ name }) => name !== 'node2')
          .flatMap(host => more.filter(prefix => !routes(host).includes(prefix))),
      )
      run.report(`a network more, ${first} first, known everywhere after`, elapsed())
    })
}

scenario('changes that arrive', firstApply, steps, { size: 'smallest' })

const apps: Segment = {
  name: 'apps',
  vni: 4711,
  subnet: '10.90.0.0/16 /24, fd90::/64',
  members: ['node1', 'node2'],
}

const segmentSteps = (run: Run): void => {
  test('the first segment: the tunnel has an address and routes all along', async () => {
    const { operator, hosts } = run.lab
    operator.edit(text => text + linesOf(apps))
    operator.ciabGen('gen')
    const stream = await Stream.start(hosts, 0.1)
    const monitors = await Promise.all(
      hosts.map(({ machine }) => machine.start(['ip', '-4', '-o', '-ts', 'monitor', 'address', 'route'])),
    )
    for (const host of hosts) {
      host.deploy(operator)
      host.apply()
    }
    for (const [at, monitor] of monitors.entries()) {
      const lines = (await monitor.stop()).split('\n')
      const time = (pattern: RegExp): number => {
        const line = lines.find(text => pattern.test(text))
        if (!line) throw new Error(`${hosts[at]?.name}: nothing like ${pattern}`)
        return Date.parse(`${line.slice(1, 24)}Z`) / 1000
      }
      const gone = time(/Deleted .* inet 10\.79\.0\.\d+\/16/)
      const back = time(/\] 10\.79\.0\.0\/16 dev ciabmesh proto static/)
      run.report(`${hosts[at]?.name}: without an address or a route, ms`, Math.round(1000 * (back - gone)))
      expect(back - gone).toBeLessThan(0.1)
    }
    await until('convergence', 60, () => [...lackingSessions(hosts), ...lackingEvpn([apps], hosts)])
    run.report('first segment, longest silence of what was there', (await stream.stop()).silence)
  })

  test('a container that has not spoken yet is found from other members and other bridges', async () => {
    const { hosts } = run.lab
    const members = membersOf(apps, hosts)
    const all: Container[] = []
    for (const host of members) {
      const bridge = bridgesOf(host.machine).find(({ name }) => name === bridgeOf(apps))
      if (!bridge) throw new Error(`${host.name} has no ${bridgeOf(apps)}`)
      all.push(await Container.open(host.machine, bridge, 3))
    }
    await until('sessions', 30, () => lackingEvpn([apps], hosts))
    const [, silent] = all
    const asking = [all[0], ...hosts.map(host => host.containers[0])]
    for (const from of asking)
      for (const to of [silent?.ipv4 ?? '', silent?.ipv6 ?? '']) {
        forget(members, silent as Container)
        await until(`${from?.name} finds ${to}`, 5, () =>
          from?.ping([to]).length === 1 ? [] : ['no answer'],
        )
      }
    for (const container of all) await container.namespace.close()
  })
}

if (thorough)
  scenario('first segment', firstApply, segmentSteps, { size: 3, uplinks: ['dual', 'dual', 'dual'] })

/** As if a container had never been heard of. */
const forget = (members: readonly Host[], container: Container): void => {
  // What comes or goes by itself meanwhile ends a flush with an error; of the container itself nothing may be left.
  const flush = 'for family in -4 -6; do ip $family neigh flush dev "$1" 2>/dev/null || :; done'
  for (const { machine } of members) {
    machine.sh(flush, bridgeOf(apps))
    for (const address of [container.ipv4, container.ipv6])
      machine.run(['ip', 'neigh', 'del', address, 'dev', bridgeOf(apps)])
  }
  container.namespace.sh(flush, 'eth0')
  const mac = container.namespace.must(['cat', '/sys/class/net/eth0/address']).trim()
  for (const { machine } of members)
    machine.run(['bridge', 'fdb', 'del', mac, 'dev', container.port, 'master'])
}

/** Of what FRR has defaults for, or does without: values before the one that mesh.ini has if nothing is written. */
const settings = [
  ['bfd', '300 3', '300 5', '1000 5', '700 3'],
  ['timers', '60 180', '20 180', '60 200'],
  ['graceful-restart', 'yes'],
  ['maximum-prefix', '50'],
  ['session-password', 'yes'],
  ['asn', '4200000001'],
] as const

/** Puts the peer where it does not listen. */
const misdirect = (host: Host, peer: Host): void => {
  const key = peer.machine.must(['wg', 'show', 'ciabmesh', 'public-key']).trim()
  host.machine.must(['wg', 'set', 'ciabmesh', 'peer', key, 'endpoint', `[${peer.uplink.public.ipv6}]:51999`])
}

const astray = ({ machine }: Host): boolean =>
  machine.must(['wg', 'show', 'ciabmesh', 'endpoints']).includes(':51999')

/** Networks that a node does not announce itself. */
const lackingOwn = (host: Host, prefixes: readonly string[]): string[] =>
  prefixes.filter(
    prefix =>
      !vtysh(host, 'show bgp ipv4 unicast')
        .concat(vtysh(host, 'show bgp ipv6 unicast'))
        .includes(prefix.replace(/\/24$/, '')),
  )

/** "INTERVAL MULTIPLIER" as BFD runs, of all sessions. */
const bfdOf = (host: Host): Set<string> =>
  new Set(
    (
      JSON.parse(vtysh(host, 'show bfd peers json')) as {
        'receive-interval': number
        'transmit-interval': number
        'detect-multiplier': number
      }[]
    ).map(peer => {
      expect(peer['receive-interval']).toBe(peer['transmit-interval'])
      return `${peer['receive-interval']} ${peer['detect-multiplier']}`
    }),
  )

/** "KEEPALIVE HOLD" as BGP's sessions are to have them from their next start on, in seconds. */
const timersOf = (host: Host): Set<string> =>
  new Set(
    Object.values(
      JSON.parse(vtysh(host, 'show bgp neighbors json')) as Record<string, Record<string, number>>,
    ).map(
      ({ bgpTimerConfiguredHoldTimeMsecs: hold = 0, bgpTimerConfiguredKeepAliveIntervalMsecs: alive = 0 }) =>
        `${alive / 1000} ${hold / 1000}`,
    ),
  )

/** A vtysh whose first half of frr.conf is all that the daemons' start gets to read. */
const cut = `#!/bin/sh
case " $* " in
  *" -b "*)
    date >>/run/lab/was-cut
    head -n 20 /etc/frr/frr.conf >/run/lab/half
    exec /run/lab/vtysh -f /run/lab/half ;;
esac
exec /run/lab/vtysh "$@"
`
