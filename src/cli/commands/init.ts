import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseMeshName } from '../../net/name.js'
import { on, one, UsageError, word } from '../arguments.js'
import { type Command, toggle, valued } from '../command.js'

/** Writes a new mesh.ini, and the keys of its first nodes. */
export const init: Command = {
  usage: 'init [name]',
  describe: 'write a new mesh.ini',
  about: 'The VNI and the IPv6 prefix are drawn. keys/ gets a private key for each node.',
  positionals: { name: 'the mesh and its WireGuard interface, ciabmesh if not given' },
  options: {
    nodes: valued('first nodes: NAME or NAME=ENDPOINT, with commas between'),
    count: valued('how many nodes to make'),
    format: valued("their names, such as 'node%02d'"),
    endpoint: valued("with --count: where they can be dialled, such as 'node%02d.example.net'"),
    underlay: valued('pools of WireGuard addresses'),
    overlay: valued('pools of addresses on the overlay (VXLAN)'),
    containers: valued("pools of container networks, such as '10.77.0.0/16 /24'"),
    vni: valued('VXLAN network identifier'),
    asn: valued('AS number'),
    port: valued('UDP port of WireGuard'),
    'path-mtu': valued('smallest path MTU between any two nodes'),
    'container-runtime': valued('lxd, incus or none'),
    'preshared-keys': toggle('a preshared key for each pair of nodes'),
  },
  async run(args, place) {
    const { appendNode } = await import('../../edit/index.js')
    const { attempt, createFile, readKeys, whileLocked } = await import('../../files/index.js')
    const { mostDefaultNodes, newMesh } = await import('../newcomers/new-mesh.js')
    const { newcomersOf, words } = await import('../newcomers/newcomers.js')
    const { drawKeys, entriesOf, publicKeyIn, sayNews, writeKeysAnd } = await import(
      '../newcomers/new-keys.js'
    )
    const { counted, Failure, need, report } = await import('../output/report.js')
    const { homeOf } = await import('../workspace/loading.js')
    const { mendKeys, vet } = await import('../workspace/workspace.js')
    const { io, directory, file } = place

    if (one(args, 'endpoint') !== undefined && one(args, 'count') === undefined)
      throw new UsageError('--endpoint is without --count', 'write --nodes NAME=ENDPOINT for each')
    const newcomers = newcomersOf(args, words(args, 'nodes'), 1)
    const containers = one(args, 'containers')
    if (newcomers.length > mostDefaultNodes && containers === undefined)
      throw new UsageError(
        `${newcomers.length} nodes do not fit into the default container pool`,
        "write --containers, such as '10.0.0.0/10 /24' for 16,383 nodes",
      )
    const name = meshName(word(args, 'name') ?? 'ciabmesh')
    const presharedKeys = on(args, 'preshared-keys')
    const wishes = {
      name,
      underlay: one(args, 'underlay'),
      overlay: one(args, 'overlay'),
      containers,
      vni: one(args, 'vni'),
      asn: one(args, 'asn'),
      port: one(args, 'port'),
      'path-mtu': one(args, 'path-mtu'),
      'container-runtime': one(args, 'container-runtime'),
      presharedKeys,
      nodes: newcomers.length,
    }
    const home = homeOf(place)
    const path = resolve(directory, file)
    const make = () => {
      mendKeys(place)
      if (existsSync(path)) {
        const hint = 'change it with add-node and set, or begin another mesh in another directory with -C'
        const diagnostic = {
          severity: 'error',
          code: 'file-exists',
          message: `${file} exists already`,
          span: null,
          hint,
        } as const
        throw new Failure([diagnostic], {})
      }
      const names = newcomers.map(({ name }) => name)
      const keys = drawKeys(io, need(readKeys(home, names)), names, presharedKeys)
      let text = newMesh(wishes, io.randomBytes(8))
      for (const [index, { name, endpoint }] of newcomers.entries())
        text = need(appendNode(text, name, entriesOf(index + 1, endpoint, publicKeyIn(keys, name), false)))
      const { news, sources } = worded(Failure, () => vet(place, text, keys.ring, null))
      writeKeysAnd(home, keys, () => createFile(path, text, 0o644))
      return { keys, news, sources }
    }
    const { keys, news, sources } = need(attempt(() => inDirectory(home, () => whileLocked(path, make))))
    report(io, news, sources)
    io.stderr.write(`wrote ${file}: the mesh ${wishes.name} with ${counted(newcomers.length, 'node')}\n`)
    sayNews(
      io,
      keys,
      newcomers.filter(({ endpoint }) => endpoint === undefined).map(({ name }) => name),
    )
    const next = newcomers.length === 0 ? 'add-node NAME=HOST' : 'gen'
    io.stderr.write(`next: ciab-gen ${next}\n`)
    return 0
  },
}

/** The mesh's name; a node in its place is one that belongs to --nodes. */
const meshName = (text: string): string => {
  const name = parseMeshName(text)
  if (name.ok) return text
  const hint = text.includes('=')
    ? `write --nodes NAME=ENDPOINT,${text}: nodes have commas between them`
    : name.hint
  throw new UsageError(name.message, hint)
}

/** What is wrong with a mesh.ini that is not there yet is wrong with the words that it was to be made of. */
const worded = <T>(Failure: typeof import('../output/report.js').Failure, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const [first] = error.diagnostics
    throw new UsageError(first?.message ?? error.message, first?.hint)
  }
}

/** Runs `work` in a directory that may have to be made first; if nothing comes of it, it goes again. */
const inDirectory = <T>(directory: string, work: () => T): T => {
  if (existsSync(directory)) return work()
  mkdirSync(directory)
  try {
    return work()
  } catch (error) {
    if (readdirSync(directory).length === 0) rmdirSync(directory)
    throw error
  }
}
