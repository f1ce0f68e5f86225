import { expect, test } from 'vitest'
import { followChange, followFirst } from './rig/by-hand.js'
import { stopwatch, until } from './rig/clock.js'
import { lackingMesh } from './rig/lacking.js'
import { thorough } from './rig/numbers.js'
import { pingEveryPair } from './rig/pings.js'
import { routingDelta } from './rig/probes.js'
import { type Start, scenario } from './scenario.js'
import { allReach } from './starts.js'

/** Nothing but what the notes say is typed. */
const byNotes: Start = async ({ lab, report }) => {
  const elapsed = stopwatch()
  await Promise.all(lab.hosts.map(host => followFirst(lab.operator, host)))
  for (const host of lab.hosts) await host.openContainers()
  await until('convergence', 60, () => lackingMesh(lab.hosts))
  report('from the first command of the notes to sessions and routes of all pairs', elapsed())
  await allReach(lab)
}

scenario(
  'a tree without apply.sh',
  byNotes,
  run => {
    test('is brought up by the commands of its notes: every container pings every other', () => {
      for (const host of run.lab.hosts) {
        expect(host.machine.run(['test', '-e', '/etc/ciab/apply.sh']).status, host.name).not.toBe(0)
        expect(routingDelta(host), host.name).toBe('')
      }
      const { passed, wrong } = pingEveryPair(run.lab.hosts)
      expect(wrong).toEqual([])
      run.report('pings answered, sources unchanged', passed)
    })

    test('takes a new node by the commands for what changed', async () => {
      const { lab } = run
      const before = [...lab.hosts]
      const added = await lab.addHost(4)
      lab.operator.ciabGen('gen')
      added.deploy(lab.operator)
      await followFirst(lab.operator, added)
      for (const host of before) {
        const changed = host.deploy(lab.operator)
        expect(changed.filter(path => path.endsWith('.conf')).length, host.name).toBeGreaterThan(0)
        await followChange(lab.operator, host, changed, 'if it is only peers')
      }
      await added.openContainers()
      await until('convergence', 60, () => lackingMesh(lab.hosts))
      await allReach(lab)
      for (const host of lab.hosts) expect(routingDelta(host), host.name).toBe('')
    })

    test.runIf(thorough)('takes another port of a node by those for everything else', async () => {
      const { lab } = run
      lab.operator.ciabGen('set', 'node', 'node1', 'listen-port', '51999')
      lab.operator.ciabGen('gen')
      await Promise.all(
        lab.hosts.map(host =>
          followChange(lab.operator, host, host.deploy(lab.operator), 'for everything else'),
        ),
      )
      await until('convergence', 60, () => lackingMesh(lab.hosts))
      await allReach(lab)
    })
  },
  { edit: operator => operator.edit(text => `${text}\n[targets]\ninstaller = none\n`), size: 3 },
)
