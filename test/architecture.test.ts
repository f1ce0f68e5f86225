import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import mustache from 'mustache'
import { describe, expect, test } from 'vitest'
import { targets } from '../src/index.js'

const root = new URL('..', import.meta.url).pathname

interface SourceFile {
  /** From the repository's root: `src/plan/plan.ts`. */
  readonly path: string
  readonly text: string
  /** Without comments, which may speak of anything. */
  readonly code: string
  /** The stage: `plan`, or the file itself at the top of src. */
  readonly folder: string
}

const sourcesIn = (folder: string): SourceFile[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(path => /(?<!\.d)\.[jt]s$/.test(path))
    .sort()
    .map(path => {
      const text = readFileSync(join(root, folder, path), 'utf8')
      const [first = ''] = path.split('/')
      return {
        path: join(folder, path),
        text,
        code: text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, ''),
        folder: first,
      }
    })

const sources = sourcesIn('src')

/** What a file imports: modules of ours as paths, others as package names. */
const importsOf = ({ path, code }: SourceFile): { readonly name: string; readonly ours: boolean }[] =>
  [...code.matchAll(/(?:\bfrom |^import |\bimport\()'([@\w./:-]+)'/gm)].map(([, name = '']) =>
    name.startsWith('.')
      ? { name: normalize(join(dirname(path), name)).replace(/\.js$/, '.ts'), ours: true }
      : { name, ours: false },
  )

const folderOf = (path: string): string => path.split('/')[1] as string

const stages = ['net', 'diagnostics', 'model', 'parse', 'resolve', 'plan', 'render', 'targets']

/** Folder → the folders of ours it may know, besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  // The names of the codes that its values are refused with.
  net: ['diagnostics'],
  diagnostics: [],
  model: ['net', 'diagnostics'],
  parse: ['net', 'diagnostics', 'model'],
  resolve: ['net', 'diagnostics', 'model'],
  plan: ['net', 'model'],
  // Shell alone, which knows nothing of ours.
  apply: [],
  render: ['net', 'diagnostics', 'model', 'apply'],
  targets: ['net', 'model', 'render', 'apply'],
  json: ['net', 'model'],
  impact: ['net', 'model', 'plan', 'render'],
  draw: ['net', 'model'],
  survey: ['net', 'model', 'plan'],
  edit: ['net', 'diagnostics', 'model', 'parse'],
  // Of other tools' files; it knows nothing of meshes.
  readers: ['net', 'diagnostics'],
  // Knows files alone, so that it judges what the stages wrote without asking them.
  verify: ['net', 'diagnostics', 'readers'],
  // What a mesh.ini expects of packets, told to verify as facts about files.
  expect: ['net', 'diagnostics', 'model', 'render', 'verify', 'generate.ts'],
  // What nodes say of themselves, beside what was decided for them.
  fleet: ['net', 'diagnostics', 'model'],
  import: ['net', 'diagnostics', 'model', 'parse', 'resolve', 'edit', 'readers', 'load.ts'],
  files: ['net', 'diagnostics', 'model', 'render', 'generate.ts'],
  cli: [
    ...stages,
    'json',
    'impact',
    'draw',
    'survey',
    'verify',
    'expect',
    'fleet',
    'edit',
    'import',
    'files',
    'load.ts',
    'generate.ts',
    'index.ts',
  ],
  'generate.ts': [...stages, 'json'],
  'load.ts': stages,
  'index.ts': [
    ...stages,
    'json',
    'impact',
    'draw',
    'survey',
    'verify',
    'expect',
    'readers',
    'fleet',
    'edit',
    'import',
    'load.ts',
    'generate.ts',
  ],
  'node.ts': ['files'],
}

/** Package → the only places that may import it, and why there is but one door. */
const doors: Readonly<Record<string, readonly [places: RegExp, why: string]>> = {
  'ip-num': [/^src\/net\//, 'its IPv6 text is not RFC 5952, and its CIDRs keep host bits'],
  tweetnacl: [/^src\/net\//, 'its key pairs are not clamped'],
  ini: [/^src\/parse\//, 'it merges what stands twice, and says no places'],
  zod: [/^src\/parse\//, 'its messages show regular expressions unless given one'],
  mustache: [/^src\/render\/template\.ts$/, 'it turns / into an HTML entity and prints nothing for a typo'],
  'smol-toml': [/^src\/import\//, 'it reads what others wrote, and writes nothing of ours'],
  yaml: [/^src\/readers\/netplan\.ts$/, 'netplan is the only one here that writes YAML by hand'],
  yargs: [/^src\/cli\//, 'it gives NaN, arrays and false where one asks for a word'],
  diff: [/^src\/(cli|files\/review)\//, 'only people read differences'],
  uqr: [/^src\/cli\/output\/qr-code\.ts$/, 'a code on a screen holds a private key'],
  'json-stringify-pretty-compact': [/^src\/cli\//, 'only people read plans line by line'],
}

/** What would make two runs differ; it enters the core as an argument or not at all. */
const nondeterminism: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/\bMath\.random\b|\bgetRandomValues\b|\brandomBytes\b/, 'random'],
  [/\bnew Date\b|\bDate[.(]|\bperformance\b|\bsetTimeout\b/, 'time'],
  [/\bprocess\b(?!-)|\bglobalThis\b/, 'the environment'],
  [/localeCompare|toLocale|\bIntl\b/, "the machine's language"],
]

describe('imports', () => {
  test('every folder is in the table', () => {
    expect(Object.keys(mayImport)).toEqual(expect.arrayContaining(sources.map(({ folder }) => folder)))
  })

  test('each stage knows only those before it', () => {
    const wrong = sources.flatMap(source =>
      importsOf(source)
        .filter(({ ours }) => ours)
        .map(({ name }) => [source, folderOf(name)] as const)
        .filter(([{ folder }, other]) => folder !== other && !mayImport[folder]?.includes(other))
        .map(([{ path, folder }, other]) => `${path}: ${folder} must not know ${other}`),
    )
    expect(wrong).toEqual([])
  })

  test('no file imports itself by way of others', () => {
    const modules = new Map(
      sources.map(source => [
        source.path,
        importsOf(source).flatMap(({ name, ours }) => (ours ? [name] : [])),
      ]),
    )
    const settled = new Set<string>()
    const circlesFrom = (path: string, way: readonly string[]): string[] => {
      if (way.includes(path)) return [[...way.slice(way.indexOf(path)), path].join(' → ')]
      if (settled.has(path)) return []
      const found = (modules.get(path) ?? []).flatMap(next => circlesFrom(next, [...way, path]))
      settled.add(path)
      return found
    }
    expect([...modules.keys()].flatMap(path => circlesFrom(path, []))).toEqual([])
  })

  test('targets never import each other', () => {
    const names = targets.map(({ name }) => name)
    const targetOf = (path: string): string | undefined => /^src\/targets\/([^/]+)\//.exec(path)?.[1]
    const wrong = sources.flatMap(source =>
      importsOf(source)
        .map(({ name }) => targetOf(name))
        .filter(other => other !== undefined && names.includes(other) && targetOf(source.path) !== other)
        .filter(() => targetOf(source.path) !== undefined)
        .map(other => `${source.path} imports the target ${other}`),
    )
    expect(wrong).toEqual([])
  })

  test('one package, one door', () => {
    const wrong = sources.flatMap(source =>
      importsOf(source)
        .filter(({ ours }) => !ours)
        .flatMap(({ name }) => {
          const [places, why] = name.startsWith('node:')
            ? [/^src\/(cli|files)\//, 'the core is pure']
            : (doors[name.replace(/\/.*/, '')] ?? [/^$/, 'it is not in the table'])
          return places.test(source.path) ? [] : [`${source.path} imports ${name}: ${why}`]
        }),
    )
    expect(wrong).toEqual([])
  })

  test('a command loads what it needs when it runs, so that others start quickly', () => {
    const early =
      /^(type |.* from '(\.\.\/(command|arguments)\.js|\.\.\/\.\.\/(diagnostics\/index|net\/name)\.js|node:\w+)')/
    const wrong = sources
      .filter(({ path }) => /^src\/cli\/commands\/(?!index\.ts$)/.test(path))
      .flatMap(({ path, code }) =>
        [...code.matchAll(/^import ([\s\S]*?from '[^']+')/gm)]
          .map(([, what = '']) => what.replace(/\s+/g, ' '))
          .filter(what => !early.test(what))
          .map(what => `${path} imports ${what}`),
      )
    expect(wrong).toEqual([])
  })

  test('every package that users install has its door', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(Object.keys(doors)).toEqual(expect.arrayContaining(Object.keys(dependencies)))
  })

  test('model is types only, but for the few words and rules that every stage shares', () => {
    const allowed = ['devices', 'dialing', 'entries', 'expect', 'members', 'spec'].map(
      name => `src/model/${name}.ts`,
    )
    const wrong = sources.filter(
      ({ folder, path, code }) =>
        folder === 'model' && !allowed.includes(path) && /^export (const|function|class)/m.test(code),
    )
    expect(wrong.map(({ path }) => path)).toEqual([])
  })
})

describe('the core', () => {
  test('is the same on every run: chance, time and surroundings stay in cli and files', () => {
    const wrong = sources
      .filter(({ folder }) => folder !== 'cli' && folder !== 'files')
      .flatMap(({ path, code }) =>
        nondeterminism
          .filter(([pattern]) => pattern.test(code))
          .map(([, what]) => `${path} depends on ${what}`),
      )
    expect(wrong).toEqual([])
  })

  test('keeps nothing from one call to the next: no module has a variable or fills a map of its own', () => {
    const kept = /^(export )?(let|var) |^(export )?const \w+[^=\n]*= new (Weak)?(Map|Set)\b[^(\n]*\(\)/m
    const wrong = sources
      .filter(({ folder }) => folder !== 'cli' && folder !== 'files')
      .filter(({ code }) => kept.test(code))
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  test('names no target: only the defaults do, and the words that mesh.ini has for them', () => {
    // The last reads what the node's program says, and its parts are called as the targets are.
    const allowed = ['src/resolve/defaults.ts', 'src/parse/schema.ts', 'src/fleet/lines.ts']
    const wrong = sources
      .filter(({ path, folder }) => folder !== 'targets' && folder !== 'cli' && !allowed.includes(path))
      .flatMap(({ path, code }) =>
        targets
          .filter(({ name }) => new RegExp(`['"\`]${name}['"\`]`).test(code))
          .map(({ name }) => `${path} names ${name}`),
      )
    expect(wrong).toEqual([])
  })

  test('asks for secrets by name in few places', () => {
    const places = sources.filter(({ code }) => /\.reveal\(\)/.test(code)).map(({ path }) => path)
    const unexpected = places.filter(
      path => !/^src\/(net\/key|files\/keys|(targets|import)\/[^/]+\/[\w-]+)\.ts$/.test(path),
    )
    expect(unexpected).toEqual([])
  })
})

describe('files', () => {
  const product = [...sources, ...sourcesIn('bin'), ...sourcesIn('bench')]
  const all = [...product, ...sourcesIn('test')]
  const lines = ({ text }: SourceFile): number => text.split('\n').length - 1

  test('have at most 300 lines, and half of those in src fewer than 100', () => {
    const long = product.filter(file => lines(file) > 300)
    expect(long.map(file => `${file.path}: ${lines(file)}`)).toEqual([])
    const sizes = sources.map(lines).sort((a, b) => a - b)
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThan(100)
  })

  test('have at most 17 neighbors in src, templates and shell counted; commands have one file each', () => {
    const folders = new Map<string, number>()
    for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true }))
      if (entry.isFile()) folders.set(entry.parentPath, (folders.get(entry.parentPath) ?? 0) + 1)
    const crowded = [...folders].filter(([path, count]) => count > 18 && !path.endsWith('cli/commands'))
    expect(crowded).toEqual([])
  })

  test('have one reason to exist: none is named after having several', () => {
    const vague = /(^|[/-])(utils?|helpers?|commons?|core|managers?|misc|shared|lib)([/.-]|$)/
    expect(all.map(({ path }) => path).filter(path => vague.test(path))).toEqual([])
    const unkempt = all.map(({ path }) => path).filter(path => !/^[a-z0-9/.-]+$/.test(path))
    expect(unkempt).toEqual([])
  })

  test('have no default exports', () => {
    const wrong = sources.filter(({ code }) => /^export default/m.test(code))
    expect(wrong.map(({ path }) => path)).toEqual([])
  })
})

describe('templates', () => {
  const templates = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.mustache'))
    .sort()
    .map(path => ({ path: join('src', path), source: readFileSync(join(root, 'src', path), 'utf8') }))

  test('print nothing unescaped, and take slots only where nothing repeats', () => {
    const wrong: string[] = []
    for (const { path, source } of templates) {
      const walk = (tokens: ReturnType<typeof mustache.parse>, depth: number): void => {
        for (const [type, name, , , inner] of tokens) {
          if (['&', '{', '='].includes(type as string)) wrong.push(`${path} has {{${type}${name}}}`)
          if ((type as string) === '>' && depth > 0) wrong.push(`${path} has the slot ${name} in a section`)
          if (Array.isArray(inner)) walk(inner as never, depth + 1)
        }
      }
      walk(mustache.parse(source), 0)
    }
    expect(templates.length).toBeGreaterThan(0)
    expect(wrong).toEqual([])
  })

  test('begin with the header, name no version and no date', () => {
    for (const { path, source } of templates) {
      const start = source
        .replace(/^\{\{![\s\S]*?\}\}\n/, '')
        .split('\n')
        .slice(0, 2)
        .join('\n')
      expect([path, start]).toEqual([
        path,
        expect.stringMatching(
          /(#|;|<!--) Generated by ciab-gen from mesh\.ini for \{\{(node|name|mesh)\}\}; edit mesh\.ini instead\.|^# (A program|Settings) of ciab-gen's, the same on every node of every mesh\.$/m,
        ),
      ])
      expect(source).not.toMatch(/\{\{\s*(version|date|time)\s*\}\}/)
    }
  })
})

describe('ARCHITECTURE.md', () => {
  const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const sectionOf = (heading: string): string =>
    page.split(/^## /m).find(section => section.startsWith(`${heading}\n`)) ?? ''
  const wordsIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)

  test('has at most 200 lines', () => {
    expect(page.split('\n').length - 1).toBeLessThanOrEqual(200)
  })

  test('says of each folder what it may know', () => {
    const rows = [...sectionOf('Folders').matchAll(/^\| `([^`]+)` \| .* \| (.*)\|$/gm)]
    const told = rows.map(([, folder = '', knows = '']) => [folder, wordsIn(knows).sort()])
    const folders = Object.entries(mayImport).filter(([name]) => !name.endsWith('.ts'))
    const held = folders.map(([folder, knows]) => [folder, [...knows].sort()] as const)
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(held))
  })

  test('shows every target in the picture', () => {
    const picture = /^```text picture\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? ''
    const shown = /targets\/((?: +[a-z][a-z0-9-]*)+)/.exec(picture)?.[1]?.trim().split(/ +/)
    expect(shown?.sort()).toEqual(targets.map(({ name }) => name).sort())
  })

  test('names every folder within the folders, and no other', () => {
    const ofTargets = targets.map(({ name }) => `targets/${name}`)
    const within = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(({ parentPath, name }) => relative(join(root, 'src'), join(parentPath, name)))
      .filter(path => path.includes('/') && !ofTargets.includes(path))
    const told = wordsIn(sectionOf('Folders')).filter(word => /^[a-z]+(?:\/[a-z0-9-]+)+$/.test(word))
    expect(told.sort()).toEqual(within.sort())
  })

  test('defines the invariants that tests hold, and each is held by a test', () => {
    const defined = [...sectionOf('Invariants').matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number))
    expect(defined).toEqual(defined.map((_, index) => index + 1))
    const titles = /\b(?:test|describe)(?:\.\w+)*(?:\([^()]*\))?\(\s*['"`](\d+(?:, \d+)*): /g
    const held = sourcesIn('test').flatMap(({ text }) =>
      [...text.matchAll(titles)].flatMap(([, numbers = '']) => numbers.split(', ').map(Number)),
    )
    expect([...new Set(held)].sort((a, b) => a - b)).toEqual(defined)
  })

  test('names files that there are', () => {
    const paths = wordsIn(sectionOf('Recipes'))
      .filter(word => /^(src|test|fixtures|docs|bench)\//.test(word))
      .map(word => word.replace(/[*<].*$/, ''))
    expect(paths.length).toBeGreaterThan(10)
    expect(paths.filter(path => !existsSync(join(root, path)))).toEqual([])
  })
})
