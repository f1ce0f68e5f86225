import { resolve } from 'node:path'
import { didYouMean } from '../../diagnostics/index.js'
import { all, UsageError, word } from '../arguments.js'
import type { Command } from '../command.js'

const actions = ['add', 'remove']

/** Keeps pairs of nodes from peering, or lets them again. */
export const exclude: Command = {
  usage: 'exclude <action> <node> <others..>',
  describe: 'keep a node and others from peering, or let them again',
  positionals: {
    action: 'add or remove',
    node: 'the node',
    others: 'those that it must not, or may again, peer with',
  },
  options: {},
  async run(args, place) {
    const edit = await import('../../edit/index.js')
    const files = await import('../../files/index.js')
    const { need, report } = await import('../output/report.js')
    const { editing, homeOf, readForEdit, requireNodes, vet } = await import('../workspace/workspace.js')
    const { io, directory, file } = place

    const action = word(args, 'action') ?? ''
    const node = word(args, 'node') ?? ''
    const others = [...new Set(all(args, 'others'))]
    if (!actions.includes(action))
      throw new UsageError(`"${action}" is neither add nor remove`, didYouMean(action, actions))
    if (others.includes(node))
      throw new UsageError(`"${node}" stands on both sides`, 'name the node first, then the others')
    const home = homeOf(place)
    const adding = action === 'add'
    const change = () => {
      const before = readForEdit(place)
      const nodes = edit.nodeNames(before)
      requireNodes([node, ...others], nodes)
      const moved = others.filter(other => edit.isExcluded(before, node, other) !== adding)
      const text = adding
        ? need(edit.addExclusions(before, node, others))
        : edit.removeExclusions(before, node, others)
      const { news, sources } = vet(place, text, need(files.readKeys(home, nodes)), before)
      if (text !== before) files.replaceFile(resolve(directory, file), text, before)
      return { news, sources, moved }
    }
    const { news, sources, moved } = editing(place, change)
    report(io, news, sources)
    for (const other of others) {
      const said = adding ? 'do not peer' : 'may peer'
      io.stderr.write(`${node} and ${other} ${said}${moved.includes(other) ? ' now' : ', as before'}\n`)
    }
    return 0
  },
}
