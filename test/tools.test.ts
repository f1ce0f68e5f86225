import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
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
  const check = (text: string): Verdict => ask('shellcheck', ['-s', 'sh', '-'], text)
  const variable = /^([a-z_]+)='([^']*)'$/gm
  /** Most scripts differ in nothing but addresses and names, and each takes shellcheck seconds. */
  const alike = (texts: readonly string[]): string[] => {
    const several = new Set(
      texts.flatMap(text => [...text.matchAll(variable)].filter(severalWords).map(nameOf)),
    )
    return texts.map(text =>
      text
        .replace(/^# Generated by .*$/m, '#')
        // All that shellcheck makes of a value is what becomes of it where it stands without quotes.
        .replace(variable, (_, name: string) => `${name}='${several.has(name) ? 'several words' : 'word'}'`),
    )
  }
  const nameOf = ([, name = '']: RegExpMatchArray): string => name
  const severalWords = ([, , value = '']: RegExpMatchArray): boolean => /[\s*?[]/.test(value)

  judged(['sh'], 'sh can parse each', () => {
    for (const script of those(/\.sh$/)) expect(ask('sh', ['-n', script]), script).toEqual(clean)
  })

  judged(['shellcheck'], 'shellcheck has nothing to say', () => {
    const scripts = those(/\.sh$/)
    const texts = alike(scripts.map(script => readFileSync(script, 'utf8')))
    const different = new Map(texts.map((text, at) => [text, scripts[at]]))
    expect(different.size).toBeGreaterThan(15)
    for (const [text, script] of different) expect(check(text).output, script).toBe('')
  })

  judged(
    ['shellcheck'],
    'shellcheck would have something to say of a broken one, whatever else it has seen',
    () => {
      const text = readFileSync(those(/apply\.sh$/)[0] as string, 'utf8')
      const [whole, unclosed, loose] = alike([
        text,
        // Nothing but lines that others have.
        text.replace(/^ {4}esac\n/m, ''),
        text.replace(/^mesh='.*'$/m, "mesh='two words'").replace('"$mesh"', '$mesh'),
      ])
      expect(new Set([whole, unclosed, loose]).size).toBe(3)
      expect(check(unclosed as string).output).toContain('SC1')
      expect(check(loose as string).output).toContain('SC2086')
    },
  )
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
    const values = configs.flatMap(({ config }) => Object.values(config))
    expect(values.length).toBeGreaterThan(100)
    expect(values.filter(value => typeof value !== 'string')).toEqual([])
  })
})
