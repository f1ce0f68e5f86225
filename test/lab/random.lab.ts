import { expect, test } from 'vitest'
import { type Change, type Drawn, drawChange, generator } from './rig/changes.js'
import { stopwatch, until } from './rig/clock.js'
import type { Host } from './rig/host.js'
import { report, thorough } from './rig/numbers.js'
import { pingEveryPair } from './rig/pings.js'
import { Stream } from './rig/stream.js'
import { type Run, scenario } from './scenario.js'
import { firstApply } from './starts.js'

/** Seeds of the meshes, and how many changes each of them sees: `LAB_SEEDS=7,8 LAB_CHANGES=40`. */
const seeds = (process.env.LAB_SEEDS ?? (thorough ? '1,2,3,4,5' : '1')).split(',').map(Number)
const count = Number(process.env.LAB_CHANGES ?? (thorough ? 40 : 5))

/** Within how many seconds all has to be right again without help. */
const patience = 60

const steps =
  (seed: number) =>
  (run: Run): void => {
    const draw = generator(seed)
    for (let number = 1; number <= count; number++)
      test(`change ${number} of seed ${seed}`, async () => {
        const { lab } = run
        const drawn = drawChange(draw, lab)
        const stream = await Stream.start(lab.hosts)
        const elapsed = stopwatch()
        await bring(run, drawn)
        const right = stopwatch()
        await until(`${drawn.what}: every ping`, patience, () => pingEveryPair(lab.hosts, 1).wrong, 0.5)
        const back = right()
        const flow = await stream.stop()
        report(
          `seed ${seed}, ${number}`,
          drawn.what,
          `applied in ${(elapsed() - back).toFixed(1)} s, right after ${back.toFixed(1)} s, lost ${flow.lost.length} of ${flow.lost.length + flow.answered}, silence ${flow.silence.toFixed(1)} s`,
        )
        if (drawn.interrupts === 0) expect(flow.silence, drawn.what).toBeLessThan(3)
        await content(lab.hosts, drawn)
      })
  }

/** The change is made in mesh.ini, and brought to the nodes in the order that was drawn, or to all at once. */
const bring = async ({ lab }: Run, { edit, order }: Drawn): Promise<void> => {
  edit(lab.operator)
  lab.operator.ciabGen('gen')
  const apply = async (host: Host): Promise<void> => {
    host.deploy(lab.operator)
    await host.applyBeside()
  }
  if (order === 'at once') await Promise.all(lab.hosts.map(apply))
  else for (const name of order) await apply(lab.host(name))
}

/**
 * All pings have passed, so no node may find a fault for longer than FRR lets a session wait that was refused while only
 * one end had it (RFC 4271, IdleHoldTime: a minute at most), and then nothing is to be done.
 */
const content = async (hosts: readonly Host[], { what }: Change): Promise<void> => {
  for (const { name, machine } of hosts)
    await until(`${what}: ${name} content`, 75, () =>
      machine
        .run(['sh', '/etc/ciab/apply.sh', '--status'])
        .stdout.split('\n')
        .filter(line => line.startsWith('BAD')),
    )
  for (const said of await Promise.all(hosts.map(host => host.applyBeside())))
    expect(said, what).toMatch(/^nothing changed$/m)
}

for (const seed of seeds)
  scenario(`random changes, seed ${seed}`, firstApply, steps(seed), {
    size: 4,
    uplinks: ['dual', 'ipv6', 'nat', 'dual'],
  })
