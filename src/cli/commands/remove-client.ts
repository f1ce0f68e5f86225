import { type Command, toggle } from '../command.js'

/** Takes clients out of mesh.ini, and deletes their keys. */
export const removeClient: Command = {
  usage: 'remove-client <names..>',
  describe: 'take clients out of mesh.ini, and delete their keys',
  about: 'They are locked out once the nodes that carry them have applied their new files, and not before.',
  positionals: { names: 'the clients' },
  options: { 'keep-key': toggle('leave the key file where it is') },
  async run(args, place) {
    const { leave } = await import('../workspace/leaving.js')
    return leave('client', args, place)
  },
}
