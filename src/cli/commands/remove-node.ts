import { all, on } from '../arguments.js'
import { type Command, toggle } from '../command.js'

/** Takes nodes out of mesh.ini, and deletes their keys. */
export const removeNode: Command = {
  usage: 'remove-node <names..>',
  describe: 'take nodes out of mesh.ini, and delete their keys',
  about: 'What mentions them goes along. Their ids are not given out again.',
  positionals: { names: 'the nodes' },
  options: { 'keep-key': toggle('leave the key file where it is') },
  async run(args, place) {
    const edit = await import('../../edit/index.js')
    const files = await import('../../files/index.js')
    const { counted, need } = await import('../output/report.js')
    const { editMesh, homeOf, requireNodes } = await import('../workspace/workspace.js')
    const { io, file } = place

    const names = [...new Set(all(args, 'names'))]
    const keep = on(args, 'keep-key')
    const home = homeOf(place)
    const { nodes, done: deleted } = editMesh(place, (before, known) => {
      requireNodes(names, known)
      let text = before
      for (const name of names) text = need(edit.removeNode(text, name))
      const write = (replace: () => void): string[] => {
        replace()
        const stored = names.flatMap(name => [name, files.nextOf(name)])
        return keep ? [] : stored.filter(name => need(files.removeKey(home, name)))
      }
      return { text, ring: need(files.readKeys(home, known)), write }
    })
    for (const name of names) io.stderr.write(`removed ${name}\n`)
    for (const name of deleted) io.stderr.write(`deleted ${files.keyFileOf(name)}\n`)
    io.stderr.write(`${file} has ${counted(nodes, 'node')} now\n`)
    return 0
  },
}
