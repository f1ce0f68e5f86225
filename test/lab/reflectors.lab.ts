import { expect, test } from 'vitest'
import { stopwatch, until } from './rig/clock.js'
import type { Host } from './rig/host.js'
import { lackingMesh, lackingSessions, prefixesOf } from './rig/lacking.js'
import { thorough } from './rig/numbers.js'
import { pingEveryPair } from './rig/pings.js'
import { overlayAddress, paths, routingDelta, sessions, vtysh } from './rig/probes.js'
import { Stream } from './rig/stream.js'
import { expectUninterrupted, stateOf } from './rig/uninterrupted.js'
import { type Run, scenario } from './scenario.js'
import { allReach, firstApply, openContainers } from './starts.js'

const steps = (run: Run): void => {
  const clients = (): Host[] => run.lab.hosts.filter(({ reflector }) => !reflector)

  test('a client has sessions with the reflectors alone, and every container reaches every other', () => {
    for (const host of clients()) expect(sessions(host).length, host.name).toBe(2 * 2)
    const { passed, wrong } = pingEveryPair(run.lab.hosts)
    expect(wrong).toEqual([])
    run.report('pings answered, sources unchanged', passed)
  })

  test('the running state is what the files say', async () => {
    for (const host of run.lab.hosts) {
      expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
      expect(routingDelta(host), host.name).toBe('')
    }
    await Promise.all(run.lab.hosts.map(host => host.applyBeside('--status')))
  })

  test('one reflector fails and comes back, and its clients notice nothing', async () => {
    const gone = run.lab.host('node1')
    const stream = await Stream.start(clients(), 0.1)
    gone.killRouting()
    const elapsed = stopwatch()
    await until('routes from the other', 30, () => clients().flatMap(host => taughtBy(host, gone)))
    run.report('reflector killed, all routes are from the other after', elapsed())
    await stream.flows()
    gone.startRouting()
    const back = stopwatch()
    await until('convergence', 60, () => lackingMesh(run.lab.hosts))
    run.report('started again, all sessions and routes there after', back())
    const { answered, lost } = await stream.stop()
    expect(lost).toEqual([])
    run.report('pings between clients answered meanwhile, none lost', answered)
    await allReach(run.lab)
  })

  test.runIf(thorough)('a reflector is cut off and comes back, and its clients notice nothing', async () => {
    const gone = run.lab.host('node1')
    const stream = await Stream.start(clients(), 0.1)
    run.lab.internet.cable(gone.uplink.site, 'down')
    const elapsed = stopwatch()
    await until('routes from the other', 30, () => clients().flatMap(host => taughtBy(host, gone)))
    run.report('reflector’s cable pulled, all routes are from the other after', elapsed())
    await stream.flows()
    run.lab.internet.cable(gone.uplink.site, 'up')
    const back = stopwatch()
    await until('convergence', 60, () => lackingSessions(run.lab.hosts))
    run.report('plugged in, all sessions there after', back())
    const { answered, lost } = await stream.stop()
    expect(lost).toEqual([])
    run.report('pings between clients answered meanwhile, none lost', answered)
    await allReach(run.lab)
  })

  test('a client that announces more than its own is not believed', async () => {
    const [hostile, victim, ...others] = clients()
    if (!hostile || !victim) throw new Error('there are no two clients')
    const reflectors = run.lab.hosts.filter(({ reflector }) => reflector)
    const stream = await Stream.start([...reflectors, victim, ...others])
    const stolen = [...prefixesOf(victim), '0.0.0.0/0', '::/0']
    announce(hostile, 'network', stolen)
    await until('the false announcements', 30, () => unsaid(hostile, reflectors, stolen))
    // What a session brings comes in order: once this is known there, so are the others.
    announce(hostile, 'no network', prefixesOf(hostile))
    await until('the withdrawals behind them', 30, () =>
      reflectors.flatMap(host =>
        heardFrom(host, hostile).filter(prefix => prefixesOf(hostile).includes(prefix)),
      ),
    )
    for (const host of reflectors) expect(heardFrom(host, hostile), host.name).toEqual([])
    expect((await stream.stop()).lost).toEqual([])
    hostile.apply()
    await until('convergence', 60, () => lackingMesh(run.lab.hosts))
    for (const host of reflectors) expect(heardFrom(host, hostile).sort()).toEqual(prefixesOf(hostile).sort())
    expect(routingDelta(hostile)).toBe('')
  })

  test.runIf(thorough)('a client is added, and no other client’s FRR hears of it', async () => {
    const olds = clients()
    const states = new Map(run.lab.hosts.map(host => [host, stateOf(host)]))
    const stream = await Stream.start(run.lab.hosts)
    const added = await run.lab.addHost(run.count + 1)
    run.lab.operator.ciabGen('gen')
    added.deploy(run.lab.operator)
    await openContainers(run.lab, added)
    for (const host of run.lab.hosts.filter(({ reflector }) => reflector)) {
      expect(host.deploy(run.lab.operator)).toContain('etc/frr/frr.conf')
      host.apply()
    }
    const elapsed = stopwatch()
    added.apply()
    await until('sessions and routes', 60, () => lackingSessions(run.lab.hosts))
    run.report('client added, its sessions and routes there after', elapsed())
    for (const host of olds) {
      expect([...paths(host).keys()], host.name).toEqual(expect.arrayContaining(prefixesOf(added)))
      expect(host.deploy(run.lab.operator), host.name).not.toContain('etc/frr/frr.conf')
      host.apply()
    }
    await until('convergence', 60, () => lackingMesh(run.lab.hosts))
    await allReach(run.lab)
    const { answered, lost } = await stream.stop()
    expect(lost).toEqual([])
    run.report('pings answered meanwhile, none lost', answered)
    for (const [host, state] of states) expectUninterrupted(host, state)
  })
}

scenario('two route reflectors, and a password', firstApply, steps, {
  reflectors: [1, 2],
  size: 4,
  falling: ['node1', 'node2'],
  edit: operator => operator.ciabGen('set', 'mesh', 'session-password', 'yes'),
})

/** The networks that a node still knows from another. */
const taughtBy = (host: Host, other: Host): string[] => {
  const address = overlayAddress(other)
  return [...paths(host)].flatMap(([prefix, { best }]) =>
    best === address ? [`${host.name}: ${prefix}`] : [],
  )
}

/** All that a node has accepted from another. */
const heardFrom = (host: Host, other: Host): string[] => {
  const address = overlayAddress(other)
  return [...paths(host)].flatMap(([prefix, { from }]) => (from.includes(address) ? [prefix] : []))
}

/** Has a node's FRR say what its own filter would have kept back. */
const announce = (host: Host, verb: 'network' | 'no network', prefixes: readonly string[]): void => {
  const families = [
    prefixes.filter(prefix => !prefix.includes(':')),
    prefixes.filter(prefix => prefix.includes(':')),
  ]
  const lines = [
    'configure terminal',
    'router bgp 64512',
    'no bgp network import-check',
    ...families.flatMap((members, at) => [
      `address-family ipv${at === 0 ? 4 : 6} unicast`,
      'no neighbor REFLECTORS prefix-list own out',
      ...members.map(prefix => `${verb} ${prefix}`),
      'exit-address-family',
    ]),
  ]
  host.machine.run(['vtysh', ...lines.flatMap(line => ['-c', line])])
}

/** What a node has not told the others yet. */
const unsaid = (host: Host, others: readonly Host[], prefixes: readonly string[]): string[] =>
  others.flatMap(other => {
    const said = ['ipv4', 'ipv6'].map(family =>
      vtysh(host, `show bgp ${family} unicast neighbors ${overlayAddress(other)} advertised-routes json`),
    )
    return prefixes.filter(prefix => !said.some(text => text.includes(`"${prefix}"`)))
  })
