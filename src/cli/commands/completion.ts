import { UsageError, word } from '../arguments.js'
import type { Command } from '../command.js'

/** Prints the script by which a shell completes words of ciab-gen. */
export const completion: Command = {
  usage: 'completion [shell]',
  describe: 'print a completion script for bash or zsh',
  about:
    'Commands, options, keys and the names in mesh.ini are completed. At once, in this shell: source <(ciab-gen completion).',
  positionals: { shell: 'bash or zsh; that of $SHELL if not given' },
  options: {},
  async run(args, { io }) {
    const scripts = await import('../completion/scripts.js')
    const shell = word(args, 'shell') ?? (/\/zsh$/.test(io.env.SHELL ?? '') ? 'zsh' : 'bash')
    if (shell !== 'bash' && shell !== 'zsh')
      throw new UsageError(`there is no completion for "${shell}"`, 'write completion bash or completion zsh')
    io.stdout.write(scripts[shell])
    return 0
  },
}
