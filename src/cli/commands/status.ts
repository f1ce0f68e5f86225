import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { all, one } from '../arguments.js'
import { type Command, type Format, formatOption, toggle, valued } from '../command.js'

const formats: readonly Format[] = ['text', 'json']

/** Puts what all nodes say of themselves together. */
export const status: Command = {
  usage: 'status [files..]',
  describe: 'say what is wrong with the nodes, by what apply.sh --status --json says on each',
  about:
    'Causes are told, and not what follows from them. The notes in _mesh/ have the line that collects the reports. It exits with 1 when something is wrong, or a node has no report.',
  positionals: {
    files: 'reports, directories of them, or - for standard input; the directory status if not given',
  },
  formats,
  options: {
    o: valued(
      'the tree that the nodes are to run, out if not given; where there is none, mesh.ini',
      'output',
    ),
    format: formatOption(formats),
    json: toggle(
      'the same as --format json: findings, and what each node says of its tunnel, peers and sessions',
    ),
  },
  async run(args, place) {
    const { judgeFleet } = await import('../../fleet/index.js')
    const { fleetData, fleetText } = await import('../output/fleet.js')
    const { report } = await import('../output/report.js')
    const { collected } = await import('../workspace/collected.js')
    const { wantedTrees } = await import('../workspace/wanted-trees.js')
    const { meshOf } = await import('../workspace/before.js')
    const { loadForShow } = await import('../workspace/loading.js')
    const { meshFolder, sourceCopy } = await import('../../generate.js')

    const out = one(args, 'o') ?? 'out'
    const source = `${out}/${meshFolder}/${sourceCopy}`
    const held = existsSync(resolve(place.directory, source))
    const { mesh, withKeys } = held ? { ...meshOf(place, source), withKeys: true } : loadForShow(place)
    const { reports, faults } = await collected(place, all(args, 'files'))
    const trees = wantedTrees(place, mesh, held ? out : null, withKeys)
    const verdict = judgeFleet(mesh, reports, trees)
    report(place.io, faults, {})
    const against = trees.size > 0 ? (held ? out : place.file) : null
    place.answer.give(fleetData(mesh.name, verdict, faults.length === 0))
    place.io.stdout.write(fleetText(mesh.name, verdict, against))
    return verdict.findings.length > 0 || faults.length > 0 ? 1 : 0
  },
}
