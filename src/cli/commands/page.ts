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
    const { writeOut } = await import('../output/write-out.js')
    const { pageOf } = await import('../page/html.js')
    const { programParts } = await import('../page/parts.js')
    const { loadMesh } = await import('../workspace/loading.js')
    const { text: mesh } = loadMesh(place, { public: true })
    writeOut(place, one(args, 'o'), pageOf({ ...programParts(), mesh }))
    return 0
  },
}
