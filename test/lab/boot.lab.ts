import { expect, test } from 'vitest'
import type { Capture } from './rig/capture.js'
import { server } from './rig/internet.js'
import { pingEveryPair } from './rig/pings.js'
import { defaultRoutes, fragments, routingDelta } from './rig/probes.js'
import { expectUninterrupted, stateOf } from './rig/uninterrupted.js'
import { scenario } from './scenario.js'
import { boot } from './starts.js'

const families = ['ipv4', 'ipv6'] as const

scenario('clean boot', boot, run => {
  let capture: Capture

  test('every container pings every other, with its own address', async () => {
    capture = await run.lab.internet.capture()
    const { passed, wrong } = pingEveryPair(run.lab.hosts)
    expect(wrong).toEqual([])
    expect(passed).toBe(2 * (2 * run.count) * (2 * run.count - 1))
    run.report('pings answered, sources unchanged', passed)
  })

  test('packets of the full MTU pass unfragmented, and not a byte more', () => {
    const containers = run.lab.hosts.flatMap(host => host.containers.slice(0, 1))
    for (const from of containers) {
      const { mtu } = from.bridge
      const to = containers.filter(other => other !== from).flatMap(other => [other.ipv4, other.ipv6])
      expect(from.fitting(to, mtu).sort(), `${from.name}: ${mtu} bytes`).toEqual(to.sort())
      expect(from.fitting(to, mtu + 1, 1), `${from.name}: ${mtu + 1} bytes`).toEqual([])
    }
    run.report('container MTU', containers[0]?.bridge.mtu ?? 0)
  })

  test('containers reach the internet by their node’s public address', () => {
    for (const host of run.lab.hosts) {
      const usable = families.filter(family => host.uplink.public[family] !== null)
      for (const container of host.containers) {
        run.lab.internet.ledger.clear()
        const servers = usable.map(family => server[family])
        expect(container.ping(servers).sort(), container.name).toEqual(servers.sort())
        const publics = usable.map(family => host.uplink.public[family])
        expect(run.lab.internet.ledger.sources(), container.name).toEqual(publics.sort())
      }
    }
  })

  test('no packet was fragmented on the way', async () => {
    await capture.stop()
    for (const host of run.lab.hosts) expect(fragments(host), `${host.name}: FragCreates`).toBe(0)
    expect(capture.lines('(ip[6:2] & 0x3fff != 0) or ip6[6] = 44')).toEqual([])
  })

  test('only WireGuard passes between the public addresses', () => {
    const publics = run.lab.hosts
      .flatMap(host => Object.values(host.uplink.public))
      .filter(address => address !== null)
    const one = (side: string) => `(${publics.map(address => `${side} host ${address}`).join(' or ')})`
    const between = `${one('src')} and ${one('dst')}`
    expect(capture.lines(`${between} and not udp port 51820`)).toEqual([])
    // The mesh's own addresses are all private ones; none may be seen out there, as source or destination.
    expect(capture.lines('net 10.0.0.0/8 or net fc00::/7')).toEqual([])
    const seen = capture.lines(`${between} and udp port 51820`).length
    expect(seen).toBeGreaterThan(0)
    run.report('WireGuard packets captured, and nothing else', seen)
  })

  test('the hosts keep their default routes', () => {
    for (const host of run.lab.hosts)
      for (const family of families)
        expect(defaultRoutes(host, family).length, `${host.name}: ${family}`).toBe(
          host.uplink.public[family] === null ? 0 : 1,
        )
  })

  test('the running state is what the files say', async () => {
    for (const host of run.lab.hosts) expect(routingDelta(host), host.name).toBe('')
    await Promise.all(run.lab.hosts.map(host => host.applyBeside('--status')))
  })

  test('apply.sh interrupts nothing', async () => {
    const states = new Map(run.lab.hosts.map(host => [host, stateOf(host)]))
    await Promise.all(run.lab.hosts.map(host => host.applyBeside()))
    for (const [host, state] of states) {
      expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
      expectUninterrupted(host, state)
    }
    expect(pingEveryPair(run.lab.hosts).wrong).toEqual([])
  })
})
