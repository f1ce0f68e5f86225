import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type NodeFolder, verify } from '../../src/verify/index.js'

const meshes = new URL('../../fixtures/meshes/', import.meta.url).pathname

const foldersOf = (mesh: string): NodeFolder[] => {
  const root = `${meshes}${mesh}/expected`
  return readdirSync(root)
    .filter(name => existsSync(`${root}/${name}/etc`))
    .map(name => ({
      name,
      files: readdirSync(`${root}/${name}`, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => `${entry.parentPath}/${entry.name}`)
        .map(path => ({ file: path.slice(root.length + 1), text: readFileSync(path, 'utf8') })),
    }))
}

describe.each(readdirSync(meshes))('%s', mesh => {
  test('nothing is found', () => {
    const { findings, pairs } = verify(foldersOf(mesh))
    expect(findings.map(({ span, message }) => `${span?.file}:${span?.line} ${message}`)).toEqual([])
    expect(pairs.filter(({ passes }) => !passes)).toEqual([])
  })
})
