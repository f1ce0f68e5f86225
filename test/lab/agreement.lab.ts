import { expect, test } from 'vitest'
import { agreement, numbersOf } from './rig/agreement.js'
import { generator } from './rig/draw.js'
import { drawFileDamage, lay, mend } from './rig/file-damage.js'
import { thorough } from './rig/numbers.js'
import { linesOf } from './rig/segment.js'
import { type Run, scenario } from './scenario.js'
import { firstApply } from './starts.js'

/** Seeds of the damages, and how many each mesh sees: `LAB_SEED=7 LAB_CHANGES=40`. */
const seed = Number(process.env.LAB_SEED ?? 1)
const count = Number(process.env.LAB_CHANGES ?? (thorough ? 12 : 1))

/** Damages whose words match alone, to look for a fault again: `LAB_ONLY=activate`. */
const only = new RegExp(process.env.LAB_ONLY ?? '')

/** As at a boot of all nodes at once: what they remember of the files of before is gone. */
const restart = async ({ lab: { hosts } }: Run): Promise<void> => {
  await Promise.all(hosts.map(host => host.shutDown()))
  await Promise.all(hosts.map(host => host.boot()))
}

const damaged = (run: Run): void => {
  const draw = generator(seed)
  for (let number = 1; number <= count; number++)
    test(`damage ${number} of seed ${seed}: pings see what verify says`, async () => {
      const damage = drawFileDamage(draw, run.lab.hosts, only)
      lay(damage)
      try {
        await restart(run)
        const found = await agreement(run.lab, { patience: 60 }).catch((error: Error) =>
          expect.fail(`${damage.what}: ${error.message}`),
        )
        run.report(damage.what, numbersOf(found))
      } finally {
        mend(damage)
      }
    }, 400_000)

  test('all is as before without them', () => restart(run), 400_000)
}

scenario('damaged files', firstApply, damaged, { size: 3, uplinks: ['dual', 'ipv6', 'nat'] })

if (thorough) {
  scenario('damaged files, layer 3 only', firstApply, damaged, {
    size: 3,
    edit: operator => operator.ciabGen('set', 'mesh', 'mode', 'l3'),
  })
  scenario('damaged files, reflectors and a segment', firstApply, damaged, {
    size: 4,
    uplinks: ['dual', 'dual', 'dual', 'dual'],
    reflectors: [1, 2],
    edit: operator =>
      operator.edit(
        text =>
          text +
          linesOf({
            name: 'apps',
            vni: 4711,
            subnet: '10.90.0.0/16 /24, fd90::/64',
            members: ['node2', 'node3'],
          }),
      ),
  })
}
