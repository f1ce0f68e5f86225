import { expect, test } from 'vitest'
import { generate, type Mesh, meshFromJson, meshToJson, textOf, withoutSecrets } from '../../src/index.js'
import { anyMesh, meshWithNetworks } from '../arbitraries/meshes.js'
import { privateTextFor } from '../oracles/keys.js'
import { meshOf } from '../oracles/tree.js'
import { forAll } from '../support/property.js'

const treeOf = (mesh: Mesh): unknown =>
  [...generate(mesh)].map(({ node, files }) => [
    node,
    files.map(({ path, mode, content }) => [path, mode, textOf(content)]),
  ])

for (const [what, meshes] of [
  ['mesh', anyMesh],
  ['mesh with networks', meshWithNetworks],
] as const)
  test(`34: a ${what} as JSON is the mesh with its secrets hidden, and no more`, () => {
    forAll(
      meshes,
      blueprint => {
        const mesh = meshOf(blueprint)
        const text = meshToJson(mesh)
        expect(() => JSON.parse(text)).not.toThrow()
        const read = meshFromJson(text) as Mesh
        expect(read).toEqual(withoutSecrets(mesh))
        expect(meshToJson(read)).toBe(text)
        expect(treeOf(read)).toEqual(treeOf(withoutSecrets(mesh)))
        for (const { keyName } of blueprint.nodes) expect(text).not.toContain(privateTextFor(keyName))
      },
      6,
    )
  })

test('what was changed, cut or is something else is no mesh', () => {
  forAll(
    anyMesh,
    blueprint => {
      const text = meshToJson(meshOf(blueprint))
      const other = text.replace(/"id":(\d+)/, (_, id) => `"id":${Number(id) + 1}`)
      for (const wrong of [other, text.slice(0, -3), text.replace('mesh 2', 'mesh 1'), '', '{}', 'null'])
        expect(meshFromJson(wrong)).toBeNull()
    },
    10,
  )
})
