import { expect, test } from 'vitest'
import { sleep, until } from './rig/clock.js'
import type { Host } from './rig/host.js'
import { lackingMesh, lackingRoutes, prefixesOf } from './rig/lacking.js'
import { overlayAddress, paths, routes, routingDelta, sessions, vtysh } from './rig/probes.js'
import { Stream } from './rig/stream.js'
import { type Run, scenario } from './scenario.js'
import { allReach, firstApply } from './starts.js'

const steps = (run: Run): void => {
  const othersOf = (host: Host): Host[] => run.lab.hosts.filter(other => other !== host)

  test('without graceful-restart, the routes to a node go with its bgpd', async () => {
    const host = run.lab.host('node1')
    const others = othersOf(host)
    const stream = await Stream.start(run.lab.hosts, 0.1)
    killBgp(host)
    await until('withdrawal of its routes', 10, () => others.flatMap(other => routesTo(other, host)))
    expect(routes(host)).toEqual([])
    await returns(run, host)
    const { lost, silence } = await stream.stop()
    expect(lost.length).toBeGreaterThan(0)
    run.report('without graceful-restart: bgpd killed, longest silence', silence)
  })

  test('with it, they stay until bgpd is back', async () => {
    run.lab.operator.ciabGen('set', 'mesh', 'graceful-restart', 'yes')
    run.lab.operator.ciabGen('gen')
    for (const host of run.lab.hosts) {
      host.deploy(run.lab.operator)
      host.apply()
      expect(routingDelta(host), host.name).toBe('')
    }
    // Who is asked for it at a session's start is told (RFC 4724, section 3).
    for (const host of run.lab.hosts) vtysh(host, 'clear bgp *')
    await until('convergence', 60, () => lackingMesh(run.lab.hosts))

    // Another node: watchfrr lets a minute pass before it starts a daemon a second time.
    const host = run.lab.host('node2')
    const others = othersOf(host)
    const stream = await Stream.start(run.lab.hosts, 0.1)
    const monitors = await Promise.all(others.map(({ machine }) => machine.start(['ip', 'monitor', 'route'])))
    // bfdd says that bgpd has gone, too. Who hears that before the end of the TCP connection takes the path
    // for dead; so that one comes first here.
    signal(host, 'bfdd', 'STOP')
    killBgp(host)
    await until('the end of its sessions', 10, () => others.flatMap(other => sessionsWith(other, host)))
    signal(host, 'bfdd', 'CONT')
    // Longer than BFD takes to call the session down.
    await sleep(4)
    for (const other of others) {
      expect(routesTo(other, host).sort(), other.name).toEqual(prefixesOf(host).sort())
      expect(stale(other), other.name).toEqual(prefixesOf(host).sort())
    }
    expect(lackingRoutes([host, ...others])).toEqual([])
    await stream.flows()
    expect(host.machine.run(['pgrep', 'bgpd']).stdout).toBe('')
    await returns(run, host)
    await until('nothing stale', 10, () => others.flatMap(stale))
    const changes = await Promise.all(monitors.map(monitor => monitor.stop()))
    expect(
      changes.flatMap(text => text.split('\n').filter(line => /^Deleted .* proto bgp/.test(line))),
    ).toEqual([])
    const { answered, lost, silence } = await stream.stop()
    run.report('with graceful-restart: bgpd killed, pings answered', answered)
    run.report('pings lost', lost.length)
    run.report('longest silence', silence)
    // About a second can be missing: with neighbors whose own bgpd is younger than two minutes, and so says that it has
    // restarted, FRR does not wait for their routes before it forgets the old ones.
    expect(silence).toBeLessThan(4)
  })

  test('a dead path is seen as soon as ever', async () => {
    const host = run.lab.host('node3')
    run.lab.internet.cable(host.uplink.site, 'down')
    const others = othersOf(host)
    const elapsed = await until('withdrawal of its routes', 10, () =>
      others.flatMap(other => routesTo(other, host)),
    )
    run.report('with graceful-restart: cable pulled, routes withdrawn after', elapsed)
    run.lab.internet.cable(host.uplink.site, 'up')
    await until('convergence', 60, () => lackingMesh(run.lab.hosts))
    await allReach(run.lab)
  })
}

scenario('graceful restart', firstApply, steps, { size: 'smallest' })

const signal = (host: Host, daemon: string, name: string): void => {
  host.machine.sh('kill -"$2" "$(cat "/run/frr/$1.pid")"', daemon, name)
}

/** Ends bgpd as a crash would, and keeps watchfrr from seeing it. */
const killBgp = (host: Host): void => {
  signal(host, 'watchfrr', 'STOP')
  signal(host, 'bgpd', 'KILL')
}

/** Lets watchfrr start what is missing. */
const returns = async (run: Run, host: Host): Promise<void> => {
  signal(host, 'watchfrr', 'CONT')
  await until('convergence', 60, () => lackingMesh(run.lab.hosts))
  await allReach(run.lab)
}

const routesTo = (host: Host, other: Host): string[] =>
  routes(host).filter(route => prefixesOf(other).includes(route))

const sessionsWith = (host: Host, other: Host): string[] =>
  sessions(host)
    .filter(({ neighbor, state }) => neighbor === overlayAddress(other) && state === 'Established')
    .map(({ family }) => `${host.name}: ${family}`)

/** What a node keeps of a neighbor that restarts. */
const stale = (host: Host): string[] =>
  [...paths(host)].flatMap(([prefix, path]) => (path.stale ? [prefix] : [])).sort()
