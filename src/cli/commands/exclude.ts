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
    const { need } = await import('../output/report.js')
    const { homeOf } = await import('../workspace/loading.js')
    const { editMesh, requireNodes } = await import('../workspace/workspace.js')
    const { io } = place

    const action = word(args, 'action') ?? ''
    const node = word(args, 'node') ?? ''
    const others = [...new Set(all(args, 'others'))]
    if (!actions.includes(action))
      throw new UsageError(`"${action}" is neither add nor remove`, didYouMean(action, actions))
    if (others.includes(node))
      throw new UsageError(`"${node}" stands on both sides`, 'name the node first, then the others')
    const home = homeOf(place)
    const adding = action === 'add'
    const { done: moved } = editMesh(place, (before, nodes, machines) => {
      requireNodes([node, ...others], nodes, machines)
      const text = adding
        ? need(edit.addExclusions(before, node, others))
        : edit.removeExclusions(before, node, others)
      const write = (replace: () => void): string[] => {
        replace()
        return others.filter(other => edit.isExcluded(before, node, other) !== adding)
      }
      return { text, ring: need(files.readKeys(home, machines)), write }
    })
    for (const other of others) {
      const said = adding ? 'do not peer' : 'may peer'
      io.stderr.write(`${node} and ${other} ${said}${moved.includes(other) ? ' now' : ', as before'}\n`)
    }
    return 0
  },
}
