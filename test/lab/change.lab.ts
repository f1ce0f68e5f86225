import { expect, test } from 'vitest'
import { stopwatch, until } from './rig/clock.js'
import type { Host } from './rig/host.js'
import { lackingMesh, prefixesOf } from './rig/lacking.js'
import { pingEveryPair } from './rig/pings.js'
import {
  floodTargets,
  handshakes,
  overlayAddress,
  routes,
  routingDelta,
  sessions,
  vtep,
  vtysh,
} from './rig/probes.js'
import { Stream } from './rig/stream.js'
import { expectUninterrupted, stateOf } from './rig/uninterrupted.js'
import { type Run, scenario } from './scenario.js'
import { allReach, firstApply, openContainers } from './starts.js'

const steps = (run: Run): void => {
  test('apply.sh finds nothing to change the second time', () => {
    for (const host of run.lab.hosts) expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
  })

  test('a node is added and only what changed is copied, without an interruption', async () => {
    const olds = run.lab.hosts
    const states = new Map(olds.map(host => [host, stateOf(host)]))
    const stream = await Stream.start(olds)
    const added = await run.lab.addHost(run.count + 1)
    run.lab.operator.ciabGen('gen')
    const elapsed = stopwatch()
    for (const host of olds) {
      const copied = host.deploy(run.lab.operator)
      run.report(`${host.name}: files copied`, copied.join(' '))
      expect(copied).toContain('etc/wireguard/ciabmesh.conf')
      for (const path of copied) expect(path, host.name).not.toMatch(/daemons|sysctl|guard\.sh|lxd|incus/)
      expect(host.apply('--dry-run'), host.name).toMatch(/would/)
      expect(handshakes(host).size, host.name).toBe(olds.length - 1)
      host.apply()
      await stream.flows()
    }
    added.deploy(run.lab.operator)
    await openContainers(run.lab, added)
    await added.boot()
    await until('convergence', 60, () => lackingMesh(run.lab.hosts))
    run.report('node added and applied everywhere, converged after', elapsed())
    await allReach(run.lab)
    const { answered, lost } = await stream.stop()
    expect(lost).toEqual([])
    run.report('pings answered meanwhile, none lost', answered)
    for (const [host, state] of states) expectUninterrupted(host, state)
    const { passed, wrong } = pingEveryPair(run.lab.hosts)
    expect(wrong).toEqual([])
    run.report('pings answered with the new node, sources unchanged', passed)
  })

  test('a node is removed and nothing of it is left', async () => {
    const gone = run.lab.removeHost(`node${run.count + 1}`)
    run.lab.operator.ciabGen('gen')
    const left = run.lab.hosts
    const address = overlayAddress(gone)
    const key = gone.machine.must(['wg', 'show', 'ciabmesh', 'public-key']).trim()
    const states = new Map(left.map(host => [host, stateOf(host, [key, address])]))
    for (const host of left) expect(traces(host, gone, key, address).length, host.name).toBeGreaterThan(0)
    const stream = await Stream.start(left)
    for (const host of left) {
      host.deploy(run.lab.operator)
      host.apply()
      // zebra takes routes out of the kernel in its own time.
      await until(`${host.name}: nothing left of ${gone.name}`, 10, () => traces(host, gone, key, address))
      await stream.flows()
    }
    const { answered, lost } = await stream.stop()
    expect(lost).toEqual([])
    run.report('node removed; pings answered meanwhile, none lost', answered)
    for (const [host, state] of states) expectUninterrupted(host, state)
    expect(lackingMesh(left)).toEqual([])
    expect(pingEveryPair(left).wrong).toEqual([])
    const targets = left.flatMap(host => host.containers.map(container => container.ipv4))
    expect(gone.containers[0]?.ping(targets), 'the removed node').toEqual([])
  })

  test('apply.sh mends what was changed by hand', () => {
    const host = run.lab.host('node1')
    const peer = [...handshakes(host).keys()][0] ?? ''
    host.machine.sh(
      `wg set ciabmesh peer "$1" remove
      ip link set vciabmesh mtu 1300
      bridge fdb del 00:00:00:00:00:00 dev vciabmesh dst "$2"
      nft delete table inet ciab
      sysctl -qw net.ipv4.ip_forward=0
      lxc network set lxdbr0 bridge.mtu=1500
      vtysh -c 'configure terminal' -c 'router bgp 64512' -c 'no neighbor CIAB timers'`,
      peer,
      vtep(run.lab.host('node2')),
    )
    expect(host.machine.run(['sh', '/etc/ciab/apply.sh', '--status']).status).toBe(1)
    const said = host.apply()
    run.report(
      'apply.sh after damage by hand',
      said
        .split('\n')
        .filter(line => /^\d+ changes$/.test(line))
        .join(),
    )
    expect(host.apply()).toMatch(/^nothing changed$/m)
  })

  test('the running state is what the files say', async () => {
    await until('convergence', 60, () => lackingMesh(run.lab.hosts))
    await allReach(run.lab)
    for (const host of run.lab.hosts) {
      expect(routingDelta(host), host.name).toBe('')
      expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
    }
    await Promise.all(run.lab.hosts.map(host => host.applyBeside('--status')))
  })
}

// The more nodes stay, the more there is to interrupt.
scenario('change of a running mesh', firstApply, steps, { size: 'largest' })

/** Whatever of another node is to be found on a node. */
const traces = (host: Host, other: Host, key: string, address: string): string[] => [
  ...[...handshakes(host).keys()].filter(peer => peer === key),
  ...floodTargets(host).filter(target => target === vtep(other)),
  ...sessions(host).flatMap(({ neighbor }) => (neighbor === address ? [`session with ${neighbor}`] : [])),
  ...routes(host).filter(route => prefixesOf(other).includes(route)),
  ...vtysh(host, 'show running-config')
    .split('\n')
    .filter(line => line.split(' ').some(word => word === address || prefixesOf(other).includes(word))),
]
