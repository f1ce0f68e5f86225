import { basename, dirname, resolve } from 'node:path'
import { one } from '../arguments.js'
import { type Command, valued } from '../command.js'

/** Makes a page of the mesh, to look at. */
export const page: Command = {
  usage: 'page',
  describe: 'make one HTML file of the mesh: picture, nodes, who reaches whom, paths, changes, editor',
  about:
    'It needs no server and no network, and has what mesh.ini has, with its comments; no key that is private. Whoever has the file can look at everything in it.',
  positionals: {},
  options: { o: valued('write the page into this file; to standard output if not given', 'output') },
  async run(args, place) {
    const { writeBeside } = await import('../../files/index.js')
    const { chunk } = await import('../../render/chunks.js')
    const { need } = await import('../output/report.js')
    const { pageOf } = await import('../page/html.js')
    const { programParts } = await import('../page/parts.js')
    const { loadMesh } = await import('../workspace/workspace.js')
    const { io, directory } = place
    const out = one(args, 'o')
    const html = pageOf({ ...programParts(), mesh: loadMesh(place, { public: true }).text })
    if (out === undefined) {
      io.stdout.write(html)
      return 0
    }
    const path = resolve(directory, out)
    const file = { path: basename(path), mode: 0o644, secret: false, content: [chunk(html)] }
    const [change] = need(writeBeside(dirname(path), [file]))
    if (change) io.stdout.write(`${change.kind} ${out}\n`)
    else io.stderr.write(`${out}: nothing to change\n`)
    return 0
  },
}
