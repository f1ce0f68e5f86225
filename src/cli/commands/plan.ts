import { word } from '../arguments.js'
import type { Command } from '../command.js'

/** Prints what a node needs to know, in no tool's syntax, as JSON. */
export const plan: Command = {
  usage: 'plan [node]',
  describe: "print nodes' plans as JSON, keys hidden",
  about: "A plan is what was decided for a node, before any tool's words for it.",
  positionals: { node: 'only this node' },
  options: {},
  async run(args, place) {
    const { default: stringify } = await import('json-stringify-pretty-compact')
    const { planner } = await import('../../plan/plan.js')
    const { loadForShow } = await import('../workspace/loading.js')
    const { requireNodes } = await import('../workspace/workspace.js')
    const name = word(args, 'node')
    const { mesh } = loadForShow(place)
    requireNodes(
      name === undefined ? [] : [name],
      mesh.nodes.map(node => node.name),
      mesh.nodes.flatMap(node => node.clients.map(client => client.name)),
    )
    const planOf = planner(mesh)
    const { stdout } = place.io
    const printed = (node: (typeof mesh.nodes)[number]): string => stringify(planOf(node), { maxLength: 300 })
    if (name !== undefined) {
      for (const node of mesh.nodes) if (node.name === name) stdout.write(`${printed(node)}\n`)
      return 0
    }
    // One by one: the plans of a large mesh are larger than memory.
    stdout.write('[')
    mesh.nodes.forEach((node, index) => {
      stdout.write(`${index > 0 ? ',' : ''}\n${printed(node)}`)
    })
    stdout.write('\n]\n')
    return 0
  },
}
