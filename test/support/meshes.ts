import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readKeys } from '../../src/files/index.js'
import { generate, type NodeTree } from '../../src/generate.js'
import { load } from '../../src/load.js'
import type { Mesh, Secrets } from '../../src/model/mesh.js'
import { textOf } from '../../src/render/chunks.js'

const root = fileURLToPath(new URL('../../fixtures/meshes/', import.meta.url))

/** A mesh of the fixtures: `fixtures/meshes/<name>/`. */
export interface Fixture {
  readonly name: string
  readonly directory: string
  readonly text: string
}

export const fixtures: readonly Fixture[] = readdirSync(root)
  .sort()
  .map(name => {
    const directory = `${root}${name}`
    return { name, directory, text: readFileSync(`${directory}/mesh.ini`, 'utf8') }
  })

/** The fixture's mesh, with its keys or without. */
export const meshOf = (fixture: Fixture, hidden = false): Mesh => {
  const names = [...fixture.text.matchAll(/^\[(?:node|client) (\S+)\]/gm)].map(match => match[1] as string)
  const keys = readKeys(fixture.directory, names)
  const secrets: Secrets | null = hidden ? 'hidden' : keys.ok ? keys.value : null
  const mesh = secrets && load({ file: 'mesh.ini', text: fixture.text }, secrets)
  if (!mesh?.ok) throw new Error(`${fixture.name}: ${JSON.stringify(mesh ?? keys)}`)
  return mesh.value
}

/** Every node's files, all in memory. */
export const treesOf = (mesh: Mesh): NodeTree[] => [...generate(mesh)]

/** Path on a node → text of each file that is the same on every node; one with two texts in the trees is an error. */
export const alikeIn = (trees: readonly NodeTree[]): Map<string, string> => {
  const texts = new Map<string, string>()
  for (const { path, alike, content } of trees.flatMap(({ files }) => files)) {
    if (!alike) continue
    const text = textOf(content)
    if ((texts.get(path) ?? text) !== text) throw new Error(`${path} has two texts`)
    texts.set(path, text)
  }
  return texts
}

export const withoutAlike = (trees: readonly NodeTree[]): NodeTree[] =>
  trees.map(tree => ({ ...tree, files: tree.files.filter(({ alike }) => !alike) }))
