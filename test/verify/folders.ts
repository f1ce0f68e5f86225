import { textOf } from '../../src/index.js'
import type { NodeFolder } from '../../src/verify/index.js'
import { fixtures, meshOf, treesOf } from '../support/meshes.js'

const known = new Map<string, NodeFolder[]>()

/** The files of a mesh in `fixtures/meshes`, with keys. */
export const foldersOf = (name: string): NodeFolder[] => {
  const found = known.get(name) ?? written(name)
  known.set(name, found)
  return found
}

const written = (name: string): NodeFolder[] => {
  const fixture = fixtures.find(one => one.name === name)
  if (!fixture) throw new Error(`no fixture ${name}`)
  return treesOf(meshOf(fixture)).map(({ node, files }) => ({
    name: node,
    files: files.map(({ path, content }) => ({ file: `${node}/${path}`, text: textOf(content) })),
  }))
}
