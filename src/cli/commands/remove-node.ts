import { resolve } from 'node:path'
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
    const { counted, need, report } = await import('../output/report.js')
    const { editing, homeOf, readForEdit, requireNodes, vet } = await import('../workspace/workspace.js')
    const { io, directory, file } = place

    const names = [...new Set(all(args, 'names'))]
    const keep = on(args, 'keep-key')
    const home = homeOf(place)
    const path = resolve(directory, file)
    const change = () => {
      const before = readForEdit(place)
      const known = edit.nodeNames(before)
      requireNodes(names, known)
      let text = before
      for (const name of names) text = need(edit.removeNode(text, name))
      const keys = need(files.readKeys(home, known))
      const { nodes, news, sources } = vet(place, text, keys, before)
      files.replaceFile(path, text, before)
      const stored = names.flatMap(name => [name, files.nextOf(name)])
      const deleted = keep ? [] : stored.filter(name => need(files.removeKey(home, name)))
      return { news, sources, deleted, total: nodes }
    }
    const { news, sources, deleted, total } = editing(place, change)
    report(io, news, sources)
    for (const name of names) io.stderr.write(`removed ${name}\n`)
    for (const name of deleted) io.stderr.write(`deleted ${files.keyFileOf(name)}\n`)
    io.stderr.write(`${file} has ${counted(total, 'node')} now\n`)
    return 0
  },
}
