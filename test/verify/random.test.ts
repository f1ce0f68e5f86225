import { expect, test } from 'vitest'
import { generate, textOf } from '../../src/index.js'
import { verify } from '../../src/verify/index.js'
import { anyMesh, meshWithNetworks } from '../arbitraries/meshes.js'
import { meshOf } from '../oracles/tree.js'
import { forAll } from '../support/property.js'

test.each([
  ['of any kind', anyMesh],
  ['with tenants and segments', meshWithNetworks],
] as const)('random meshes %s: nothing is found', (_, meshes) => {
  forAll(
    meshes,
    blueprint => {
      const folders = [...generate(meshOf(blueprint))]
        .map(({ node, files }) => ({
          name: node,
          files: files.map(({ path, content }) => ({ file: `${node}/${path}`, text: textOf(content) })),
        }))
        .filter(({ files }) => files.some(({ file }) => file.includes('/etc/')))
      const { findings } = verify(folders)
      expect(findings.map(({ span, message }) => `${span?.file}:${span?.line} ${message}`)).toEqual([])
    },
    40,
  )
})
