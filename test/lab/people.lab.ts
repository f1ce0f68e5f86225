import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { effectsOf } from './rig/hooks.js'
import { Imported } from './rig/imported.js'
import { closed, everyMixture } from './rig/mixture.js'
import { report as note, thorough } from './rig/numbers.js'
import { reasonToSkip } from './rig/requirements.js'
import { SettledVillage, type VillageWay } from './rig/settled-village.js'
import { villageOf } from './rig/villages.js'

interface Run {
  readonly import: readonly string[]
  readonly exit?: number | 'wg'
  readonly exit_any?: boolean
  readonly up?: { readonly skip?: boolean; readonly must?: boolean; readonly setup?: readonly string[] }
}

const folder = fileURLToPath(new URL('../../fixtures/import/cases/', import.meta.url))

/** A usual run has the one with most in it, and two of its peers; the long form has all of them, with three of theirs. */
const usual = ['72-hub-with-hooks']

/** Files of wg-quick as people have them, that wg-quick starts. */
const cases = readdirSync(folder)
  .filter(name => thorough || usual.includes(name))
  .flatMap(name =>
    (JSON.parse(readFileSync(`${folder}${name}/expect.json`, 'utf8')) as { runs: Run[] }).runs
      .filter(({ import: [kind] }) => kind === 'wg')
      .filter(({ exit, exit_any, up }) => typeof exit !== 'number' && exit_any !== true && up?.skip !== true)
      .map(({ import: [, ...files], up }) => ({
        name,
        files,
        must: up?.must === true,
        setup: up?.setup ?? [],
      })),
  )

/** What a report says of the time in which one node moves after the other, and of what no mesh.ini says. */
const linesOf = (report: string): string[] =>
  report
    .split('\n')
    .filter(line => line.startsWith('  - '))
    .map(plain)

/** Names as files have them and as mesh.ini has them. */
const plain = (text: string): string => text.toLowerCase().replace(/[-\s]+/g, ' ')

const names = (line: string, name: string): boolean => new RegExp(`(?<!\\w)${plain(name)}(?!\\w)`).test(line)

/** Whether the report says that packets do not go there, or that nobody can know. */
const isNamed = ({ one, other }: VillageWay, imported: Imported): boolean => {
  const [from, to] = [one, other].map(resident => resident && imported.nameOf(resident.privateKey))
  return linesOf(imported.report).some(line => {
    if (/nothing is sure about/.test(line)) return [from, to].some(name => name && names(line, name))
    if (!from || !names(line, from)) return false
    return to
      ? /does not|no more/.test(line) && names(line, to)
      : /no longer let out to the internet/.test(line)
  })
}

const reason = reasonToSkip()
const suite = reason === null ? describe : describe.skip

/** Peers without a file are made up, with keys of their own in the place of the file's. */
suite('files of wg-quick that people have, imported and mixed with what was made of them', () => {
  test.each(cases)(
    '$name $files: they start, and who reached whom still does, or the report names it',
    async ({ name, files, must, setup }) => {
      const texts = files.map(file => ({ file, text: readFileSync(`${folder}${name}/${file}`, 'utf8') }))
      const village = villageOf(name, texts, thorough ? 3 : 2)
      const settled = await SettledVillage.open(village, setup)
      let imported: Imported | undefined
      try {
        const starts = village.residents.map(one => settled.machineOf(one).change(settled.old(one)))
        if (must) expect(starts.join('')).toBe('')
        // What the real one refuses is no network.
        if (starts.some(fault => fault !== '')) return note(name, 'does not start', starts.join(' ').trim())
        const all = settled.ways()
        const without = new Set(await closed(all, 15))
        const open = all.filter(way => !without.has(way))
        const own = village.residents.filter(({ hub }) => hub === null)
        const routes = own.map(one => settled.machineOf(one).routes())
        const effects = own.map(one => effectsOf(settled.machineOf(one), one.device, one.text))

        imported = Imported.from(village.files)
        for (const { hub } of village.residents) {
          const dialled = village.residents.find(({ name }) => name === hub)
          if (dialled) imported.write(dialled.privateKey, settled.siteOf(dialled))
        }
        imported.generate()
        const said = `${imported.report}\n${texts.map(({ text }) => text).join('\n---\n')}`
        const known = imported
        const named = open.filter(way => isNamed(way, known))
        const promised = open.filter(way => !named.includes(way))
        note(
          name,
          'ways',
          `${open.length} before, ${named.length} of them named: ${named.map(({ text }) => text).join(', ')}`,
        )
        const lost = new Set<string>()
        const outward = promised.filter(({ other }) => other === null)
        const hubs = own.map(one => settled.siteOf(one))
        for (const { change, moved } of everyMixture(settled.movers(imported))) {
          expect(change.fault, `${change.mover.machine.name} ${change.moves ? 'new' : 'old'}\n${said}`).toBe(
            '',
          )
          for (const { text } of await closed(promised))
            lost.add(`${text}; new: ${moved.map(({ machine }) => machine.name).join(', ')}`)
          // What goes out by a hub has the hub's address.
          settled.internet.ledger.clear()
          await closed(outward, 5)
          for (const source of settled.internet.ledger.sources())
            if (!hubs.includes(source)) lost.add(`the internet sees ${source}, which is no hub's`)
          // What hooks and AllowedIPs did on who has just moved is done still, or named.
          const { machine } = change.mover
          const place = own.findIndex(one => machine === settled.machineOf(one))
          if (!change.moves || place === -1) continue
          const now = effectsOf(machine, imported.mesh, own[place]?.text ?? '')
          for (const effect of effects[place] ?? [])
            if (!now.includes(effect)) lost.add(`${machine.name} has no more: ${effect}`)
          for (const network of routes[place] ?? [])
            if (!machine.leads(network) && !imported.report.includes(network))
              lost.add(`${machine.name} has no route to ${network}`)
        }
        expect([...lost], said).toEqual([])
      } finally {
        imported?.remove()
        await settled.close()
      }
    },
    900_000,
  )
})
