import { UsageError, word } from '../arguments.js'
import type { Command } from '../command.js'

/** Gives a node another name; its id, and with it every address, stays. */
export const renameNode: Command = {
  usage: 'rename-node <old> <new>',
  describe: 'give a node another name; its addresses stay',
  positionals: { old: 'the name it has', new: 'the name it gets' },
  options: {},
  async run(args, place) {
    const edit = await import('../../edit/index.js')
    const files = await import('../../files/index.js')
    const { requireLabel } = await import('../newcomers/newcomers.js')
    const { need } = await import('../output/report.js')
    const { editMesh, homeOf, requireNodes } = await import('../workspace/workspace.js')
    const { io } = place

    const from = word(args, 'old') ?? ''
    const to = requireLabel(word(args, 'new') ?? '')
    const home = homeOf(place)
    const { done: moved } = editMesh(place, (before, known) => {
      requireNodes([from], known)
      if (known.includes(to)) throw new UsageError(`there is a node "${to}" already`, 'choose another name')
      const old = need(files.readKeys(home, known))
      const key = old.privateKeys.get(from)
      const privateKeys = new Map(old.privateKeys)
      if (key) privateKeys.set(to, key)
      const write = (replace: () => void): boolean => {
        // Under both names until mesh.ini has the new one, so that a kill in between costs nothing.
        const moved = need(files.copyKey(home, from, to))
        need(files.copyKey(home, files.nextOf(from), files.nextOf(to)))
        try {
          replace()
        } catch (error) {
          for (const name of [to, files.nextOf(to)]) files.removeKey(home, name)
          throw error
        }
        for (const name of [from, files.nextOf(from)]) need(files.removeKey(home, name))
        return moved
      }
      const ring = { privateKeys, presharedSeed: old.presharedSeed }
      return { text: edit.renameNode(before, from, to), ring, write }
    })
    io.stderr.write(`${from} is ${to} now${moved ? `, its key ${files.keyFileOf(to)}` : ''}\n`)
    return 0
  },
}
