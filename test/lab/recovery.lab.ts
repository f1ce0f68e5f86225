import { expect, test } from 'vitest'
import { sleep, stopwatch, until } from './rig/clock.js'
import { type Host, mesh } from './rig/host.js'
import { lackingMesh, lackingRoutes, prefixesOf } from './rig/lacking.js'
import { thorough } from './rig/numbers.js'
import { pingEveryPair } from './rig/pings.js'
import { interfaces, routes } from './rig/probes.js'
import { type Run, scenario } from './scenario.js'
import { allReach, containersOnly, start } from './starts.js'

const before = new Map<Host, string[]>()

scenario(
  'recovery',
  async run => {
    await containersOnly(run)
    for (const host of run.lab.hosts) before.set(host, interfaces(host))
    await start(run)
  },
  run => {
    for (const name of thorough ? ['node1', 'node2', 'node3'] : ['node3'])
      test(`${name} comes back after its cable was pulled`, async () => {
        const host = run.lab.host(name)
        const capture = await run.lab.internet.capture()
        run.lab.internet.cable(host.uplink.site, 'down')
        const withdrawal = await until('withdrawal of its routes', 30, () => stillRouted(run, host))
        // What the others send it now must stop at their doors, not leave them in the clear.
        pingEveryPair(run.lab.hosts, 1)
        run.lab.internet.cable(host.uplink.site, 'up')
        const elapsed = stopwatch()
        await until('routes', 60, () => lackingRoutes(run.lab.hosts))
        await allReach(run.lab)
        run.report(`${name} (${host.uplink.kind}): cable pulled, routes withdrawn after`, withdrawal)
        run.report(`${name} (${host.uplink.kind}): cable plugged in, every ping answered after`, elapsed())
        await capture.stop()
        expect(capture.lines('net 10.0.0.0/8 or net fc00::/7')).toEqual([])
      })

    // A node behind NAT must find out by itself that its peer has forgotten it: Keepalive-Timeout and
    // Rekey-Timeout of WireGuard together, 15 s.
    test('a node comes back after wg-quick down and up at once', async () => {
      const host = run.lab.host('node1')
      host.down()
      host.up()
      const elapsed = stopwatch()
      const dialable = run.lab.hosts.filter(({ uplink }) => uplink.kind !== 'nat')
      await until('pings among those that can be dialled', 60, () => pingEveryPair(dialable, 1).wrong)
      run.report('wg-quick down and up, pings among nodes that can be dialled answered after', elapsed())
      await recovered(run)
      run.report('wg-quick down and up, every ping answered after', elapsed())
    })

    test.runIf(thorough)('a node comes back after it was down for ten seconds', async () => {
      const host = run.lab.host('node2')
      const capture = await run.lab.internet.capture()
      host.down()
      expect(interfaces(host)).toEqual(before.get(host))
      expect(routes(host)).toEqual([])
      await sleep(10)
      pingEveryPair(run.lab.hosts, 1)
      host.up()
      const elapsed = stopwatch()
      await recovered(run)
      run.report('ten seconds down, every ping answered after', elapsed())
      await capture.stop()
      expect(capture.lines('net 10.0.0.0/8 or net fc00::/7')).toEqual([])
    })

    test('a node comes back after a restart of FRR', async () => {
      const host = run.lab.host('node1')
      host.stopRouting()
      host.startRouting()
      const elapsed = stopwatch()
      await recovered(run)
      run.report('FRR restarted, every ping answered after', elapsed())
    })

    test('down leaves nothing behind', async () => {
      await Promise.all(run.lab.hosts.map(host => host.shutDown()))
      for (const host of run.lab.hosts) {
        expect(interfaces(host), host.name).toEqual(before.get(host))
        expect(host.machine.must(['ip', 'rule']).split('\n').length, host.name).toBe(4)
        for (const family of ['-4', '-6'])
          expect(host.machine.must(['ip', family, 'route', 'show', 'table', 'all'])).not.toMatch(
            new RegExp(`dev v?${mesh}|proto (bgp|zebra|static)`),
          )
        const daemons = ['pgrep', '-a', 'wireguard|zebra|bgpd|bfdd|watchfrr']
        // wireguard-go ends by itself once its interface is gone.
        await until(`${host.name}: daemons ended`, 10, () => {
          const { stdout } = host.machine.run(daemons)
          return stdout === '' ? [] : [stdout]
        })
      }
    })
  },
  // One node after the other fails, of each kind; how many others look on makes no difference.
  { size: 'smallest' },
)

/** The node's container networks that others still have routes to. */
const stillRouted = (run: Run, lost: Host): string[] => {
  const prefixes = prefixesOf(lost)
  return run.lab.hosts
    .filter(host => host !== lost)
    .flatMap(host =>
      routes(host)
        .filter(route => prefixes.includes(route))
        .map(route => `${host.name}: ${route}`),
    )
}

const recovered = async (run: Run): Promise<void> => {
  await until('convergence', 60, () => lackingMesh(run.lab.hosts))
  await allReach(run.lab)
}
