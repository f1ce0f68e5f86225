import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  concerns,
  generate,
  type Mesh,
  meshFolder,
  type OutputFile,
  parseLabel,
  planMesh,
  planner,
  renderMesh,
  StanzaCache,
  type Target,
  targets,
  textOf,
} from '../src/index.js'
import { chosenTargets } from '../src/render/chosen.js'
import { abilities } from '../src/targets/abilities.js'
import type { Blueprint } from './arbitraries/blueprint.js'
import { choosing } from './arbitraries/choices.js'
import { anyMesh } from './arbitraries/meshes.js'
import { factsOf, type NodeFacts } from './oracles/facts.js'
import { presharedFor, presharedSeed, privateTextFor } from './oracles/keys.js'
import { faultsOf, meshOf } from './oracles/tree.js'
import { forAll } from './support/property.js'
import { remember } from './support/remember.js'

const runs = 20

/** Of scripts, of systemd's units that run them, and of settings that nothing of mesh.ini is in. */
const alikeHeader =
  /^(#!\/bin\/sh\n)?# (A program|Settings) of ciab-gen's, the same on every node of every mesh\./
const isAlike = (path: string): boolean =>
  /\.sh$|^etc\/systemd\/system\/|^etc\/frr\/daemons$|^etc\/ciab\/[^/]+\.sysctl$/.test(path)

/** One node's files by one target, in a mesh whose nodes all chose it. */
interface Sample {
  readonly blueprint: Blueprint
  readonly mesh: Mesh
  /** Node → files, of the target alone. */
  readonly files: ReadonlyMap<string, readonly OutputFile[]>
}

const sampler = (target: Target): ((mesh: Blueprint) => Sample | 'refused') =>
  remember(mesh => {
    const blueprint = choosing(mesh, target)
    // What the tool has no words for is refused, and so never rendered.
    if (faultsOf(blueprint).length > 0) return 'refused'
    const resolved = meshOf(blueprint)
    return { blueprint, mesh: resolved, files: filesBy(target, resolved) }
  })

const filesBy = (target: Target, mesh: Mesh): Map<string, readonly OutputFile[]> => {
  const planOf = planner(mesh)
  const stanzas = new StanzaCache()
  return new Map(mesh.nodes.map(node => [node.name, target.files(planOf(node), stanzas)]))
}

const textsIn = ({ files }: Sample): [path: string, text: string, file: OutputFile][] =>
  [...files.values()].flatMap(list =>
    list.map((file): [string, string, OutputFile] => [file.path, textOf(file.content), file]),
  )

const plain = (files: readonly OutputFile[]) =>
  files.map(({ path, mode, secret, content }) => ({ path, mode, secret, text: textOf(content) }))

/** What the operator wrote himself stands as it is. */
const withoutHooks = (text: string, nodes: readonly NodeFacts[]): string => {
  const own = new Set(
    nodes.flatMap(({ hooks }) =>
      Object.entries(hooks).flatMap(([key, commands]) => commands.map(command => `${key} = ${command}`)),
    ),
  )
  return text
    .split('\n')
    .filter(line => !own.has(line))
    .join('\n')
}

const checkHygiene = (path: string, text: string): void => {
  expect([path, text.endsWith('\n') && !text.endsWith('\n\n')]).toEqual([path, true])
  expect([path, /[^\n]*[ \t]$/m.exec(text)?.[0]]).toEqual([path, undefined])
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect([path, /[\r\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\ufeff]/.exec(text)?.[0]]).toEqual([
    path,
    undefined,
  ])
  const leftover = /&#|&[a-z]+;|\{\{|\}\}|(?<!\/dev\/)\b(undefined|null|NaN)\b|\[object/
  // The program prints JSON.
  const said = path === 'etc/ciab/apply.sh' ? text.replaceAll('"null"', '') : text
  expect([path, leftover.exec(said)?.[0]]).toEqual([path, undefined])
}

const checkPaths = (files: readonly OutputFile[]): void => {
  const paths = files.map(({ path }) => path)
  for (const path of paths) {
    expect(path).toMatch(/^etc(\/[A-Za-z0-9_+=][A-Za-z0-9_+=.@-]*)+$/)
    expect(path.split('/').every(part => part !== '..' && Buffer.byteLength(part) <= 255)).toBe(true)
  }
  expect(new Set(paths.map(path => path.toLowerCase())).size).toBe(paths.length)
}

for (const target of targets)
  describe(target.name, () => {
    const sample = sampler(target)
    const inMeshes = (check: (sample: Sample) => void) => () =>
      forAll(
        anyMesh,
        blueprint => {
          const found = sample(blueprint)
          if (found !== 'refused') check(found)
        },
        runs,
      )

    test('has a folder of its name, and concerns that there are', () => {
      expect(existsSync(new URL(`../src/targets/${target.name}/index.ts`, import.meta.url))).toBe(true)
      expect(target.concerns.length).toBeGreaterThan(0)
      for (const concern of target.concerns) expect(concerns).toContain(concern)
      expect(targets.filter(({ name }) => name === target.name)).toEqual([target])
    })

    test(
      'is deterministic',
      inMeshes(({ mesh, files }) => {
        for (const [node, again] of filesBy(target, mesh))
          expect(plain(again)).toEqual(plain(files.get(node) ?? []))
      }),
    )

    test(
      'writes the same whether stanzas are shared between nodes or not, and in whatever order',
      inMeshes(({ mesh, files }) => {
        const planOf = planner(mesh)
        const shared = new StanzaCache()
        for (const node of [...mesh.nodes].reverse()) {
          const expected = plain(files.get(node.name) ?? [])
          expect(plain(target.files(planOf(node), shared))).toEqual(expected)
          expect(plain(target.files(planner(mesh)(node), new StanzaCache()))).toEqual(expected)
        }
      }),
    )

    test(
      '37: writes the same whatever other targets there are',
      inMeshes(({ mesh, files }) => {
        const planOf = planner(mesh)
        for (const node of mesh.nodes) {
          const plan = planOf(node)
          const alone = chosenTargets(plan, [target]).flatMap(one => one.files(plan, new StanzaCache()))
          expect(plain(alone)).toEqual(plain(files.get(node.name) ?? []))
        }
      }),
    )

    test(
      '33: writes clean text',
      inMeshes(found => {
        const nodes = factsOf(found.blueprint)
        for (const [path, text] of textsIn(found)) checkHygiene(path, withoutHooks(text, nodes))
      }),
    )

    test(
      '35: writes to safe paths, which differ by more than case',
      inMeshes(({ files }) => {
        for (const list of files.values()) checkPaths(list)
      }),
    )

    test(
      'says in every file where it comes from',
      inMeshes(({ files }) => {
        for (const [node, list] of files)
          for (const { path, content, alike } of list) {
            // Who reads a key file takes all of it for the key.
            if (path.startsWith('etc/ciab/keys/')) continue
            const header = `# Generated by ciab-gen from mesh.ini for ${node}; edit mesh.ini instead.`
            const text = textOf(content)
            const first = text.split('\n').slice(0, 2)
            if (alike) expect([path, text]).toEqual([path, expect.stringMatching(alikeHeader)])
            else expect([path, first]).toEqual([path, expect.arrayContaining([header])])
          }
      }),
    )

    test(
      '34: marks secrets, and shows them to root alone',
      inMeshes(found => {
        const { blueprint } = found
        const secrets = secretsOf(blueprint)
        for (const [path, text, { secret, mode }] of textsIn(found)) {
          const holds = secrets.some(key => text.includes(key))
          if (holds) expect([path, secret]).toEqual([path, true])
          if (secret) expect([path, mode & 0o077]).toEqual([path, 0])
          if (blueprint.hidden) expect(holds).toBe(false)
          expect([0o600, 0o640, 0o644, 0o755]).toContain(mode)
        }
      }),
    )

    test(
      'gives apply.sh variables that a shell can hold',
      inMeshes(({ mesh }) => {
        const planOf = planner(mesh)
        for (const { variables = {} } of mesh.nodes.map(node => target.facts(planOf(node))))
          for (const [name, value] of Object.entries(variables)) {
            expect(name).toMatch(/^[a-z][a-z0-9_]*$/)
            expect(value).toMatch(/^[A-Za-z0-9 .,:/|=+_-]*$/)
          }
      }),
    )
  })

const secretsOf = (blueprint: Blueprint): string[] => {
  const { nodes, mesh } = blueprint
  const keys = nodes.filter(({ keyOnNode }) => !keyOnNode).map(({ keyName }) => privateTextFor(keyName))
  if (!mesh.presharedKeys) return keys
  const publics = factsOf({ ...blueprint, groups: [] }).map(node => node.publicKey)
  const pairs = publics.flatMap((a, at) => publics.slice(at + 1).map(b => presharedFor(presharedSeed, a, b)))
  return [...keys, ...pairs]
}

describe('files about the mesh as a whole', () => {
  /** Rendered alone, for a mesh whose nodes all chose the target. */
  const filesBy = remember(({ target, mesh }: { target: string; mesh: Blueprint }): readonly OutputFile[] => {
    const chosen = targets.find(({ name }) => name === target) as Target
    const blueprint = choosing(mesh, chosen)
    return faultsOf(blueprint).length > 0 ? [] : renderMesh(planMesh(meshOf(blueprint)), targets)
  })
  const writers = targets.filter(({ meshFiles }) => meshFiles !== undefined)

  test('are written by somebody', () => {
    expect(writers.map(({ name }) => name)).toContain('zone')
  })

  test.each(writers)(
    'by $name are safe, clean and free of secrets, and say where they come from',
    ({ name }) =>
      forAll(
        anyMesh,
        mesh => {
          const files = filesBy({ target: name, mesh })
          const paths = files.map(({ path }) => path)
          expect(new Set(paths.map(path => path.toLowerCase())).size).toBe(paths.length)
          for (const path of paths) expect(path).toMatch(/^[a-z]+(\/[A-Za-z0-9_.-]*[A-Za-z0-9_-])+$/)
          const secrets = secretsOf(mesh)
          for (const { path, content, secret, mode } of files) {
            const text = textOf(content)
            checkHygiene(path, text)
            expect([path, secret, mode]).toEqual([path, false, 0o644])
            expect(secrets.filter(key => text.includes(key))).toEqual([])
            expect(text).toMatch(
              /^[#;] Generated by ciab-gen from mesh\.ini for \S+; edit mesh\.ini instead\.\n/,
            )
          }
        },
        runs,
      ),
  )

  test('come last, in a folder that no node can have: notes for each node, and what a node asks for', () =>
    forAll(
      anyMesh,
      mesh => {
        const nodes = factsOf(mesh).map(({ name }) => name)
        expect(parseLabel(meshFolder).ok).toBe(false)
        for (const target of targets) {
          const blueprint = choosing(mesh, target)
          if (faultsOf(blueprint).length > 0) continue
          const trees = [...generate(meshOf(blueprint))]
          expect(trees.map(({ node }) => node)).toEqual([...nodes, meshFolder])
          const paths = trees.at(-1)?.files.map(({ path }) => path) ?? []
          expect(paths.slice(0, nodes.length)).toEqual(nodes.map(name => `${name}.md`))
          expect(paths.length > nodes.length).toBe(target.meshFiles !== undefined)
        }
      },
      5,
    ))
})

describe('all targets together', () => {
  test('are those of which a check knows what they can, in that order', () =>
    expect(abilities.map(({ name, concerns }) => [name, concerns])).toEqual(
      targets.map(({ name, concerns }) => [name, concerns]),
    ))

  const treeOf = remember(
    (blueprint: Blueprint) =>
      new Map([...generate(meshOf(blueprint))].map(({ node, files }) => [node, files])),
  )
  const trees = (check: (tree: ReadonlyMap<string, readonly OutputFile[]>, blueprint: Blueprint) => void) =>
    forAll(
      anyMesh,
      blueprint => {
        check(treeOf(blueprint), blueprint)
      },
      runs,
    )

  test("35, 33: a node's files do not collide, apply.sh included, which is clean as well", () =>
    trees((tree, blueprint) => {
      const nodes = factsOf(blueprint)
      for (const [node, files] of tree) {
        if (node !== meshFolder) checkPaths(files)
        for (const { path, content } of files) checkHygiene(path, withoutHooks(textOf(content), nodes))
      }
    }))

  test('34: a private key occurs in one file of all, once; a preshared one in the two of its pair', () =>
    trees((tree, blueprint) => {
      const texts = [...tree].flatMap(([node, files]) =>
        files.map(({ path, content }) => [`${node} ${path}`, textOf(content)] as const),
      )
      const holders = (key: string): string[] =>
        texts.flatMap(([place, text]) => Array<string>(text.split(key).length - 1).fill(place))
      for (const { name, keyName, keyOnNode, targets } of blueprint.nodes) {
        const shown = !keyOnNode && !blueprint.hidden
        const inFile = targets.tunnel === undefined ? 'etc/wireguard/MESH.conf' : 'etc/ciab/keys/MESH.key'
        const place = `${name} ${inFile.replace('MESH', blueprint.mesh.name)}`
        expect(holders(privateTextFor(keyName))).toEqual(shown ? [place] : [])
      }
      const counts = new Map<string, number>()
      for (const [place, text] of texts)
        for (const [, key = ''] of text.matchAll(
          place.endsWith('.psk') ? /^(.+)$/gm : /^PresharedKey = (.*)$/gm,
        ))
          counts.set(key, (counts.get(key) ?? 0) + 1)
      if (!blueprint.hidden) for (const count of counts.values()) expect(count).toBe(2)
    }))

  test('34: what is printed of a plan holds no secret', () =>
    forAll(
      anyMesh,
      blueprint => {
        const mesh = meshOf(blueprint)
        const printed = JSON.stringify(mesh.nodes.map(planner(mesh)))
        for (const key of secretsOf(blueprint)) expect(printed).not.toContain(key)
      },
      runs,
    ))

  test('32: a subset of the nodes is written as in the whole', () =>
    forAll(
      fc.tuple(anyMesh, fc.nat()),
      ([blueprint, pick]) => {
        const mesh = meshOf(blueprint)
        const name = mesh.nodes[pick % mesh.nodes.length]?.name as string
        const [alone, notes, ...others] = [...generate(mesh, { nodes: [name] })]
        const all = [...generate(mesh)]
        expect(others).toEqual([])
        expect(plain(alone?.files ?? [])).toEqual(plain(all.find(({ node }) => node === name)?.files ?? []))
        const page = all.at(-1)?.files.filter(({ path }) => path === `${name}.md`) ?? []
        expect(notes?.node).toBe(meshFolder)
        expect(page).toHaveLength(1)
        expect(plain(notes?.files ?? [])).toEqual(plain(page))
      },
      runs,
    ))

  test('some files are the same on every node of every mesh: programs, the units that run them, and settings', () => {
    const known = new Map<string, OutputFile>()
    return trees(tree => {
      for (const { path, alike, ...file } of [...tree.values()].flat()) {
        expect([path, alike === true]).toEqual([path, isAlike(path)])
        if (alike) {
          const mode = path.endsWith('.sh') ? 0o755 : path.startsWith('etc/frr/') ? 0o640 : 0o644
          expect(file).toMatchObject({ mode, secret: false })
          expect(textOf(file.content)).toBe(textOf((known.get(path) ?? file).content))
          known.set(path, { path, ...file })
        }
      }
    })
  })

  test('parts of apply.sh use names of their own: no variable belongs to two targets, but for what they share', () =>
    forAll(
      anyMesh,
      blueprint => {
        const mesh = meshOf(blueprint)
        const owners = new Map<string, string>()
        for (const node of mesh.nodes.map(planner(mesh)))
          for (const { name: target, part = [], facts } of targets) {
            // What targets share of the program they share whole; a node has one of them.
            const owner = targets.find(other => other.part?.[0] === part[0])?.name ?? target
            for (const name of Object.keys(facts(node).variables ?? {})) {
              expect([name, owners.get(name) ?? owner]).toEqual([name, owner])
              owners.set(name, owner)
            }
          }
      },
      5,
    ))
})
