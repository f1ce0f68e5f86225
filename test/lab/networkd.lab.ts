import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sleep, stopwatch, until } from './rig/clock.js'
import type { Host } from './rig/host.js'
import { lackingMesh } from './rig/lacking.js'
import { installNetworkd, reasonToSkipNetworkd, restartNetworkd } from './rig/networkd.js'
import { thorough } from './rig/numbers.js'
import { pingEveryPair } from './rig/pings.js'
import { floodTargets } from './rig/probes.js'
import { Stream } from './rig/stream.js'
import { expectUninterrupted, stateOf } from './rig/uninterrupted.js'
import { type Run, type Start, scenario } from './scenario.js'
import { allReach, firstApply, openContainers } from './starts.js'

/** Every second node is networkd's, the others stay wg-quick's. */
const ofNetworkd = ({ lab }: Run): Host[] => lab.hosts.filter((_, index) => index % 2 === 0)

/** Both concerns at once: neither tool makes the overlay on the other's tunnel. */
const choose = ({ lab }: Run, host: Host): void => {
  const file = join(lab.operator.treeFromHere(host.name), '../../mesh.ini')
  const header = `[node ${host.name}]\n`
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(header, `${header}tunnel = networkd\noverlay = networkd\n`))
  installNetworkd(host)
}

const mixed: Start = async run => {
  for (const host of ofNetworkd(run)) choose(run, host)
  run.lab.operator.ciabGen('gen')
  for (const host of run.lab.hosts) host.deploy(run.lab.operator)
  await firstApply(run)
}

const reason = reasonToSkipNetworkd()

if (reason === null)
  scenario(
    'networkd beside wg-quick',
    mixed,
    run => {
      test('every container pings every other, with its own address', () => {
        const { passed, wrong } = pingEveryPair(run.lab.hosts)
        expect(wrong).toEqual([])
        run.report('pings answered, sources unchanged', passed)
      })

      test('networkd has made the devices, and apply.sh finds nothing to change', () => {
        for (const host of run.lab.hosts) {
          expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
          host.apply('--status')
          expect(new Set(floodTargets(host)).size, host.name).toBe(run.count - 1)
        }
        for (const { machine } of ofNetworkd(run))
          expect(machine.must(['networkctl', 'list', '--no-legend', 'vciabmesh'])).toMatch(/ configured$/m)
      })

      test.runIf(thorough)(
        'a node is added without an interruption, and networkd agrees when it starts anew',
        async () => {
          const olds = run.lab.hosts
          const states = new Map(olds.map(host => [host, stateOf(host)]))
          const stream = await Stream.start(olds)
          const added = await run.lab.addHost(run.count + 1)
          run.lab.operator.ciabGen('gen')
          for (const host of olds) {
            host.deploy(run.lab.operator)
            expect(host.apply()).toMatch(/forwarding entries/)
            await sleep(0)
          }
          added.deploy(run.lab.operator)
          await openContainers(run.lab, added)
          await added.boot()
          await until('convergence', 60, () => lackingMesh(run.lab.hosts))
          const { answered, lost } = await stream.stop()
          expect(lost).toEqual([])
          run.report('node added; pings answered meanwhile, none lost', answered)
          for (const [host, state] of states) expectUninterrupted(host, state)
          for (const host of ofNetworkd(run).filter(host => host !== added)) {
            const elapsed = stopwatch()
            restartNetworkd(host)
            await until('networkd is done', 30, () =>
              host.machine.must(['networkctl', 'list', '--no-legend', 'vciabmesh']).includes(' configured')
                ? []
                : ['configuring'],
            )
            await until('convergence', 60, () => lackingMesh(run.lab.hosts))
            run.report(`${host.name}: from a start of networkd to all routes`, elapsed())
            expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
          }
          await allReach(run.lab)
        },
      )
    },
    { size: 'smallest' },
  )
else test.skip(`networkd beside wg-quick (skipped: ${reason})`, () => {})
