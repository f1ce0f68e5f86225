import { afterAll, expect, test } from 'vitest'
import { agreement, numbersOf } from './rig/agreement.js'
import { type Drawn, drawChange } from './rig/changes.js'
import { sleep, stopwatch } from './rig/clock.js'
import { type Damage, drawDamage } from './rig/damage.js'
import { type Draw, generator } from './rig/draw.js'
import type { Host } from './rig/host.js'
import { Life } from './rig/life.js'
import { report, thorough } from './rig/numbers.js'
import { foretell } from './rig/promise.js'
import { type PairFlow, Stream } from './rig/stream.js'
import { type Run, scenario } from './scenario.js'
import { firstApply } from './starts.js'

/** Seeds of the meshes, and how many changes each of them sees: `LAB_SEEDS=7,8 LAB_CHANGES=40`. */
const seeds = (process.env.LAB_SEEDS ?? (thorough ? '1,2,3,4,5' : '1')).split(',').map(Number)
const count = Number(process.env.LAB_CHANGES ?? (thorough ? 40 : 1))

/** Changes whose words match alone, to look for a fault again: `LAB_ONLY=rename`. */
const only = new RegExp(process.env.LAB_ONLY ?? '')

/** Within how many seconds all has to be right again without help; a machine that has more to do takes longer. */
const patience = Number(process.env.LAB_PATIENCE ?? 60)

/** Of a step, in milliseconds. */
const limit = 400_000

/** What a machine that is busy may hold a ping up for, in seconds. */
const busy = 3

const steps =
  (seed: number) =>
  (run: Run): void => {
    const draw = generator(seed)
    let lived: Life | null = null
    const life = (): Life => {
      lived ??= new Life(run.lab)
      return lived
    }
    afterAll(() => lived?.close())
    for (let number = 1; number <= count; number++)
      test(
        `step ${number} of seed ${seed}`,
        async () => {
          const say = (what: string, text: string): void => report(`seed ${seed}, ${number}`, what, text)
          if (thorough && !process.env.LAB_ONLY && draw(5) === 0)
            await suffer(life(), drawDamage(draw, life()), say)
          else await change(life(), draw, say)
        },
        limit,
      )
  }

type Say = (what: string, text: string) => void

/** A change that ciab-gen takes: made, brought to all nodes, and right without help. */
const change = async (life: Life, draw: Draw, say: Say): Promise<void> => {
  const drawn = await made(life, draw)
  const { hosts } = life.lab
  const stream = await Stream.between(
    hosts.flatMap((one, at) => hosts.slice(at + 1).map(other => [one, other] as const)),
  )
  const elapsed = stopwatch()
  const { spares, clients } = foretell(life.lab.operator)
  await bring(life, drawn)
  life.importAnew(clients)
  const applied = elapsed()
  await right(life, drawn.what)
  const { pairs } = await stream.stop()
  const spared = pairs.filter(({ between: [a, b] }) => drawn.quiet || spares(a, b))
  const others = pairs.filter(pair => !spared.includes(pair))
  say(
    `${drawn.what}; ${drawn.order === 'at once' ? 'at once' : 'one by one'}`,
    `applied in ${applied.toFixed(1)} s, right after ${(elapsed() - applied).toFixed(1)} s; ${lossOf(others)}; spared: ${lossOf(spared)}`,
  )
  const disturbed = spared.filter(({ lost, silence }) => silence >= busy || (thorough && lost > 0))
  expectNone(
    disturbed.map(({ what, lost, silence }) => `${what}: ${lost} lost, silent for ${silence.toFixed(1)} s`),
    drawn.what,
  )
  await content(life.lab.hosts, drawn.what)
  life.lab.others.splice(0, Number.POSITIVE_INFINITY, ...life.others())
  if (thorough) say('pings as verify says', numbersOf(await agreement(life.lab)))
}

/** With all of it in the message. */
const expectNone = (faults: readonly string[], what: string): void => {
  if (faults.length > 0) expect.fail(`${what}:\n  ${faults.slice(0, 20).join('\n  ')}`)
}

const lossOf = (pairs: readonly PairFlow[]): string =>
  pairs.length === 0
    ? 'none'
    : `${pairs.reduce((sum, { lost }) => sum + lost, 0)} lost on ${pairs.length} ways, silence ${Math.max(...pairs.map(({ silence }) => silence)).toFixed(1)} s`

/** Draws until ciab-gen takes one, which mesh.ini then has. */
const made = async (life: Life, draw: Draw): Promise<Drawn> => {
  for (;;) {
    const drawn = drawChange(draw, life, thorough ? 'everything' : 'settings')
    if (!only.test(drawn.what)) continue
    const moment = life.remember()
    try {
      await drawn.make(life)
      life.read()
      return drawn
    } catch (error) {
      if (!life.moments().includes(moment)) throw error
      life.goBack(moment)
      life.forget(moment)
    }
  }
}

/** Brings the files to the nodes in the order that was drawn, or to all at once. */
const bring = async (life: Life, { order, before, afterwards }: Drawn): Promise<void> => {
  const { hosts, operator } = life.lab
  operator.ciabGen('gen')
  await life.endContainers()
  await before?.()
  const apply = async (host: Host): Promise<void> => {
    host.deploy(operator)
    await host.applyBeside()
    // As gen prints it where a key is about to change.
    await host.type('! [ -e /etc/ciab/follow-keys.sh ] || sh /etc/ciab/follow-keys.sh --background')
  }
  if (order === 'at once') await Promise.all(hosts.map(apply))
  else {
    const [first, ...rest] = order.filter(host => hosts.includes(host))
    const come = hosts.filter(host => !order.includes(host))
    for (const host of [...(first ? [first] : []), ...come, ...rest]) await apply(host)
  }
  await afterwards?.()
  await life.startContainers()
}

/** Waits until all answer. Meanwhile, and from ten seconds on, whoever says that all is well there must not be apart from one who says it too. */
const right = async (life: Life, what: string): Promise<void> => {
  const elapsed = stopwatch()
  for (;;) {
    const wrong = life.wrong()
    if (wrong.length === 0) return
    if (elapsed() > 10) expectNone(await lying(life), `${what}: apart, and content`)
    if (elapsed() > patience) expectNone(wrong, `${what}: after ${patience} s`)
    await sleep(0.5)
  }
}

/** Nodes that are apart although both say that all is as it should be, before and after that. */
const lying = async (life: Life): Promise<string[]> => {
  const before = life.apart()
  const faults = new Map<Host, string[]>()
  await Promise.all(life.lab.hosts.map(async host => faults.set(host, await faultsOf(host))))
  const content = (host: Host): boolean => faults.get(host)?.length === 0
  return life
    .apart()
    .filter(([one, other]) => before.some(([a, b]) => a === one && b === other))
    .filter(([one, other]) => content(one) && content(other))
    .map(([one, other]) => `${one.name} and ${other.name}`)
}

const faultsOf = async ({ machine }: Host): Promise<string[]> => {
  const { status, stdout, stderr } = await machine.runBeside(['sh', '/etc/ciab/apply.sh', '--status'])
  const lines = stdout.split('\n').filter(line => line.startsWith('BAD'))
  return status === 0 ? [] : [...lines, ...(lines.length === 0 ? [`rc ${status}: ${stderr}`] : [])]
}

/**
 * All pings have passed, so no node may find a fault for longer than FRR lets a session wait that was refused while only
 * one end had it (RFC 4271, IdleHoldTime: a minute at most), and then nothing is to be done.
 */
const content = async (hosts: readonly Host[], what: string): Promise<void> => {
  const elapsed = stopwatch()
  for (const host of hosts)
    for (;;) {
      const faults = await faultsOf(host)
      if (faults.length === 0) break
      if (elapsed() > 75) expectNone(faults, `${what}: ${host.name}`)
      await sleep(0.5)
    }
  for (const said of await Promise.all(hosts.map(host => host.applyBeside())))
    expect(said, what).toMatch(/^nothing changed$/m)
}

/** Something breaks: whoever is apart hears of it from one of the two, and it is mended by what is said to mend it. */
const suffer = async (life: Life, { what, host, strike, mend }: Damage, say: Say): Promise<void> => {
  strike()
  const elapsed = stopwatch()
  let [broken, seen] = [false, 0]
  for (;;) {
    broken ||= life.apart().length > 0
    const liars = await lying(life)
    if (liars.length === 0 && (broken || elapsed() > 10)) break
    seen = elapsed()
    if (seen > 45) expectNone(liars, `${what}: apart, and content`)
    await sleep(1)
  }
  say(what, broken ? `apart; said after ${seen.toFixed(1)} s` : 'nobody is apart')
  if (mend) mend()
  else await host.applyBeside()
  await right(life, what)
  await content(life.lab.hosts, what)
}

for (const seed of seeds)
  scenario(`random changes, seed ${seed}`, firstApply, steps(seed), {
    size: 4,
    uplinks: ['dual', 'ipv6', 'nat', 'dual'],
  })
