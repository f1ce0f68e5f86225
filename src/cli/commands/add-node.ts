import { didYouMean } from '../../diagnostics/index.js'
import { all, one, UsageError, wholeNumber } from '../arguments.js'
import { type Arguments, type Command, valued } from '../command.js'

/** Adds nodes to mesh.ini and makes their keys. */
export const addNode: Command = {
  usage: 'add-node [names..]',
  aliases: ['add'],
  describe: 'add nodes to mesh.ini, with new keys',
  positionals: { names: 'NAME or NAME=ENDPOINT' },
  options: {
    count: valued('how many more nodes to make'),
    format: valued("their names, such as 'node%02d', by id"),
    id: valued('the number all addresses come from; the next free one if not given'),
    endpoint: valued(
      "HOST or HOST:PORT where it can be dialled, or none; with --count such as 'node%02d.example.net'",
    ),
    'public-key': valued('for a node that keeps its private key itself'),
    group: valued('a group to join; may be repeated'),
  },
  async run(args, place) {
    const edit = await import('../../edit/index.js')
    const files = await import('../../files/index.js')
    const { newcomersOf } = await import('../newcomers/newcomers.js')
    const { drawKeys, entriesOf, publicKeyIn, sayNews, writeKeysAnd } = await import(
      '../newcomers/new-keys.js'
    )
    const { counted, need } = await import('../output/report.js')
    const { requireKeys } = await import('../workspace/keyless.js')
    const { homeOf } = await import('../workspace/loading.js')
    const { editMesh, requireFree } = await import('../workspace/workspace.js')
    const { io, file } = place

    const named = all(args, 'names')
    const only = singular(args, named)
    const groups = all(args, 'group')
    const home = homeOf(place)
    const { nodes, done } = editMesh(place, (before, known, machines) => {
      const first = only.id ?? edit.nextId(before)
      const newcomers = newcomersOf(args, named, first)
      const names = newcomers.map(({ name }) => name)
      requireFree(names, known, machines)
      for (const group of groups) refuseUnknownGroup(group, before, edit.hasSection)
      const onNode = only.publicKey !== undefined
      const old = need(files.readKeys(home, [...machines, ...names]))
      if (!onNode) requireKeys({ file, text: before }, old)
      const keys = drawKeys(io, old, onNode ? [] : names, false)
      let text = before
      for (const [index, { name, endpoint }] of newcomers.entries()) {
        const publicKey = only.publicKey ?? publicKeyIn(keys, name)
        const entries = entriesOf(first + index, endpoint ?? only.endpoint, publicKey, onNode)
        text = need(edit.appendNode(text, name, entries))
        for (const group of groups) text = need(edit.joinGroup(text, group, name))
      }
      const write = (replace: () => void) => {
        writeKeysAnd(home, keys, replace)
        return { keys, newcomers, first }
      }
      return { text, ring: keys.ring, write }
    })
    for (const [index, { name }] of done.newcomers.entries())
      io.stderr.write(`added ${name}, id ${done.first + index}\n`)
    sayNews(
      io,
      done.keys,
      done.newcomers.flatMap(({ name, endpoint }) =>
        (endpoint ?? only.endpoint) === undefined ? [name] : [],
      ),
    )
    io.stderr.write(`${file} has ${counted(nodes, 'node')} now\n`)
    return 0
  },
}

/** Options that say something about one node only. */
const singular = (args: Arguments, named: readonly string[]) => {
  const id = wholeNumber(args, 'id', 1, 16777214)
  const endpoint = one(args, 'endpoint')
  const publicKey = one(args, 'public-key')
  const counted = one(args, 'count') !== undefined
  if (named.length === 0 && !counted)
    throw new UsageError('no node is named', 'write add-node NAME, or --count N')
  const several = named.length > 1 || counted
  if (several && id !== undefined) throw new UsageError('--id is for one node', 'add the nodes one by one')
  if (several && publicKey !== undefined)
    throw new UsageError('--public-key is for one node', 'add the nodes one by one')
  if (named.length > 1 && endpoint !== undefined && endpoint !== 'none')
    throw new UsageError('--endpoint is for one node', 'write NAME=ENDPOINT for each')
  if (endpoint !== undefined && !counted && named.some(name => name.includes('=')))
    throw new UsageError('there are two endpoints', 'write NAME=ENDPOINT or --endpoint ENDPOINT')
  return { id, endpoint: counted ? undefined : endpoint, publicKey }
}

const refuseUnknownGroup = (
  group: string,
  text: string,
  hasSection: (text: string, header: string) => boolean,
): void => {
  if (hasSection(text, `group ${group}`)) return
  const known = [...text.matchAll(/^[^\S\n]*\[\s*group\s+([^\s\]]+)\s*\]/gm)].map(match => match[1] as string)
  throw new UsageError(
    `there is no group "${group}"`,
    known.length > 0 ? didYouMean(group, known) : `write [group ${group}] into mesh.ini first`,
  )
}
