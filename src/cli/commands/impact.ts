import { one } from '../arguments.js'
import { type Command, type Format, formatOption, valued } from '../command.js'

const formats: readonly Format[] = ['text', 'json', 'github', 'markdown']

/** Says what a change of mesh.ini does, before anything is written. */
export const impact: Command = {
  usage: 'impact',
  describe: 'say what a change does, and interrupts',
  about:
    "The older mesh.ini is the one that the tree was made of, or another file, or git's. Nothing is written; keys are not asked for.",
  positionals: {},
  formats,
  options: {
    from: valued('the older mesh.ini: a file, or git:REVISION'),
    o: valued('the directory whose mesh.ini is the older one, out if not given', 'output'),
    format: formatOption(formats),
  },
  async run(args, place) {
    const { changesBetween, onNode } = await import('../../impact/index.js')
    const { targets } = await import('../../targets/index.js')
    const { foretold } = await import('../steps/next-steps.js')
    const { commandAt } = await import('../steps/procedure.js')
    const { isLongText, saying } = await import('../output/progress.js')
    const { asJson, asMarkdown, asText } = await import('../output/summary.js')
    const { meshHeld, meshOf } = await import('../workspace/before.js')
    const { treesBetween, unseen } = await import('../workspace/compared.js')
    const { loadMesh } = await import('../workspace/loading.js')

    const out = one(args, 'o') ?? 'out'
    const from = one(args, 'from')
    const before = from === undefined ? meshHeld(place, out) : meshOf(place, from)
    const after = loadMesh(place, { public: true })
    const seen = unseen()
    const change = changesBetween(before.mesh, after.mesh)
    const changes = saying(place.io, 'comparing the files', isLongText(after.text), () =>
      treesBetween(before, after, change, seen),
    )
    const ofNodes = onNode(change, targets)
    const said = foretold({ out, command: commandAt(place), changes, ...seen, change, onNode: ofNodes })
    place.io.stdout.write(
      (place.format === 'markdown' ? asMarkdown : asText)(said, changes)
        .map(line => `${line}\n`)
        .join(''),
    )
    place.answer.give(asJson(change, changes, ofNodes))
    return 0
  },
}
