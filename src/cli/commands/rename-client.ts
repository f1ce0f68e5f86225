import type { Command } from '../command.js'

/** Gives a client another name; its id, and with it every address, stays. */
export const renameClient: Command = {
  usage: 'rename-client <old> <new>',
  describe: 'give a client another name; its addresses stay',
  positionals: { old: 'the name it has', new: 'the name it gets' },
  options: {},
  async run(args, place) {
    const { rename } = await import('../workspace/renaming.js')
    return rename('client', args, place)
  },
}
