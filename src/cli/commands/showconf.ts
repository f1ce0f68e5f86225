import { didYouMean } from '../../diagnostics/index.js'
import type { NodePlan } from '../../model/plan.js'
import type { OutputFile } from '../../render/target.js'
import { on, one, UsageError, word } from '../arguments.js'
import { type Command, toggle, valued } from '../command.js'

/** Prints one of a node's files. */
export const showConf: Command = {
  usage: 'showconf <node>',
  describe: "print one of a node's files",
  positionals: { node: 'the node' },
  options: {
    target: valued('the tool whose file it is, wg-quick if not given'),
    file: valued("the file's path on the node, or the end of it; if not given, the tool's main file"),
    secrets: toggle('print keys, which are (hidden) otherwise'),
  },
  async run(args, place) {
    const { planner } = await import('../../plan/plan.js')
    const { textOf } = await import('../../render/chunks.js')
    const { withoutSecrets } = await import('../../json/index.js')
    const { loadForShow, loadMesh } = await import('../workspace/loading.js')
    const { requireNodes } = await import('../workspace/workspace.js')
    const name = word(args, 'node') ?? ''
    const secrets = on(args, 'secrets')
    const { mesh } = secrets ? loadMesh(place) : loadForShow(place)
    requireNodes(
      [name],
      mesh.nodes.map(node => node.name),
      mesh.nodes.flatMap(node => node.clients.map(client => client.name)),
    )
    const shown = secrets ? mesh : withoutSecrets(mesh)
    const node = shown.nodes.find(node => node.name === name)
    if (!node) return 1
    const wanted = one(args, 'file')
    const files = await filesOf(planner(shown)(node), one(args, 'target'), wanted !== undefined)
    place.io.stdout.write(textOf(chosen(files, wanted).content))
    return 0
  },
}

/** The files of a tool; or, where one is asked for by its name alone, all. */
const filesOf = async (plan: NodePlan, target: string | undefined, all: boolean): Promise<OutputFile[]> => {
  const { chosenTargets } = await import('../../render/chosen.js')
  const { render } = await import('../../render/render.js')
  const { StanzaCache } = await import('../../render/stanzas.js')
  const { targets } = await import('../../targets/index.js')
  if (all && target === undefined) return render(plan, targets)
  const tools = chosenTargets(plan, targets)
  const name = target ?? 'wg-quick'
  const tool = tools.find(tool => tool.name === name)
  if (tool) return [...tool.files(plan, new StanzaCache())]
  const names = tools.map(tool => tool.name)
  const hint = didYouMean(name, names)
  throw new UsageError(`${plan.name} has no files for "${name}"`, names.length > 0 ? hint : undefined)
}

/** The file asked for; else the tool's main one, which is the first. */
const chosen = (files: readonly OutputFile[], wanted: string | undefined): OutputFile => {
  const path = wanted?.replace(/^\//, '')
  const found =
    path === undefined
      ? files.slice(0, 1)
      : files.filter(file => file.path === path || file.path.endsWith(`/${path}`))
  const [file] = found
  if (file && found.length === 1) return file
  const paths = files.map(file => file.path)
  if (file)
    throw new UsageError(
      `--file ${wanted} is more than one file`,
      `write ${found.map(({ path }) => path).join(' or ')}`,
    )
  throw new UsageError(`there is no file "${wanted}"`, `there are ${paths.join(', ')}`)
}
