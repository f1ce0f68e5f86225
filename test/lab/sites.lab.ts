import { expect, test } from 'vitest'
import { stopwatch, until } from './rig/clock.js'
import type { Host } from './rig/host.js'
import type { Lab } from './rig/lab.js'
import { lackingRoutes, lackingSessions } from './rig/lacking.js'
import { pingEveryPair } from './rig/pings.js'
import { handshakes } from './rig/probes.js'
import { Stream } from './rig/stream.js'
import { type Run, scenario } from './scenario.js'
import { allReach, containersOnly } from './starts.js'

/** Peers in WireGuard, as it has them. */
const peers = (host: Host): number => handshakes(host).size

/** The other end of its tunnel to a peer, by the peer's container. */
const dialed = (host: Host): string[] =>
  host.machine
    .must(['wg', 'show', 'ciabmesh', 'endpoints'])
    .split('\n')
    .flatMap(line => line.split('\t')[1] ?? [])

/** Packets of a size that nothing else has, from one node's container to another's. */
const shout = (from: Host, to: Host): void => {
  const [one, other] = [from.containers[0], to.containers[0]]
  if (!one || !other) throw new Error('there are no containers')
  for (const address of [other.ipv4, other.ipv6])
    one.namespace.must(['ping', '-n', '-q', '-c', '20', '-i', '0.05', '-W', '3', '-s', '1111', address])
}

/** What of that the internet sees. */
const heard = async (lab: Lab, from: Host, to: Host): Promise<string[]> => {
  const capture = await lab.internet.capture()
  shout(from, to)
  await capture.stop()
  return capture.lines('greater 1100')
}

const set = (lab: Lab, ...words: string[]): void => {
  lab.operator.ciabGen('set', 'node', ...words)
}

const deploy = async ({ lab }: Run): Promise<void> => {
  lab.operator.ciabGen('gen')
  for (const host of lab.hosts) host.deploy(lab.operator)
  await Promise.all(lab.hosts.map(host => host.applyBeside()))
}

/**
 * node2 and node3 are behind one router; node4 and node5 share a VPC, beside their public addresses, of which node5's is
 * told to nobody.
 */
scenario(
  'sites',
  containersOnly,
  run => {
    const beside = ['node2', 'node3'] as const
    const host = (name: string): Host => run.lab.host(name)

    test('before, those who share a router meet through another node', async () => {
      const [node4, node5] = [host('node4').machine, host('node5').machine]
      node4.cable('eth1', node5, 'eth1')
      for (const [machine, number] of [
        [node4, 4],
        [node5, 5],
      ] as const)
        machine.sh('ip address add 172.16.50.$1/24 dev eth1; ip link set eth1 up', String(number))
      await Promise.all(run.lab.hosts.map(host => host.boot()))
      await until('convergence', 90, () => [
        ...lackingSessions(run.lab.hosts),
        ...lackingRoutes(run.lab.hosts),
      ])
      await allReach(run.lab)
      expect(beside.map(name => peers(host(name)))).toEqual([2, 2])
      expect(await heard(run.lab, host('node2'), host('node3'))).not.toEqual([])
    })

    test('with their site they see each other on their LAN, and the others lose no packet meanwhile', async () => {
      for (const [at, name] of beside.entries()) {
        set(run.lab, name, 'site', 'home')
        set(run.lab, name, 'endpoint@home', `192.168.2.${at + 2}`)
      }
      const others = [host('node1'), host('node4')]
      const stream = await Stream.start(others, 0.1)
      const elapsed = stopwatch()
      await deploy(run)
      await until('a tunnel on the LAN', 30, () => (peers(host('node2')) === 3 ? [] : ['not yet']))
      run.report('a site comes, from gen to its tunnel', elapsed())
      await stream.flows()
      const { answered, lost } = await stream.stop()
      run.report('pings of two other nodes meanwhile', answered)
      expect(lost).toEqual([])
      await until('all', 60, () => [...lackingSessions(run.lab.hosts), ...lackingRoutes(run.lab.hosts)])
      await allReach(run.lab)
      expect(dialed(host('node2'))).toContain('192.168.2.3:51820')
    })

    test('of what they say to each other nothing is at the internet', async () => {
      expect(await heard(run.lab, host('node2'), host('node3'))).toEqual([])
      expect(await heard(run.lab, host('node3'), host('node2'))).toEqual([])
    })

    test('a VPC of two: one tells the others nothing, and its neighbor loses no packet of theirs', async () => {
      for (const [name, number] of [
        ['node4', 4],
        ['node5', 5],
      ] as const) {
        set(run.lab, name, 'site', 'vpc')
        set(run.lab, name, 'endpoint@vpc', `172.16.50.${number}`)
      }
      const stream = await Stream.start([host('node1'), host('node4'), host('node2')], 0.1)
      run.lab.operator.ciabGen('gen')
      // One after the other, as by hand: what the second says by the old path moves the first back to it, and the other way
      // round, for as long as the two talk.
      const talk = await Stream.between([[host('node4'), host('node5')]], 0.05)
      for (const one of run.lab.hosts) {
        one.deploy(run.lab.operator)
        await one.applyBeside()
      }
      await talk.flows()
      await talk.stop()
      await stream.flows()
      const { lost } = await stream.stop()
      expect(lost).toEqual([])
      await allReach(run.lab)
      expect(dialed(host('node4'))).toContain('172.16.50.5:51820')
      expect(await heard(run.lab, host('node4'), host('node5'))).toEqual([])
      expect(await heard(run.lab, host('node5'), host('node4'))).toEqual([])
      // Nobody else dials it: it has two peers, and the two behind NAT meet it through one.
      expect(peers(host('node5'))).toBe(2)
    })

    test('every ping arrives, and the running state is what the files say', async () => {
      const { passed, wrong } = pingEveryPair(run.lab.hosts)
      expect(wrong).toEqual([])
      run.report('pings answered, sources unchanged', passed)
      for (const one of run.lab.hosts) expect(one.apply(), one.name).toMatch(/^nothing changed$/m)
      await Promise.all([host('node2'), host('node5')].map(one => one.applyBeside('--status')))
    })
  },
  {
    uplinks: ['dual', 'nat', 'same nat', 'dual', 'dual'],
    edit: operator => operator.ciabGen('set', 'node', 'node5', 'endpoint', 'none'),
    size: 5,
    falling: ['node1'],
  },
)
