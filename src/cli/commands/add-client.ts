import { all, one, UsageError, wholeNumber } from '../arguments.js'
import { type Arguments, type Command, valued } from '../command.js'

/** Adds clients to mesh.ini and makes their keys. */
export const addClient: Command = {
  usage: 'add-client <names..>',
  describe: 'add laptops, phones and others that only dial, with new keys',
  about: 'Each gets one file for WireGuard; a phone scans it: ciab-gen qr NAME.',
  positionals: { names: 'what to call them' },
  options: {
    id: valued('the number that its addresses come from; the next free one if not given'),
    via: valued(
      'the node that carries them; if not given, that with the lowest id that they can dial and that tells the others of them',
    ),
    reach: valued('segments and tenants that they may enter, with commas between'),
    'public-key': valued('for a client that keeps its private key itself'),
  },
  async run(args, place) {
    const edit = await import('../../edit/index.js')
    const files = await import('../../files/index.js')
    const { requireLabel } = await import('../newcomers/newcomers.js')
    const { drawKeys, publicKeyIn, writeKeysAnd } = await import('../newcomers/new-keys.js')
    const { need } = await import('../output/report.js')
    const { requireKeys } = await import('../workspace/keyless.js')
    const { homeOf } = await import('../workspace/loading.js')
    const { editMesh, requireFree } = await import('../workspace/workspace.js')
    const { io, file } = place

    const names = all(args, 'names').map(requireLabel)
    const only = singular(args, names)
    const home = homeOf(place)
    const { done } = editMesh(place, (before, nodes, machines) => {
      requireFree(names, nodes, machines)
      const first = only.id ?? edit.nextId(before)
      const onClient = only.publicKey !== undefined
      const old = need(files.readKeys(home, [...machines, ...names]))
      if (!onClient) requireKeys({ file, text: before }, old)
      const keys = drawKeys(io, old, onClient ? [] : names, false)
      let text = before
      for (const [index, name] of names.entries()) {
        const entries: [string, string][] = [
          ['id', `${first + index}`],
          ...only.common,
          ['public-key', only.publicKey ?? publicKeyIn(keys, name)],
          ...(onClient ? [['key-on-client', 'yes'] as [string, string]] : []),
        ]
        text = need(edit.appendNode(text, name, entries, 'client'))
      }
      const write = (replace: () => void) => {
        writeKeysAnd(home, keys, replace)
        return { keys, first }
      }
      return { text, ring: keys.ring, write }
    })
    for (const [index, name] of names.entries())
      io.stderr.write(`added client ${name}, id ${done.first + index}\n`)
    for (const name of done.keys.drawn.keys()) io.stderr.write(`new private key: ${files.keyFileOf(name)}\n`)
    io.stderr.write('next: ciab-gen gen, and the steps that it prints\n')
    return 0
  },
}

/** What the options say: some of one client only. */
const singular = (args: Arguments, names: readonly string[]) => {
  const id = wholeNumber(args, 'id', 1, 16777214)
  const publicKey = one(args, 'public-key')
  if (new Set(names).size < names.length) throw new UsageError('a name stands twice', 'name each client once')
  if (names.length > 1 && id !== undefined)
    throw new UsageError('--id is for one client', 'add the clients one by one')
  if (names.length > 1 && publicKey !== undefined)
    throw new UsageError('--public-key is for one client', 'add the clients one by one')
  const common = ['via', 'reach'].flatMap((key): [string, string][] => {
    const value = one(args, key)
    return value === undefined ? [] : [[key, value]]
  })
  return { id, publicKey, common }
}
