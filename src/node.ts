/**
 * What touches the disk: a mesh.ini and its keys are read, and a directory is brought in line with the trees.
 *
 * @categoryDescription On disk
 * What cannot be read or written is a diagnostic, as in all of the library.
 * ```ts program
 * import { readMesh } from 'ciab-gen/node'
 * const read = readMesh('fixtures', 'mesh.ini')
 * console.log(read.ok || read.diagnostics[0].code)
 * //> file-missing
 * ```
 *
 * @module ciab-gen/node
 */
export {
  type Change,
  compareTree,
  type Difference,
  type Found,
  keyFileOf,
  listTree,
  type Manifest,
  OutputDirectory,
  readKeys,
  readMesh,
  type TreeKind,
  type TreeOptions,
  writeTree,
} from './files/index.js'
