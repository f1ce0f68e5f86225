import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { all, on, one } from '../arguments.js'
import { type Command, formatOption, formats, repeated, toggle, valued } from '../command.js'

/** Shows what `gen` would change, as a unified diff with the keys hidden. */
export const diff: Command = {
  usage: 'diff [nodes..]',
  describe: 'show what gen would change, keys hidden',
  about: 'The answer is a unified diff.',
  positionals: { nodes: 'only these nodes' },
  formats,
  options: {
    o: valued('the directory to compare with, out if not given', 'output'),
    public: toggle('compare a tree that was written with --public'),
    format: formatOption(),
    target: repeated('a module of yours that writes further files about the whole mesh'),
  },
  async run(args, place) {
    const { compareTree } = await import('../../files/index.js')
    const { textOf } = await import('../../render/chunks.js')
    const { progressing } = await import('../output/progress.js')
    const { need, paintOf } = await import('../output/report.js')
    const { patch } = await import('../output/patch.js')
    const { loadMesh } = await import('../workspace/loading.js')
    const { requireNodes } = await import('../workspace/workspace.js')
    const { addedTargets, generating, targetsIn } = await import('../workspace/added-targets.js')
    const { io, directory } = place

    const names = [...new Set(all(args, 'nodes'))]
    const options = { public: on(args, 'public'), only: names.length > 0 ? names : undefined }
    const out = one(args, 'o') ?? 'out'
    const added = await addedTargets(place, targetsIn(args, options.only))
    const { mesh, text } = loadMesh(place, options)
    requireNodes(
      names,
      mesh.nodes.map(({ name }) => name),
      mesh.nodes.flatMap(node => node.clients.map(({ name }) => name)),
    )
    const trees = generating(mesh, options.only ? { nodes: options.only } : { source: text, added })
    const total = options.only?.length ?? mesh.nodes.length
    const paint = paintOf(io, io.stdout)
    place.answer.give({ out })
    const tell = place.answer.list('changes')
    need(
      compareTree(
        resolve(directory, out),
        progressing(io, trees, total),
        options,
        ({ path, kind, file, mode, sameContent }, ground) => {
          const full = ground.resolve(path)
          const before = kind === 'created' ? null : readFileSync(full, 'utf8')
          const after = file && textOf(file.content)
          const head = `${out}/${path}`
          const shown = sameContent
            ? `${paint('head', `mode of ${head} to be ${mode.toString(8)}`)}\n`
            : patch(head, before, after, paint)
          io.stdout.write(shown)
          tell({ path, kind, mode: file && mode.toString(8), patch: sameContent ? null : shown })
        },
      ),
    )
    return 0
  },
}
