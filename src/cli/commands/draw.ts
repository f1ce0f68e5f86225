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
    const { writeOut } = await import('../output/write-out.js')
    const { loadMesh } = await import('../workspace/loading.js')
    const format = one(args, 'format') ?? 'svg'
    if (format !== 'svg' && format !== 'mermaid')
      throw new UsageError(`--format ${format} is not known`, 'write svg or mermaid')
    writeOut(place, one(args, 'o'), drawn(loadMesh(place, { public: true }).mesh, format))
    return 0
  },
}
