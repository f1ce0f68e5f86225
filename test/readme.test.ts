import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import { describe, expect, test } from 'vitest'
import { commandNames, commands } from '../src/cli/commands/index.js'
import { load, targets, textOf } from '../src/index.js'
import { keyRingFor } from './support/keys.js'
import { fixtures, meshOf, treesOf } from './support/meshes.js'
import { anchorsOf, type Block, blocksOf, type Page, pageAt, pages, proseOf } from './support/pages.js'

/**
 * What the README and docs/ show is what the product does. Each code block is of a kind below, by its info
 * string; one of no kind fails. What is generated is for docs.test.ts.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const pack = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const example = fixtures.find(({ name }) => name === 'example') as (typeof fixtures)[number]
/** Path below out/ → text, as `gen --public` writes it for the example. */
const written: ReadonlyMap<string, string> = new Map(
  treesOf(meshOf(example, true)).flatMap(({ node, files }) =>
    files.map(({ path, content }) => [`${node}/${path}`, textOf(content)] as const),
  ),
)
const writtenAt = (path: string): string => {
  const text = written.get(path)
  if (text === undefined) throw new Error(`gen does not write ${path}`)
  return text
}
const notes = writtenAt('_mesh/node1.md')
const program = writtenAt('node1/etc/ciab/apply.sh')

/** Where the commands of a page are run, if not beside the example's mesh.ini. */
const places: Readonly<Record<string, (here: string) => void>> = {
  // From nothing.
  'README.md': () => {},
  // A master file of vwgen, and hand-made files for FRR and wg-quick beside it.
  'docs/coming-from.md': here => {
    cpSync(`${root}fixtures/import/vwgen/guide-3-nodes/ciabmesh.conf`, `${here}/ciabmesh.conf`)
    for (const id of [1, 2, 3]) {
      mkdirSync(`${here}/node${id}`)
      const lines = [`hostname node${id}`, 'router bgp 64512', `network 10.20.${id}.0/24`, '']
      writeFileSync(`${here}/node${id}/frr.conf`, lines.join('\n'))
    }
    for (const [id, from] of [
      [1, 'a'],
      [2, 'b'],
    ])
      cpSync(
        `${root}fixtures/import/cases/63-table-off-route-hook/${from}/wg0.conf`,
        `${here}/node${id}/wg0.conf`,
      )
  },
}

const besideTheExample = (here: string): void => {
  cpSync(`${example.directory}/mesh.ini`, `${here}/mesh.ini`)
  cpSync(`${root}fixtures/targets`, `${here}/recipes`, { recursive: true })
  cpSync(`${example.directory}/keys`, `${here}/keys`, { recursive: true })
  for (const key of readdirSync(`${here}/keys`)) chmodSync(`${here}/keys/${key}`, 0o600)
}

const quiet = (command: string): string =>
  command
    .replace(/^ssh root@node\d /, '')
    .replace(/^'(.*)'$/, '$1')
    .replace(/([<>]) /g, '$1')

/** Lines of a shell block that are not run, what they are held against instead, and why. */
const notRun: readonly (readonly [line: RegExp, why: string, check: (line: string) => void])[] = [
  [
    /^npm (ci|run|test)\b/,
    'whoever reads this result ran one, and the other builds what this is run with',
    line => {
      for (const [, script] of line.matchAll(/npm (?:run )?([a-z:]+)/g))
        if (script !== 'ci') expect(pack.scripts).toHaveProperty(script as string)
    },
  ],
  [
    /^apt install /,
    'it changes the machine; its packages are those of the notes',
    line =>
      expect(line.split(' ').slice(2).sort()).toEqual(
        (/^apt-get install (.*)$/m.exec(notes)?.[1] ?? '')
          .split(' ')
          .filter(name => name !== 'lxd')
          .sort(),
      ),
  ],
  [
    /^tar -C out\/node1 /,
    'it needs a node; the lab lays down the same tree, and the notes have the same line',
    line => expect(notes).toContain(`\n${line}\n`),
  ],
  [
    /^sh \/etc\/ciab\/apply\.sh --remove/,
    'it needs a node; the lab and the virtual machines run it',
    line => expect(line).toMatch(/^sh \/etc\/ciab\/apply\.sh --remove( --dry-run)?$/),
  ],
  [
    /^(ssh root@node\d )?'?(sh \/etc\/ciab\/apply\.sh|lxd init) /,
    'it needs a node; the lab and the virtual machines run it, and the notes have the same line',
    line => expect(notes).toContain(`\n${quiet(line)}\n`),
  ],
  [
    /^(ssh root@node\d )?lxc (launch|list|exec|network) /,
    'it needs LXD; the virtual machines run it',
    () => {},
  ],
  [/^sudo (wg-meshup|frr-restart)\.sh$/, 'the scripts are those of the CIAB guide', () => {}],
  [
    /^\(cd out && ls -d /,
    'it needs nodes; test/cli/status.test.ts runs it, and the notes have the same lines',
    line => expect(notes.replaceAll('\\\n', ' ')).toContain(`\n${line}\n`),
  ],
  [
    /^ciab-gen status$/,
    'it needs what the line before collects; test/cli/status.test.ts runs both',
    () => {},
  ],
  [
    /^wg-quick down ciabmesh; |^rm -rf \/etc\/ciab \/etc|^nft delete table inet ciab; |^\(umask 077; wg genkey > \/etc\/wireguard\/ciabmesh\.key\)/,
    'it needs a node; the lab does the same',
    () => {},
  ],
]

/** Lines of a shell block without their comments; `\` at an end joins two. */
const linesOf = ({ body }: Block): string[] =>
  body
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map(line => line.replace(/\s+#\s.*$/, '').trim())
    .filter(line => line !== '')

const isRun = (line: string): boolean => /^(ciab-gen(?! status$)|mkdir|cd) /.test(line)

/** Runs shell lines as a reader types them, `ciab-gen` on the PATH. */
const typed = (page: string, lines: readonly string[]): void => {
  const here = mkdtempSync(join(tmpdir(), 'ciab-readme-'))
  try {
    mkdirSync(`${here}/bin`)
    mkdirSync(`${here}/work`)
    writeFileSync(
      `${here}/bin/ciab-gen`,
      `#!/bin/sh\nexec "${process.execPath}" "${root}bin/ciab-gen.js" "$@"\n`,
      {
        mode: 0o755,
      },
    )
    ;(places[page] ?? besideTheExample)(`${here}/work`)
    const { status, stderr } = spawnSync('sh', ['-eu'], {
      cwd: `${here}/work`,
      encoding: 'utf8',
      input: lines.join('\n'),
      env: { ...process.env, PATH: `${here}/bin:${process.env.PATH}` },
    })
    expect(status, stderr).toBe(0)
  } finally {
    rmSync(here, { recursive: true, force: true })
  }
}

/** A program as Node 20 runs it. */
const withoutTypes = (program: string): string =>
  transpileModule(program, { compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 } })
    .outputText

/** What a block's info string says that it is, how that is seen to, or why it is not. */
const kinds: readonly (readonly [info: RegExp, check: (block: Block) => void])[] = [
  // A file of the repository; docs.test.ts compares it.
  [/^\w+ \S+\/\S+$/, ({ info }) => expect(existsSync(join(root, info[1] as string))).toBe(true)],
  // Sections that one may add to the example's mesh.ini.
  [
    /^ini$/,
    ({ body }) => {
      const text = `${example.text}\n${body}`
      expect(load({ file: 'mesh.ini', text }, keyRingFor(text))).toMatchObject({ ok: true })
    },
  ],
  [
    /^sh$/,
    block => {
      expect(spawnSync('sh', ['-n'], { input: block.body, encoding: 'utf8' }).stderr).toBe('')
      for (const line of linesOf(block).filter(line => !isRun(line))) {
        const known = notRun.find(([pattern]) => pattern.test(line))
        expect(known, `${line}: is it to be run?`).toBeDefined()
        known?.[2](line)
      }
    },
  ],
  // What apply.sh prints; the lab looks at that itself.
  [
    /^json$/,
    ({ body }) =>
      expect(Object.keys(JSON.parse(body))).toEqual([
        ...['version', 'mesh', 'node', 'sound', 'tree', 'applied', 'appliedAt', 'time', 'silent'],
        ...['tunnel', 'peers', 'sessions', 'lines'],
      ]),
  ],
  // What check prints; test/cli/formats.test.ts compares it.
  [/^json check$/, ({ body }) => expect(JSON.parse(body)).toMatchObject({ command: 'check' })],
  // Of pipelines and hooks; test/recipes.test.ts executes their steps.
  [/^(yaml (github|gitlab|pre-commit)|sh hook)$/, () => {}],
  // A program that uses the library as it is published.
  [
    /^ts$/,
    ({ body }) => {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        ['--input-type=module', '-e', withoutTypes(body)],
        {
          cwd: root,
          encoding: 'utf8',
        },
      )
      expect(stderr).toBe('')
      expect(stdout).toMatch(/^node1 etc\/wireguard\/ciabmesh\.conf 600 \d+$/m)
      expect(stdout).toMatch(/^node1 etc\/frr\/frr\.conf 640 \d+$/m)
    },
  ],
  // The same, with what it prints behind `//>`.
  [
    /^ts program$/,
    ({ body }) => {
      const told = [...body.matchAll(/^\/\/> (.*)$/gm)].map(([, line]) => `${line}\n`).join('')
      const { stdout, stderr } = spawnSync(
        process.execPath,
        ['--input-type=module', '-e', withoutTypes(body)],
        {
          cwd: root,
          encoding: 'utf8',
        },
      )
      expect(told).not.toBe('')
      expect([stdout, stderr]).toEqual([told, ''])
    },
  ],
  // Files below out/; a comment follows each, and … stands for others.
  [
    /^text tree$/,
    ({ body }) => {
      const above: string[] = []
      const paths = body.split('\n').flatMap(line => {
        const [, indent = '', name = ''] = /^( *)(\S+)/.exec(line) ?? []
        above.length = indent.length / 2
        above.push(name.replace(/\/?…$/, '').replace(/\/$/, ''))
        return above.length < 2 ? [] : [above.slice(1).join('/')]
      })
      expect(paths.length).toBeGreaterThan(5)
      const present = (path: string) => [...written.keys()].some(file => `${file}/`.startsWith(`${path}/`))
      expect(paths.filter(path => !present(path))).toEqual([])
    },
  ],
  // Drawn by hand for people; what it names is told of, and held to the code, elsewhere on the page.
  [/^text picture$/, () => {}],
]

describe.each(pages)('$path', page => {
  const prose = proseOf(page)

  test('has code blocks of known kinds, and each holds', () => {
    for (const block of blocksOf(page)) {
      const kind = kinds.find(([info]) => info.test(block.info.join(' ')))
      expect(kind, `${page.path}:${block.line} has a block of no kind: ${block.info.join(' ')}`).toBeDefined()
      kind?.[1](block)
    }
  })

  test('has commands that succeed one after the other', () => {
    const lines = blocksOf(page)
      .filter(({ info }) => info.join(' ') === 'sh')
      .flatMap(linesOf)
      .filter(isRun)
    if (lines.length > 0) typed(page.path, lines)
  })

  test('names only commands, options and scripts that there are', () => {
    for (const [, text = ''] of page.text.matchAll(/`ciab-gen ([^`]*)`/g)) {
      const [name = '', ...words] = text.replace(/\[?-[Cf] \S+ ?/g, '').split(' ')
      if (name === 'COMMAND') continue
      expect(commandNames, text).toContain(name)
      const command = commands.find(({ usage }) => usage.split(' ')[0] === name)
      const options = ['-C', '-f', ...Object.entries(command?.options ?? {}).flatMap(namesOf)]
      for (const word of words.filter(word => /^-/.test(word)))
        expect(options, `ciab-gen ${text}`).toContain(word)
    }
    for (const [, option = ''] of page.text.matchAll(/apply\.sh (--[a-z-]+)/g))
      expect(program).toContain(option)
    for (const [, script] of page.text.matchAll(/npm run ([a-z:]+)/g))
      expect(pack.scripts).toHaveProperty(script as string)
  })

  test('links to pages and headings that there are', () => {
    const broken = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter(target => !target.startsWith('https://') && !leads(page, target))
    expect(broken).toEqual([])
  })
})

const namesOf = ([name, { alias }]: [string, { alias?: string | readonly string[] }]): string[] =>
  [name, ...[alias ?? []].flat()].map(word => (word.length === 1 ? `-${word}` : `--${word}`))

const leads = (page: Page, target: string): boolean => {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page.path : join(dirname(page.path), path)
  const aim = pages.find(({ path }) => path === file)
  return anchor === undefined ? existsSync(join(root, file)) : aim !== undefined && anchorsOf(aim).has(anchor)
}

describe('the reference of the library', () => {
  test.each(['src/index.ts', 'src/node.ts'])('%s has programs that print what they say', path => {
    const text = readFileSync(join(root, path), 'utf8').replace(/^ \* ?/gm, '')
    const blocks = blocksOf({ path, text })
    expect(blocks.length).toBe(text.match(/@categoryDescription/g)?.length)
    for (const block of blocks) {
      expect(block.info).toEqual(['ts', 'program'])
      kinds.find(([info]) => info.test('ts program'))?.[1](block)
    }
  })
})

describe('the README', () => {
  const { text } = pageAt('README.md')

  test('has at most 12,000 bytes', () => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(12_000)
  })

  test('shows the example mesh, and a diagnostic as it is drawn', () => {
    expect(text).toContain('```ini fixtures/meshes/example/mesh.ini\n')
    expect(text).toContain('```text fixtures/errors/prefix-host-bits/stderr.txt\n')
  })

  test("has the newcomer's two commands", () => {
    expect(text).toContain('npm ci && npm run demo')
    expect(text).toContain('npm ci && npm test')
  })
})

describe('the pages together', () => {
  test('lead to every page from the README', () => {
    const reached = new Set(['README.md'])
    for (const path of reached)
      for (const [, target = ''] of proseOf(pageAt(path)).matchAll(/\]\(([^)\s#]+\.md)[^)]*\)/g))
        reached.add(join(dirname(path), target))
    expect([...reached].sort()).toEqual(pages.map(({ path }) => path).sort())
  })

  test('name every target', () => {
    const all = pages.map(({ text }) => text).join('\n')
    for (const { name } of targets) expect(all).toContain(`\`${name}\``)
  })
})
