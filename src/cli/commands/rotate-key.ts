import { all, on, one, UsageError } from '../arguments.js'
import { type Arguments, type Command, toggle, valued } from '../command.js'

/** Gives nodes new WireGuard keys; their addresses come from their ids, and stay. */
export const rotateKey: Command = {
  usage: 'rotate-key <nodes..>',
  describe: 'give nodes or clients new keys; their addresses stay',
  about: 'Their MAC addresses stay too.',
  positionals: { nodes: 'the nodes or clients' },
  options: {
    stage: toggle('only tell the others which key comes, so that they can follow within a second'),
    cancel: toggle('drop the keys that were staged'),
    'key-file': valued('a private key to use, rather than a new one; - is standard input'),
    'public-key': valued('the new public key of a node that keeps its private key itself'),
  },
  async run(args, place) {
    const { cancel, rotate, stage } = await import('../rotation/rotation.js')
    const { sayRotated, sayStaged } = await import('../rotation/words.js')
    const { report } = await import('../output/report.js')
    const { editing } = await import('../workspace/workspace.js')
    const { io } = place
    const names = [...new Set(all(args, 'nodes'))]
    const given = await givenKey(args, names, place)
    if (on(args, 'cancel')) {
      if (on(args, 'stage') || given.publicKey || given.privateKey)
        throw new UsageError('--cancel goes with no other option', 'leave the others out')
      editing(place, () => cancel(place, names))
      for (const name of names) io.stderr.write(`${name} keeps the key it has\n`)
      io.stderr.write(
        'where the trees of the others have been copied: ciab-gen gen; copy them again, and have them take effect there\n',
      )
      return 0
    }
    const staging = on(args, 'stage')
    const rotated = editing(place, () => (staging ? stage : rotate)(place, names, given))
    report(io, rotated.vetted.news, rotated.vetted.sources)
    const say = staging ? sayStaged : sayRotated
    say(io, names, rotated)
    return 0
  },
}

/** The key that the command line brings along, if any. */
const givenKey = async (
  args: Arguments,
  names: readonly string[],
  place: Parameters<Command['run']>[1],
): Promise<import('../rotation/rotation.js').Given> => {
  const [file, text] = [one(args, 'key-file'), one(args, 'public-key')]
  if (file === undefined && text === undefined) return {}
  const option = file === undefined ? '--public-key' : '--key-file'
  if (names.length > 1 || (file !== undefined && text !== undefined))
    throw new UsageError(`${option} is for one node alone`, 'give one key, and name one node')
  const { parsePublicKey } = await import('../../net/index.js')
  const { readKeyFile } = await import('../workspace/key-file.js')
  if (file !== undefined) return { privateKey: await readKeyFile(place, file) }
  const publicKey = parsePublicKey(text ?? '')
  if (!publicKey.ok) throw new UsageError(publicKey.message, publicKey.hint)
  return { publicKey: publicKey.value }
}
