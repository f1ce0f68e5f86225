import { expect, test } from 'vitest'
import { withKey, withNextKey } from '../../src/edit/index.js'
import {
  generate,
  type KeyRing,
  load,
  type Mesh,
  type PublicKey,
  publicKeyOf,
  textOf,
} from '../../src/index.js'
import type { Blueprint } from '../arbitraries/blueprint.js'
import { anyMesh } from '../arbitraries/meshes.js'
import { printMesh } from '../arbitraries/print.js'
import { presharedSeed } from '../oracles/keys.js'
import { privateKeyFor } from '../support/keys.js'
import { forAll } from '../support/property.js'

const newKey = privateKeyFor('another key')
const newPublicKey = publicKeyOf(newKey)

const ringOf = ({ nodes }: Blueprint): KeyRing => ({
  privateKeys: new Map(
    nodes.filter(node => !node.keyOnNode).map(node => [node.name, privateKeyFor(node.keyName)]),
  ),
  presharedSeed,
})

const meshOf = (text: string, ring: KeyRing): Mesh => {
  const loaded = load({ file: 'mesh.ini', text }, ring)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics))
  return loaded.value
}

/** Node → path → text. */
const textsOf = (mesh: Mesh): Map<string, Map<string, string>> =>
  new Map(
    [...generate(mesh)].map(({ node, files }) => [
      node,
      new Map(files.map(({ path, content }) => [path, textOf(content)])),
    ]),
  )

const edited = (edit: typeof withKey, text: string, node: string, key: PublicKey): string => {
  const result = edit(text, node, key)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value
}

/** In a file of its own a key stands alone, and in that of moving names before what is looked up. */
const keyLine =
  /^((PublicKey|PrivateKey|PresharedKey) ?= ?| +public: ")?[A-Za-z0-9+/]{43}=("?| \S+ \d+ \S+)$|^(PrivateKey|PresharedKey) = \(hidden\)$/

/** Where moving names are looked up, a key that is staged is as well: the name is the same. */
const lookedUp = (content: string, node: string): string =>
  content +
  content
    .split('\n')
    .flatMap(line => (line.endsWith(` ${node}`) ? [`${newPublicKey}${line.slice(44)}\n`] : []))
    .join('')

test('another key changes the lines that hold keys, and no other line of any file', () => {
  forAll(anyMesh, blueprint => {
    const node = blueprint.nodes.find(node => !node.keyOnNode)
    if (!node) return
    const text = printMesh(blueprint)
    const ring = ringOf(blueprint)
    const after = { ...ring, privateKeys: new Map(ring.privateKeys).set(node.name, newKey) }
    const [old, now] = [
      textsOf(meshOf(text, ring)),
      textsOf(meshOf(edited(withKey, text, node.name, newPublicKey), after)),
    ]
    expect([...now.keys()]).toEqual([...old.keys()])
    for (const [name, files] of now)
      for (const [path, content] of files) {
        const before = old.get(name)?.get(path)?.split('\n') ?? []
        const lines = content.split('\n')
        expect([path, lines.length]).toEqual([path, before.length])
        lines.forEach((line, at) => {
          if (line !== before[at])
            expect([path, line, before[at]]).toEqual([
              path,
              expect.stringMatching(keyLine),
              expect.stringMatching(keyLine),
            ])
        })
      }
  })
})

test('a key that is staged gives each peer what it needs to follow, and else changes only that apply.sh knows', () => {
  forAll(anyMesh, blueprint => {
    const [node] = blueprint.nodes
    if (!node) return
    const text = printMesh(blueprint)
    const ring = ringOf(blueprint)
    const staged = meshOf(edited(withNextKey, text, node.name, newPublicKey), ring)
    const [old, now] = [textsOf(meshOf(text, ring)), textsOf(staged)]
    const id = staged.nodes.find(({ name }) => name === node.name)?.id ?? 0
    for (const other of staged.nodes) {
      const [before, after] = [old.get(other.name), now.get(other.name)]
      const added = [...(after?.keys() ?? [])].filter(path => !before?.has(path)).sort()
      const follows =
        other.id !== id && !staged.detours.get(other.id)?.has(id) && other.targets.tunnel !== 'none'
      for (const [path, content] of before ?? []) {
        const told = follows && path === 'etc/ciab/apply.conf'
        const then = told
          ? content.replace(/\nlink_mtu='\d+'\n/, "$&link_staged='yes'\n")
          : follows && path.endsWith('.names')
            ? lookedUp(content, node.name)
            : content
        expect([path, after?.get(path)]).toEqual([path, then])
        if (told) expect(then).not.toBe(content)
      }
      const next = `etc/ciab/${staged.name}.next`
      expect(added).toEqual(
        follows ? [next, 'etc/ciab/follow-keys.conf', 'etc/ciab/follow-keys.sh'].sort() : [],
      )
      if (follows) expect(after?.get(next)).toContain(`# ${node.name}\nPublicKey = ${newPublicKey}\n`)
    }
  })
})
