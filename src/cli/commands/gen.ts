import { join, resolve } from 'node:path'
import type { Change } from '../../files/index.js'
import { all, on, one, UsageError } from '../arguments.js'
import { type Command, formatOption, formats, repeated, toggle, valued } from '../command.js'

/** Writes the trees of all nodes, or of those named. */
export const gen: Command = {
  usage: 'gen [nodes..]',
  aliases: ['generate'],
  describe: "write every node's files",
  about:
    'Only what differs is written, and what to do with it on each node is said. Nothing is written where a line of [expect] would not hold.',
  positionals: { nodes: 'only these nodes' },
  formats,
  options: {
    o: valued('the directory to write, out if not given', 'output'),
    check: toggle('write nothing; exit code 1 if something would change'),
    summary: toggle('with --check, what the change does, as Markdown for a pull request'),
    public: toggle('a tree for review: keys hidden, readable for all'),
    format: formatOption(),
    target: repeated('a module of yours that writes further files about the whole mesh'),
  },
  async run(args, place) {
    const { compareTree, generatorOf, writeTree } = await import('../../files/index.js')
    const { foretold, nextSteps } = await import('../steps/next-steps.js')
    const { commandAt } = await import('../steps/procedure.js')
    const { asMarkdown } = await import('../output/summary.js')
    const { progressing } = await import('../output/progress.js')
    const { counted, need, reportBriefly } = await import('../output/report.js')
    const { clientFilesBefore, meshBefore } = await import('../workspace/before.js')
    const { asExpected } = await import('../workspace/expected.js')
    const { seeing, unseen } = await import('../workspace/compared.js')
    const { loadMesh } = await import('../workspace/loading.js')
    const { mendKeys, requireMachines } = await import('../workspace/workspace.js')
    const { changesBetween, onNode } = await import('../../impact/index.js')
    const { targets } = await import('../../targets/index.js')
    const { addedTargets, generating, targetsIn } = await import('../workspace/added-targets.js')
    const { io, directory } = place

    const checking = on(args, 'check')
    const summary = on(args, 'summary')
    if (summary && !checking) throw new UsageError('--summary is of --check', 'write --check --summary')
    if (summary && place.format === 'json')
      throw new UsageError('--summary is Markdown', 'for programs write impact --format json')
    const generator = place.version
    const options = { public: on(args, 'public'), only: selected(all(args, 'nodes')), generator }
    const out = one(args, 'o') ?? 'out'
    const added = await addedTargets(place, targetsIn(args, options.only))
    if (!checking && !options.public) mendKeys(place)
    const { mesh, text, warnings, sources } = await asExpected(place, loadMesh(place, options))
    requireMachines(
      'node or client',
      options.only ?? [],
      mesh.nodes.flatMap(({ name, clients }) => [name, ...clients.map(({ name }) => name)]),
    )
    reportBriefly(io, warnings, sources)
    const before = (checking || options.public) && !summary ? null : meshBefore(place, out)
    const wanted = options.only ? { nodes: options.only } : { source: text, added }
    const change = before && changesBetween(before, mesh)
    const seen = unseen()
    const trees = seeing(seen, generating(mesh, wanted), clientFilesBefore(place, out, change))
    const total = options.only?.length ?? mesh.nodes.length
    const madeBy = need(generatorOf(resolve(directory, out), options))
    if (madeBy !== null && madeBy !== generator)
      io.stderr.write(`${out} was made by ciab-gen ${madeBy}, and this is ${generator}\n`)
    const act = checking ? compareTree : writeTree
    const changes = need(act(resolve(directory, out), progressing(io, trees, total), options))
    if (changes.length > 0 && !summary)
      io.stdout.write(changes.map(({ kind, path }) => `${kind} ${join(out, path)}\n`).join(''))
    if (checking)
      place.point(
        changes.map(({ kind, path }) => ({ file: join(out, path), title: 'drift', message: drift[kind] })),
      )
    place.answer.give({ out, madeBy, nodes: seen.notes.size, changes })
    const counts = (['created', 'changed', 'removed'] as const).flatMap(kind => {
      const count = changes.filter(change => change.kind === kind).length
      return count > 0 ? [`${count} ${checking ? `to be ${kind}` : kind}`] : []
    })
    const { notes, clients } = seen
    const looked = [
      counted(notes.size, 'node'),
      ...(clients.size > 0 ? [counted(clients.size, 'client')] : []),
    ]
    io.stderr.write(
      `${out}: ${[...looked, ...counts].join(', ')}${counts.length > 0 ? '' : ', nothing to change'}\n`,
    )
    const written = {
      // A tree for review is none to copy.
      out: options.public ? 'out' : out,
      command: commandAt(place),
      changes,
      ...seen,
      change,
      onNode: change ? onNode(change, targets) : () => [],
    }
    if (summary) for (const line of asMarkdown(foretold(written), changes)) io.stdout.write(`${line}\n`)
    // From a tree for review nothing is installed.
    else if (!checking && !options.public) for (const line of nextSteps(written)) io.stderr.write(`${line}\n`)
    return checking && changes.length > 0 ? 1 : 0
  },
}

/** What --check says at a file. */
const drift: Readonly<Record<Change['kind'], string>> = {
  created: 'this file is missing\nhint: the same command without --check writes it',
  changed: 'this file is not as mesh.ini has it\nhint: the same command without --check writes it',
  removed: 'this file is no longer of the tree\nhint: the same command without --check removes it',
}

const selected = (names: readonly string[]): string[] | undefined =>
  names.length > 0 ? [...new Set(names)] : undefined
