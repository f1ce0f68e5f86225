import type { Diagnostic } from '../../src/diagnostics/index.js'
import { load } from '../../src/load.js'
import type { Mesh, MeshNode, Secrets } from '../../src/model/mesh.js'
import { parse } from '../../src/parse/parse.js'
import { resolve } from '../../src/resolve/resolve.js'
import { targets } from '../../src/targets/index.js'
import { keyRingFor } from './keys.js'

/** A mesh.ini of a few lines: `[mesh]` keys, then a section for each node, `id` and `endpoint` filled in. */
export const meshText = (mesh: readonly string[], ...nodes: readonly (readonly string[])[]): string =>
  [
    '[mesh]',
    ...mesh,
    ...nodes.flatMap((lines, at) => {
      const has = (start: string) => lines.some(line => line.startsWith(start))
      return [
        ...(has('[node') ? [] : [`[node n${at + 1}]`]),
        ...lines,
        ...(has('id') ? [] : [`id = ${at + 1}`]),
        ...(has('endpoint =') || has('endpoint[') ? [] : [`endpoint = 203.0.113.${at + 1}`]),
      ]
    }),
  ].join('\n')

/** Errors and warnings about the text, in order. */
export const diagnosticsAbout = (
  text: string,
  secrets: Secrets = keyRingFor(text),
): readonly Diagnostic[] => {
  const result = load({ file: 'mesh.ini', text }, secrets)
  return result.ok ? result.warnings : result.diagnostics
}

/** Their codes, each with the line of the file that it points at. */
export const codesAbout = (text: string, secrets?: Secrets): string[] =>
  diagnosticsAbout(text, secrets).map(place(text))

const place = (text: string): ((diagnostic: Diagnostic) => string) => {
  const lines = text.split('\n')
  return ({ code, span }) => `${code} ${lines[(span?.line ?? 0) - 1]}`
}

/** What resolve alone says; every node writes its public key. For meshes too large to plan in a test. */
export const codesOfResolve = (text: string): string[] => {
  const spec = parse({ file: 'mesh.ini', text })
  const result = spec.ok ? resolve(spec.value, 'hidden', targets) : spec
  return (result.ok ? result.warnings : result.diagnostics).map(place(text))
}

/** The mesh, which has no errors. */
export const resolved = (text: string, secrets: Secrets = keyRingFor(text)): Mesh => {
  const result = load({ file: 'mesh.ini', text }, secrets)
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'))
  return result.value
}

export const nodeIn = (mesh: Mesh, name: string): MeshNode => {
  const node = mesh.nodes.find(node => node.name === name)
  if (!node) throw new Error(`there is no ${name}`)
  return node
}
