import type { Command } from '../command.js'

/** `wg genkey`, where there is no wg. */
export const genKey: Command = {
  usage: 'genkey',
  describe: 'print a new private key, as "wg genkey" does',
  about: 'It is for a machine without wg.',
  positionals: {},
  options: {},
  async run(_args, { io }) {
    const { keyLine } = await import('../../files/index.js')
    const { privateKeyOf } = await import('../../net/index.js')
    io.stdout.write(keyLine(privateKeyOf(io.randomBytes(32))))
    return 0
  },
}

/** `wg genpsk`. */
export const genPsk: Command = {
  usage: 'genpsk',
  describe: 'print a new preshared key, as "wg genpsk" does',
  about: 'It is for a machine without wg.',
  positionals: {},
  options: {},
  async run(_args, { io }) {
    const { keyLine } = await import('../../files/index.js')
    const { base64Of, PresharedKey } = await import('../../net/index.js')
    io.stdout.write(keyLine(new PresharedKey(base64Of(io.randomBytes(32)))))
    return 0
  },
}

/** `wg pubkey`: the public half of the private key on standard input. */
export const pubKey: Command = {
  usage: 'pubkey',
  describe: 'print the public half of the private key on standard input, as "wg pubkey" does',
  about: 'It is for a machine without wg.',
  positionals: {},
  options: {},
  async run(_args, { io }) {
    const { publicHalf } = await import('../../files/index.js')
    const { privateKeyIn } = await import('../workspace/key-file.js')
    const hint = 'write ciab-gen pubkey < FILE, a file that "wg genkey" made'
    io.stdout.write(`${publicHalf(privateKeyIn(await io.stdin(), 'standard input', hint))}\n`)
    return 0
  },
}
