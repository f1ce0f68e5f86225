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
      const mesh = meshOf(blueprint)
      const folders = [...generate(mesh)]
        .map(({ node, files }) => ({
          name: node,
          files: files.map(({ path, content }) => ({ file: `${node}/${path}`, text: textOf(content) })),
        }))
        .filter(({ files }) => files.some(({ file }) => file.includes('/etc/')))
      // What nodes without any way to each other tell of segments may well be lost: "check" warns of them.
      const split = [...mesh.detours.values()].some(row => [...row.values()].includes(null))
      const findings = verify(folders).findings.filter(({ code }) => !split || code !== 'verify-flow')
      expect(findings.map(({ span, message }) => `${span?.file}:${span?.line} ${message}`)).toEqual([])
    },
    40,
  )
})
