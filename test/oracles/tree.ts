import {
  targets as allTargets,
  type Diagnostic,
  format,
  generate,
  type KeyRing,
  load,
  type Mesh,
  type OutputFile,
  type Target,
  textOf,
} from '../../src/index.js'
import type { Blueprint } from '../arbitraries/blueprint.js'
import { type Arrange, printMesh } from '../arbitraries/print.js'
import { privateKeyFor } from '../support/keys.js'
import { remember } from '../support/remember.js'
import { presharedSeed } from './keys.js'

/** Node → path → text. */
export type Texts = ReadonlyMap<string, ReadonlyMap<string, string>>

/** The mesh of a blueprint; whatever the product finds wrong with it fails the test, drawn. */
export const meshOf = (
  blueprint: Blueprint,
  arrange?: Arrange,
  targets: readonly Target[] = allTargets,
): Mesh => {
  const text = printMesh(blueprint, arrange)
  const loaded = load({ file: 'mesh.ini', text }, blueprint.hidden ? 'hidden' : keyRingOf(blueprint), targets)
  if (!loaded.ok) throw new Error(`a valid mesh was refused:\n${drawn(loaded.diagnostics, text)}\n${text}`)
  return loaded.value
}

const keyRingOf = ({ nodes, behind }: Blueprint): KeyRing => ({
  privateKeys: new Map([
    ...nodes.filter(node => !node.keyOnNode).map(node => [node.name, privateKeyFor(node.keyName)] as const),
    ...(behind?.clients ?? []).map(({ name }) => [name, privateKeyFor(name)] as const),
  ]),
  presharedSeed,
})

/** The codes of what is wrong with a blueprint's mesh; empty where nothing is. */
export const faultsOf = (blueprint: Blueprint): string[] => {
  const text = printMesh(blueprint)
  const loaded = load({ file: 'mesh.ini', text }, blueprint.hidden ? 'hidden' : keyRingOf(blueprint))
  return loaded.ok
    ? []
    : loaded.diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)
}

export const drawn = (diagnostics: readonly Diagnostic[], text: string): string =>
  diagnostics.map(diagnostic => format(diagnostic, { 'mesh.ini': text })).join('\n')

/** Every node's files as they are. */
export const filesOf = (
  blueprint: Blueprint,
  options: { readonly arrange?: Arrange; readonly targets?: readonly Target[] } = {},
): Map<string, readonly OutputFile[]> => {
  const { arrange, targets = allTargets } = options
  const mesh = meshOf(blueprint, arrange, targets)
  return new Map([...generate(mesh, { targets })].map(({ node, files }) => [node, files]))
}

/** Every node's files as text. */
export const treeOf = (blueprint: Blueprint, options: Parameters<typeof filesOf>[1] = {}): Texts =>
  Object.keys(options).length === 0 ? usualTree(blueprint) : treeWith(blueprint, options)

const treeWith = (blueprint: Blueprint, options: Parameters<typeof filesOf>[1]): Texts =>
  new Map(
    [...filesOf(blueprint, options)].map(([node, files]) => [
      node,
      new Map(files.map(file => [file.path, textOf(file.content)])),
    ]),
  )

const usualTree = remember((blueprint: Blueprint) => treeWith(blueprint, {}))

/** One file of one node; absent is a failure. */
export const textAt = (tree: Texts, node: string, path: string): string => {
  const text = tree.get(node)?.get(path)
  if (text === undefined) throw new Error(`${node} has no ${path}`)
  return text
}
