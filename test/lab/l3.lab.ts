import { expect, test } from 'vitest'
import type { Capture } from './rig/capture.js'
import { stopwatch, until } from './rig/clock.js'
import type { Host } from './rig/host.js'
import { lackingRoutes, lackingSessions, prefixesOf } from './rig/lacking.js'
import { thorough } from './rig/numbers.js'
import { pingEveryPair } from './rig/pings.js'
import { fragments, interfaces, routes, routingDelta } from './rig/probes.js'
import { type Run, type Start, scenario } from './scenario.js'
import { allReach } from './starts.js'

const lacking = ({ lab }: Run): string[] => [...lackingSessions(lab.hosts), ...lackingRoutes(lab.hosts)]

const start: Start = async run => {
  const elapsed = stopwatch()
  await Promise.all(run.lab.hosts.map(host => host.applyBeside()))
  for (const host of run.lab.hosts) await host.openContainers()
  await until('convergence', 60, () => lacking(run))
  run.report('from first apply.sh to sessions and routes of all pairs', elapsed())
  await allReach(run.lab)
}

const steps = (run: Run): void => {
  let capture: Capture

  test('every container pings every other, with its own address, and there is no VXLAN', async () => {
    capture = await run.lab.internet.capture()
    const { passed, wrong } = pingEveryPair(run.lab.hosts)
    expect(wrong).toEqual([])
    run.report('pings answered, sources unchanged', passed)
    for (const host of run.lab.hosts) {
      expect(interfaces(host), host.name).toContain('ciabmesh')
      expect(interfaces(host), host.name).not.toContain('vciabmesh')
    }
  })

  test('packets of the tunnel’s full MTU pass unfragmented, and not a byte more', async () => {
    const containers = run.lab.hosts.flatMap(host => host.containers.slice(0, 1))
    for (const from of containers) {
      const { mtu } = from.bridge
      expect(mtu).toBe(1420)
      const to = containers.filter(other => other !== from).flatMap(other => [other.ipv4, other.ipv6])
      expect(from.fitting(to, mtu).sort(), from.name).toEqual(to.sort())
      expect(from.fitting(to, mtu + 1, 1), from.name).toEqual([])
    }
    await capture.stop()
    for (const host of run.lab.hosts) expect(fragments(host), `${host.name}: FragCreates`).toBe(0)
    expect(capture.lines('(ip[6:2] & 0x3fff != 0) or ip6[6] = 44')).toEqual([])
    expect(capture.lines('net 10.0.0.0/8 or net fc00::/7')).toEqual([])
    expect(capture.lines('udp and not port 51820')).toEqual([])
  })

  test('the running state is what the files say', async () => {
    for (const host of run.lab.hosts) {
      expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
      expect(routingDelta(host), host.name).toBe('')
    }
    await Promise.all(run.lab.hosts.map(host => host.applyBeside('--status')))
  })

  // node1 is the way between the two behind NAT, of which node3 is one.
  for (const name of thorough ? ['node1', 'node3'] : ['node1'])
    test(`${name} comes back after its cable was pulled`, async () => {
      const lost = run.lab.host(name)
      const capture = await run.lab.internet.capture()
      run.lab.internet.cable(lost.uplink.site, 'down')
      const withdrawal = await until('withdrawal of its routes', 30, () => stillRouted(run, lost))
      pingEveryPair(run.lab.hosts, 1)
      run.lab.internet.cable(lost.uplink.site, 'up')
      const elapsed = stopwatch()
      await until('sessions and routes', 60, () => lacking(run))
      await allReach(run.lab)
      run.report(`${name} (${lost.uplink.kind}): cable pulled, routes withdrawn after`, withdrawal)
      run.report(`${name} (${lost.uplink.kind}): cable plugged in, every ping answered after`, elapsed())
      await capture.stop()
      expect(capture.lines('net 10.0.0.0/8 or net fc00::/7')).toEqual([])
    })
}

scenario('layer 3 only', start, steps, {
  uplinks: ['dual', 'ipv6', 'nat', 'nat'],
  edit: operator => operator.ciabGen('set', 'mesh', 'mode', 'l3'),
  size: 4,
})

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
