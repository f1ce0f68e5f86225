import type { Command } from '../command.js'

/** Gives a node another name; its id, and with it every address, stays. */
export const renameNode: Command = {
  usage: 'rename-node <old> <new>',
  aliases: ['mv', 'rename'],
  describe: 'give a node another name; its addresses stay',
  positionals: { old: 'the name it has', new: 'the name it gets' },
  options: {},
  async run(args, place) {
    const { rename } = await import('../workspace/renaming.js')
    return rename('node', args, place)
  },
}
