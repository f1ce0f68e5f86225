import { basename, dirname, resolve } from 'node:path'
import { one, UsageError } from '../arguments.js'
import { type Command, valued } from '../command.js'

/** Draws the mesh. */
export const draw: Command = {
  usage: 'draw',
  describe: 'draw the mesh: sites, who dials whom, relays, reflectors, clients, tenants, segments',
  about:
    'A mesh of more than 40 nodes is drawn by its sites. The picture has public facts alone, and the same mesh gives the same bytes.',
  positionals: {},
  options: {
    o: valued('write the picture into this file; to standard output if not given', 'output'),
    format: valued('svg, a picture; or mermaid, a text that review pages draw; svg if not given'),
  },
  async run(args, place) {
    const { draw: drawn } = await import('../../draw/index.js')
    const { writeBeside } = await import('../../files/index.js')
    const { chunk } = await import('../../render/chunks.js')
    const { need } = await import('../output/report.js')
    const { loadMesh } = await import('../workspace/workspace.js')
    const { io, directory } = place
    const format = one(args, 'format') ?? 'svg'
    if (format !== 'svg' && format !== 'mermaid')
      throw new UsageError(`--format ${format} is not known`, 'write svg or mermaid')
    const out = one(args, 'o')
    const text = drawn(loadMesh(place, { public: true }).mesh, format)
    if (out === undefined) {
      io.stdout.write(text)
      return 0
    }
    const path = resolve(directory, out)
    const file = { path: basename(path), mode: 0o644, secret: false, content: [chunk(text)] }
    const [change] = need(writeBeside(dirname(path), [file]))
    if (change) io.stdout.write(`${change.kind} ${out}\n`)
    else io.stderr.write(`${out}: nothing to change\n`)
    return 0
  },
}
