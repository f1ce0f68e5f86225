import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeTree } from '../src/files/index.js'
import { ask, judged, type Verdict } from './support/judge.js'
import { fixtures, meshOf, treesOf } from './support/meshes.js'

/** The real tools read every file of every fixture as it would lie on a node, keys included. */
const root = mkdtempSync(join(tmpdir(), 'ciab-gen-judges-'))
const files = fixtures.flatMap(fixture => {
  const mesh = meshOf(fixture)
  return treesOf(mesh).flatMap(tree =>
    tree.files.map(({ path }) => ({ mesh: mesh.name, path, at: join(root, fixture.name, tree.node, path) })),
  )
})
const those = (pattern: RegExp): string[] =>
  files.filter(({ path }) => pattern.test(path)).map(({ at }) => at)

beforeAll(() => {
  for (const fixture of fixtures) {
    const written = writeTree(join(root, fixture.name), treesOf(meshOf(fixture)))
    if (!written.ok) throw new Error(JSON.stringify(written.diagnostics))
  }
})
afterAll(() => rmSync(root, { recursive: true }))

const clean: Verdict = { status: 0, output: '' }

describe('wg-quick files', () => {
  const configs = those(/^etc\/wireguard\/.*\.conf$/)
  const stripped = (text: string): string =>
    text.replace(/^(Address|MTU|Table|PreUp|PostUp|PreDown|PostDown) = .*\n/gm, '')
  /**
   * `wg setconf` reads the whole file before it looks for the device; an absent one means "parsed clean"
   * (wg(8)). It also looks names up, which must not depend on a name server here.
   */
  const setconf = (text: string): Verdict =>
    ask(
      'wg',
      ['setconf', 'nosuchdev0', '/dev/stdin'],
      text.replace(/^Endpoint = [a-z].*:/gm, 'Endpoint = 192.0.2.1:'),
    )

  judged(['wg'], 'wg reads them', () => {
    expect(configs.length).toBeGreaterThan(fixtures.length)
    for (const config of [...configs, ...those(/\.next$/)])
      expect(setconf(stripped(readFileSync(config, 'utf8'))).output, config).toContain(
        'Unable to modify interface',
      )
  })

  judged(['wg'], 'wg would not read a broken one', () => {
    const text = stripped(readFileSync(configs[0] as string, 'utf8')).replace(
      'AllowedIPs = ',
      'AllowedIPs = 10.0.0.300/32, ',
    )
    expect(setconf(text).output).toContain('parsing error')
  })

  judged(['wg', 'wg-quick', 'root'], 'wg-quick strip leaves what wg takes', () => {
    for (const config of configs) {
      const verdict = ask('wg-quick', ['strip', config])
      expect(verdict.status, verdict.output).toBe(0)
      expect(setconf(verdict.output).output, config).toContain('Unable to modify interface')
    }
  })

  judged(['bash'], 'bash, which runs the hooks, can parse each', () => {
    const hooks = configs.flatMap(config =>
      [...readFileSync(config, 'utf8').matchAll(/^(?:PreUp|PostUp|PreDown|PostDown) = (.*)$/gm)].map(
        ([, hook]) => hook as string,
      ),
    )
    for (const hook of new Set(hooks))
      expect(ask('bash', ['-n'], hook.replaceAll('%i', 'ciabmesh')), hook).toEqual(clean)
  })
})

describe('frr.conf', () => {
  const configs = those(/frr\.conf$/)
  const read = (file: string): Verdict => ask('vtysh', ['-C', '-f', file])

  judged(['vtysh'], 'vtysh reads them', () => {
    for (const config of configs) expect(read(config), config).toMatchObject({ status: 0 })
  })

  judged(['vtysh'], 'vtysh would not read a broken one', () => {
    const verdict = ask('sh', [
      '-c',
      `sed 's/update-source/update-sauce/' "$1" > "$2" && vtysh -C -f "$2"`,
      '-',
      configs[0] as string,
      join(root, 'broken.conf'),
    ])
    expect(verdict.status).toBe(2)
  })
})

describe('the packet filter', () => {
  const load = (file: string): Verdict => ask('unshare', ['-rn', 'nft', '-c', '-f', file])

  judged(['nft', 'unshare'], 'nft takes every table', () => {
    for (const rules of those(/\.nft$/)) expect(load(rules), rules).toEqual(clean)
  })

  judged(['nft', 'unshare'], 'nft would not take a broken one', () => {
    const rules = those(/\.nft$/)[0] as string
    expect(
      ask('sh', [
        '-c',
        `sed 's/reject with/rejekt with/' "$1" > "$2"; unshare -rn nft -c -f "$2"`,
        '-',
        rules,
        join(root, 'broken.nft'),
      ]).status,
    ).toBe(1)
  })

  judged(['sysctl', 'unshare'], 'the kernel knows every setting', () => {
    const settings = new Set(
      those(/\.sysctl$/).map(file => readFileSync(file, 'utf8').replace(/^#.*\n/gm, '')),
    )
    for (const text of settings)
      expect(ask('unshare', ['-rn', 'sysctl', '-q', '-p', '/dev/stdin'], text).output).toBe('')
  })
})

describe('shell scripts', () => {
  const source = new URL('../src/', import.meta.url).pathname
  const parts = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(path => /\.sh$/.test(path))
  const programs = (): string[] => [...new Set(those(/\.sh$/).map(path => readFileSync(path, 'utf8')))]
  /** The names of all variables that a program's data has, on whatever node. */
  const namesIn = (data: string): string[] => [
    ...new Set(
      those(new RegExp(`${data}$`)).flatMap(file =>
        [...readFileSync(file, 'utf8').matchAll(/^([a-z_]+)='/gm)].map(([, name]) => name as string),
      ),
    ),
  ]
  /** A program with its data in it. What stands without quotes has to do with any value. */
  const whole = (text: string): string =>
    text.replace(/^ *# shellcheck source=.*\n *\. \/(etc\/ciab\/.*)$/m, (_, data: string) =>
      namesIn(data)
        .map(name => `${name}='several words'`)
        .join('\n'),
    )
  const check = (text: string): Verdict => ask('shellcheck', ['-s', 'sh', '-'], text)

  judged(['sh'], 'sh can parse each', () => {
    for (const script of those(/\.sh$/)) expect(ask('sh', ['-n', script]), script).toEqual(clean)
    for (const data of those(/^etc\/ciab\/(apply|guard|follow-keys|follow-names)\.conf$/))
      expect(ask('sh', ['-eu', data]), data).toEqual(clean)
  })

  judged(['shellcheck'], 'shellcheck has nothing to say of the programs, data and all', () => {
    expect(programs()).toHaveLength(6)
    for (const text of programs()) expect(check(whole(text)).output).toBe('')
  })

  judged(['shellcheck'], 'nor of the files that they are made of', () => {
    expect(parts.length).toBeGreaterThan(15)
    // Whether the variables that they give each other are there, only the whole program shows.
    for (const part of parts)
      expect(ask('shellcheck', ['-s', 'sh', '-e', 'SC2034,SC2154', join(source, part)]), part).toEqual(clean)
  })

  judged(['shellcheck'], 'nor of what completes words in bash', () => {
    expect(ask('shellcheck', [join(source, 'cli/completion/ciab-gen.bash'), '-s', 'bash'])).toEqual(clean)
  })

  test('none of them is told to be silent, but of the data that is not at hand', () => {
    for (const part of parts)
      expect(readFileSync(join(source, part), 'utf8'), part).not.toMatch(/shellcheck (?!source=\/dev\/null)/)
  })

  test('the parts of apply.sh define no function twice', () => {
    const names = programs().map(text => [...text.matchAll(/^(\w+)\(\)/gm)].map(([, name]) => name))
    for (const defined of names) expect(defined).toEqual([...new Set(defined)])
    expect(Math.max(...names.map(defined => defined.length))).toBeGreaterThan(100)
  })

  judged(['shellcheck'], 'shellcheck would have something to say of a broken one', () => {
    const text = whole(programs().find(program => program.includes('\nmain "$@"\n')) as string)
    expect(check(text.replace(/^ {4}esac\n/m, '')).output).toContain('SC1')
    expect(check(text.replace('"$mesh"', '$mesh')).output).toContain('SC2086')
    expect(check(text.replace('"$link_mtu"', '"$link_mut"')).output).toContain('SC2154')
    expect(check(text.replace("mesh='", "meshes=''\nmesh='")).output).toContain('SC2034')
  })
})

describe('YAML', () => {
  /** LXD and Incus read YAML 1.1, where `off`, `1:2` and `1_0` are no strings; so does this reader. */
  const reader =
    'import sys, json, yaml\nprint(json.dumps([yaml.safe_load(open(name)) for name in sys.argv[1:]]))'
  interface Config {
    readonly config: Readonly<Record<string, unknown>>
    readonly networks?: readonly Config[]
  }

  judged(['python3'], 'a reader of YAML 1.1 finds only strings in every config', () => {
    const names = those(/^etc\/ciab\/(lxd|incus)\/.*\.yaml$/)
    const verdict = ask('python3', ['-c', reader, ...names])
    expect(verdict.status, verdict.output).toBe(0)
    const documents: Config[] = JSON.parse(verdict.output)
    expect(documents.length).toBe(names.length)
    const configs = documents.flatMap(document => [document, ...(document.networks ?? [])])
    const values = configs.flatMap(({ config = {} }) => Object.values(config))
    expect(values.length).toBeGreaterThan(100)
    expect(values.filter(value => typeof value !== 'string')).toEqual([])
  })
})
