import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tunnels } from '../arbitraries/tunnels.js'
import { privateTextFor } from '../oracles/keys.js'
import { Imported } from './rig/imported.js'
import { Internet, siteOf } from './rig/internet.js'
import { Machine, type Setup } from './rig/machine.js'
import { closed, everyMixture, type Mover, type Way } from './rig/mixture.js'
import { thorough } from './rig/numbers.js'
import { reasonToSkip } from './rig/requirements.js'

/** A few in a usual run; `LAB_LONG=1` tries many. */
const tried = Number(process.env.LAB_DRAWS ?? (thorough ? 10 : 1))

/** Others each time where many are tried; a failure prints the seed, and `LAB_SEED` plays it again. */
const seed = Number(process.env.LAB_SEED ?? (thorough ? Math.floor(performance.now() * 1000) % 1_000_000 : 1))

const drawn = fc.sample(
  tunnels({ publicAddress: number => siteOf(number).ipv4, wholeMachine: false, most: 3 }),
  { numRuns: tried, seed },
)

const reason = reasonToSkip()
const suite = reason === null ? describe : describe.skip

/** Files that start with the real wg-quick still start when imported, and whoever reached each other still does. */
suite.each(drawn.map((one, index) => [index, one] as const))(
  `files of wg-quick, drawn with LAB_SEED=${seed}: number %i`,
  (_, one) => {
    let internet: Internet
    let machines: Machine[] = []

    beforeAll(async () => {
      internet = await Internet.open()
      machines = []
      for (const [index, { name }] of one.nodes.entries())
        machines.push(await Machine.open(name, internet, index + 1))
    })
    afterAll(async () => {
      for (const machine of machines) await machine.namespace.close()
      await internet.namespace.close()
    })

    const old = (index: number): Setup => {
      const device = one.nodes[index]?.interface as string
      return { device, files: [[`/etc/wireguard/${device}.conf`, one.files[index]?.text as string]] }
    }

    const placeOf = (name: string): number => one.nodes.findIndex(node => node.name === name)

    /** Both ways of each pair. */
    const ways = one.pairs.map(([a, b]): Way[] =>
      [[a, b] as const, [b, a] as const].map(([from, to]) => ({
        get from() {
          return machines[placeOf(from)] as Machine
        },
        to: one.nodes[placeOf(to)]?.address as string,
        text: `${from} to ${to}`,
      })),
    )

    test('they start, are imported, and reach each other in every mixture of old and new files', async () => {
      const started = machines.map((machine, index) => machine.change(old(index)))
      expect(started.filter(fault => fault !== '').join('\n')).toBe('')
      const before = await closed(ways.flat(), 10)
      const working = ways.filter(both => !both.some(way => before.includes(way))).flat()
      expect(working.length, before.map(({ text }) => text).join(', ')).toBeGreaterThan(0)
      const routes = machines.map(machine => machine.routes())

      const imported = Imported.from(one.files)
      imported.generate()
      const said = `${imported.report}\n${one.files.map(({ text }) => text).join('\n---\n')}`
      const movers = machines.map(
        (machine, index): Mover => ({
          machine,
          old: old(index),
          fresh: imported.setupOf(privateTextFor(machine.name)),
        }),
      )
      for (const { change, moved } of everyMixture(movers)) {
        const { machine } = change.mover
        expect(change.fault, `${machine.name} ${change.moves ? 'new' : 'old'}\n${said}`).toBe('')
        if (change.moves)
          for (const network of routes[machines.indexOf(machine)] ?? [])
            if (!machine.leads(network))
              expect(imported.report, `${machine.name} loses ${network}`).toContain(network)
        const lost = (await closed(working)).map(({ text }) => text)
        expect(lost, `new: ${moved.map(({ machine }) => machine.name).join(', ')}\n${said}`).toEqual([])
      }
      imported.remove()
    }, 600_000)
  },
)
