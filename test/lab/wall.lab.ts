import { expect, test } from 'vitest'
import { type Attack, attacksOn, fire, type Kind, vni } from './rig/attacks.js'
import { sleep, until } from './rig/clock.js'
import type { Family } from './rig/frames.js'
import { type Host, mesh } from './rig/host.js'
import { lackingRoutes, lackingSessions } from './rig/lacking.js'
import type { Namespace } from './rig/namespace.js'
import { thorough } from './rig/numbers.js'
import type { Operator } from './rig/operator.js'
import { pingEveryPair } from './rig/pings.js'
import { lan, metadata, Scene } from './rig/scene.js'
import { linesOf, type Segment } from './rig/segment.js'
import { faults, openServices, pings } from './rig/traffic.js'
import { type Run, type Start, scenario } from './scenario.js'
import { allReach } from './starts.js'

const apps: Segment = {
  name: 'apps',
  vni,
  subnet: '10.90.0.0/16 /24, fd90::/64',
  members: ['node1', 'node2'],
}

const lacking = ({ lab }: Run): string[] => [...lackingSessions(lab.hosts), ...lackingRoutes(lab.hosts)]

const start: Start = async run => {
  await Promise.all(run.lab.hosts.map(host => host.applyBeside()))
  for (const host of run.lab.hosts) await host.openContainers()
  await until('convergence', 60, () => lacking(run))
  await allReach(run.lab)
}

const edits: Readonly<Record<Kind, (operator: Operator) => void>> = {
  plain: () => {},
  l3: operator => void operator.ciabGen('set', 'mesh', 'mode', 'l3'),
  segment: operator => operator.edit(text => text + linesOf(apps)),
}

for (const kind of thorough ? (['plain', 'l3', 'segment'] as const) : (['plain'] as const))
  scenario(
    `attacks from close by on a ${kind} mesh`,
    start,
    run => {
      let scene: Scene
      const attacks = attacksOn(kind)
      const landed = new Set<Attack>()

      test('everybody takes their places', async () => {
        scene = await Scene.open(run.lab)
        run.report('attacks', attacks.length)
      })

      test('the attacks are made', async () => {
        for (const attack of await hits(scene, attacks, 2)) landed.add(attack)
      })

      for (const line of new Set(attacks.map(attack => attack.line)))
        test(line, () => {
          expect([...landed].filter(attack => attack.line === line).map(titleOf)).toEqual([])
        })

      test('and everybody who may still reaches whom they will', async () => {
        const close = await openServices(scene)
        expect(await faults(scene)).toEqual([])
        expect(pingEveryPair(run.lab.hosts).wrong).toEqual([])
        expect(lacking(run)).toEqual([])
        await close()
      })

      test.runIf(kind !== 'segment')('who is let in on purpose gets in, and nobody beside him', () => {
        expect(invited(scene, 1)).toEqual({ apart: [], stranger: [], metadata: [], "node2's metadata": [] })
        const { host } = scene.node(1)
        run.lab.operator.ciabGen('set', 'node', 'node1', 'forward', 'docker0')
        run.lab.operator.ciabGen('set', 'node', 'node1', 'metadata', 'yes')
        run.lab.operator.ciabGen('gen')
        host.deploy(run.lab.operator)
        host.apply()
        const both = ['ipv4', 'ipv6']
        expect(invited(scene, 3)).toEqual({
          apart: both,
          stranger: [],
          metadata: both,
          "node2's metadata": [],
        })
      })

      test('without the wall every one of them gets through', async () => {
        for (const host of run.lab.hosts) flush(host)
        let missing: readonly Attack[] = attacks
        for (let tries = 0; missing.length > 0 && tries < 10; tries++) {
          const through = await hits(scene, missing, 1)
          missing = missing.filter(attack => !through.includes(attack))
        }
        expect(missing.map(titleOf)).toEqual([])
        for (const host of run.lab.hosts) host.apply()
      })

      test('the end', () => scene.close())
    },
    {
      uplinks: ['dual', 'dual', 'dual'],
      size: 3,
      edit: operator => {
        operator.ciabGen('set', 'node', 'node3', 'allowed-ips', `${lan.ipv4}, ${lan.ipv6}`)
        edits[kind](operator)
      },
    },
  )

const titleOf = ({ line, family, how }: Attack): string => `${line}, ${family}: ${how}`

/** Those of the attacks that come through. A hostile node has its own filter open, and its peers' allowed IPs wide. */
const hits = async (scene: Scene, attacks: readonly Attack[], seconds: number): Promise<Attack[]> => {
  scene.forget()
  const { machine } = scene.node(2)
  const key = scene.lab.host('node1').machine.must(['wg', 'show', mesh, 'public-key']).trim()
  const before = machine
    .must(['wg', 'show', mesh, 'allowed-ips'])
    .split('\n')
    .find(line => line.startsWith(key))
    ?.split('\t')[1]
  machine.must(['wg', 'set', mesh, 'peer', key, 'allowed-ips', '0.0.0.0/0,::/0'])
  fire(attacks.flatMap((attack, at) => attack.shots(scene, 20_000 + at)))
  await sleep(seconds)
  machine.must(['wg', 'set', mesh, 'peer', key, 'allowed-ips', (before ?? '').split(' ').join(',')])
  const seen = scene.seen()
  return attacks.filter((attack, at) =>
    attack.works
      ? attack.works(scene)
      : attack.victims(scene).some(victim => seen.has(`${victim} ${attack.mark?.(scene) ?? 20_000 + at}`)),
  )
}

/** Who gets an answer by way of node1, and in which families: from a container of node2's, and from its cloud. */
const invited = (scene: Scene, seconds: number): Record<string, Family[]> => {
  const answered = (from: Namespace, to: Readonly<Record<Family, string>>): Family[] =>
    (['ipv4', 'ipv6'] as const).filter(family => pings(from, to[family], seconds))
  const there = scene.container(2)
  const { addresses } = scene.node(1)
  for (const family of ['ipv4', 'ipv6'] as const)
    scene.stranger.machine.must(['ip', 'route', 'replace', there[family], 'via', addresses[family]])
  return {
    apart: answered(scene.apart.machine, there),
    stranger: answered(scene.stranger.machine, there),
    metadata: answered(scene.container(1).namespace, metadata),
    "node2's metadata": answered(there.namespace, metadata),
  }
}

const flush = ({ machine }: Host): void =>
  void machine.sh(
    'nft delete table inet ciab; for family in bridge arp; do nft delete table $family ciab 2>/dev/null || true; done',
  )
