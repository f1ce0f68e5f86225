import { type Command, toggle } from '../command.js'

/** Takes nodes out of mesh.ini, and deletes their keys. */
export const removeNode: Command = {
  usage: 'remove-node <names..>',
  aliases: ['rm', 'remove'],
  describe: 'take nodes out of mesh.ini, and delete their keys',
  about: 'What mentions them goes along. Their ids are not given out again.',
  positionals: { names: 'the nodes' },
  options: { 'keep-key': toggle('leave the key file where it is') },
  async run(args, place) {
    const { leave } = await import('../workspace/leaving.js')
    return leave('node', args, place)
  },
}
