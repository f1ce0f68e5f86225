import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readKeys } from '../../src/files/index.js'
import { load } from '../../src/load.js'
import type { Secrets } from '../../src/model/mesh.js'
import { scan } from '../../src/parse/scan.js'
import {
  clientFields,
  groupFields,
  meshFields,
  nodeFields,
  segmentFields,
  targetFields,
  tenantFields,
} from '../../src/parse/schema.js'
import { textOf } from '../../src/render/chunks.js'
import { meshWithNetworks } from '../arbitraries/meshes.js'
import { printMesh } from '../arbitraries/print.js'
import { keyRingFor } from '../support/keys.js'
import { fixtures, treesOf } from '../support/meshes.js'

const fields = {
  mesh: meshFields,
  node: nodeFields,
  client: clientFields,
  group: groupFields,
  segment: segmentFields,
  tenant: tenantFields,
  targets: targetFields,
}

const known = Object.entries(fields).flatMap(([section, keys]) =>
  Object.keys(keys).map(key => `${section} ${key}`),
)

/** Every key that the text writes, by its section, and the lines it stands on. */
const writtenIn = (text: string): Map<string, readonly number[]> => {
  const lines = new Map<string, readonly number[]>()
  for (const { header, entries } of scan(text, 'mesh.ini').sections)
    for (const { key, index } of entries) {
      const name = `${header.split(' ')[0]} ${key.replace(/@.*/, '@SITE')}`
      lines.set(name, [...(lines.get(name) ?? []), index])
    }
  return lines
}

/** Why no generated mesh writes a key: it is held by what is named. */
const notGenerated: Readonly<Record<string, string>> = {
  'mesh next-id': 'test/edit: only add-node reads it',
  'mesh container-runtime': 'the fixture incus',
  'mesh domain': 'test/properties/names',
  'mesh name-servers': 'test/properties/names',
  'node allowed-ips': 'the fixture pinned',
  'node lan': 'test/properties/behind',
  'node exit': 'the fixture clients',
  'node evpn': 'test/plan',
  'node names': 'test/properties/names',
  'node next-public-key': 'test/properties/rotation',
}

describe('the generator of test meshes', () => {
  test('writes every key of [mesh], of nodes and of networks, or it is said what holds the key', () => {
    const texts = fc.sample(meshWithNetworks, { numRuns: 250, seed: 1 }).map(mesh => printMesh(mesh))
    const generated = new Set(texts.flatMap(text => [...writtenIn(text).keys()]))
    // Clients are those of test/properties/behind.
    const asked = known.filter(key => !/^(group|targets|client) /.test(key))
    expect(asked.filter(key => !generated.has(key))).toEqual(known.filter(key => key in notGenerated))
  })
})

/** What becomes of the text: all files, or all that is wrong. */
const outcomeOf = (text: string, secrets: Secrets): string => {
  const mesh = load({ file: 'mesh.ini', text }, secrets)
  if (!mesh.ok) return mesh.diagnostics.map(({ code }) => code).join()
  return treesOf(mesh.value)
    .flatMap(({ node, files }) => files.map(({ path, content }) => `${node} ${path}\n${textOf(content)}`))
    .join('')
}

/** The text with some of its lines empty, so that the others stay where they are. */
const without = (text: string, lines: readonly number[]): string =>
  text
    .split('\n')
    .map((line, index) => (lines.includes(index) ? '' : line))
    .join('\n')

/** Of what the fixtures only say as it is by default: another value, for a mesh of 21 nodes with a segment. */
const others: Readonly<Record<string, string>> = {
  'mesh name': 'other',
  'mesh asn': '65000',
  'mesh reflectors': 'auto',
  'node path-mtu': '1450',
  'node frr': '7.2',
  'node forward': 'eth1',
  'node metadata': 'yes',
  'client keepalive': '10',
  'segment vni': '77',
  'targets firewall': 'none',
  'targets overlay': 'none',
  'targets evpn': 'none',
  'targets containers': 'incus',
  'targets routing': 'none',
}

const large = [
  '[mesh]',
  '[targets]',
  '[segment dmz]',
  'subnet = 10.90.0.0/16 /24',
  'nodes = n1, n2',
  '[client c1]',
  'id = 30',
  ...Array.from({ length: 21 }, (_, at) => `[node n${at + 1}]\nid = ${at + 1}\nendpoint = 5.9.0.${at + 1}`),
].join('\n')

describe('a key of mesh.ini', () => {
  test('means something: without its lines, or with another value, some mesh is another', () => {
    // What a group may say is what a node may, and only add-node asks for the next id.
    const idle = new Set(known.filter(key => !/^group (?!members)/.test(key) && key !== 'mesh next-id'))
    for (const { text, directory } of fixtures) {
      const written = [...writtenIn(text)].filter(([key]) => idle.has(key))
      if (written.length === 0) continue
      const secrets = keysIn(directory, text)
      const outcome = outcomeOf(text, secrets)
      for (const [key, lines] of written)
        if (outcomeOf(without(text, lines), secrets) !== outcome) idle.delete(key)
    }
    expect([...idle]).toEqual(Object.keys(others))
    const secrets = keyRingFor(large)
    const outcome = outcomeOf(large, secrets)
    for (const [name, value] of Object.entries(others)) {
      const [section, key] = name.split(' ') as [string, string]
      const changed = large.replace(new RegExp(`\\[${section}.*\\]`), `$&\n${key} = ${value}`)
      expect([name, outcomeOf(changed, secrets) === outcome]).toEqual([name, false])
    }
  })
})

const keysIn = (directory: string, text: string): Secrets => {
  const keys = readKeys(
    directory,
    [...text.matchAll(/^\[(?:node|client) (\S+)\]/gm)].map(match => match[1] as string),
  )
  if (!keys.ok) throw new Error(JSON.stringify(keys.diagnostics))
  return keys.value
}
