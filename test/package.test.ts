import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundled } from './support/bundled.js'
import { ask } from './support/judge.js'

/**
 * The package as somebody gets it: packed from a clone without anything built, and installed with nothing but the
 * packages that it names, in an empty directory. That takes a registry: without one it is a visible skip, and in CI a
 * failure.
 */
const root = join(import.meta.dirname, '..')
const built = ['node_modules', 'dist', 'out', '.git', 'coverage', 'api']
const place = mkdtempSync(join(tmpdir(), 'ciab-gen-package-'))
const clone = join(place, 'clone')
const home = join(place, 'home')

const inHome = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: home, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

const reachable =
  ask('npm', ['view', 'ini@6', 'name', '--fetch-retries=0', '--fetch-timeout=20000']).status === 0

afterAll(() => rmSync(place, { recursive: true, force: true }))

describe.skipIf(!reachable && !process.env.CI)('the package, installed', () => {
  let packed: string[] = []
  let tarball = ''

  beforeAll(() => {
    cpSync(root, clone, { recursive: true, filter: path => !built.includes(basename(path)) || path === root })
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
    const [{ filename, files }] = JSON.parse(
      // What `prepare` says comes first.
      execFileSync('npm', ['pack', '--json', '--silent'], { cwd: clone, encoding: 'utf8' }).replace(
        /^[^[]*/,
        '',
      ),
    ) as [{ filename: string; files: { path: string }[] }]
    packed = files.map(({ path }) => path)
    tarball = join(clone, filename)
    mkdirSync(home)
    writeFileSync(join(home, 'package.json'), '{ "type": "module", "private": true }\n')
    inHome(
      'npm',
      'install',
      '--omit=dev',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      join(clone, filename),
    )
  }, 300_000)

  test('holds the command, the library with its types, the notices, and no source', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'README.md',
        'CHANGELOG.md',
        'LICENSE',
        'bin/ciab-gen.js',
        'dist/bin/main.cjs',
        'dist/bin/THIRD-PARTY-NOTICES.txt',
        'dist/index.js',
        'dist/one-piece/index.js',
        'dist/one-piece/THIRD-PARTY-NOTICES.txt',
        'dist/index.d.ts',
        'dist/node.js',
        'dist/node.d.ts',
      ]),
    )
    expect(packed.filter(path => /^(src|test|fixtures|bench|node_modules)\//.test(path))).toEqual([])
  })

  // Both are asked for by version and not installed here: attw brings a TypeScript of its own.
  test.each([
    ['publint@0.3.25', ['--strict']],
    // Modules alone, which Node takes by require, too; the resolution of TypeScript before 4.7 knows no exports.
    ['@arethetypeswrong/cli@0.18.5', ['--profile', 'esm-only']],
  ])(
    '%s finds nothing wrong with it',
    (judge, options) => {
      expect(() => inHome('npx', '--yes', judge, tarball, ...options)).not.toThrow()
    },
    180_000,
  )

  test('holds every page that README leads to', () => {
    const pages = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/\]\(([\w/.-]+\.md)/g)].map(
      ([, page]) => page,
    )
    expect(pages.length).toBeGreaterThan(5)
    expect(packed).toEqual(expect.arrayContaining(pages))
  })

  test('brings only what the library imports', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const installed = readdirSync(join(home, 'node_modules')).filter(name => !name.startsWith('.'))
    expect(installed.sort()).toEqual(['ciab-gen', ...Object.keys(dependencies)].sort())
  })

  test('passes on the terms of every package in the bundle', () => {
    const notices = readFileSync(join(home, 'node_modules/ciab-gen/dist/bin/THIRD-PARTY-NOTICES.txt'), 'utf8')
    for (const name of ['yargs', 'diff', 'mustache', 'zod', 'ini', 'tweetnacl', 'smol-toml'])
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\\S*\\n\\n\\S`, 'm'))
  })

  test('the command makes a mesh and its tree', () => {
    const command = join(home, 'node_modules/.bin/ciab-gen')
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(inHome(command, '--version').trim()).toBe(version)
    inHome(command, 'init', '--nodes', 'a=203.0.113.1,b=203.0.113.2')
    inHome(command, 'gen')
    expect(inHome('ls', 'out/a/etc/wireguard').trim()).toBe('ciabmesh.conf')
  })

  test('installed for everybody it has the command and the page of the manual where they are looked for', () => {
    const prefix = join(place, 'global')
    inHome(
      'npm',
      'install',
      '--global',
      '--prefix',
      prefix,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      tarball,
    )
    expect(existsSync(join(prefix, 'bin/ciab-gen'))).toBe(true)
    expect(readFileSync(join(prefix, 'share/man/man1/ciab-gen.1'), 'utf8')).toMatch(/^\.TH CIAB\\-GEN 1/m)
  })

  test('the library is imported by its name', () => {
    writeFileSync(
      join(home, 'program.js'),
      `import { generate, parseAddress } from 'ciab-gen'
       console.log(typeof generate, JSON.stringify(parseAddress('2001:DB8::0:1')))`,
    )
    expect(inHome(process.execPath, 'program.js').trim()).toBe('function {"ok":true,"value":"2001:db8::1"}')
  })

  test('the part that touches the disk is imported by its name, and both by require', () => {
    writeFileSync(
      join(home, 'disk.cjs'),
      `const { load, generate } = require('ciab-gen')
       const { readKeys, readMesh, writeTree } = require('ciab-gen/node')
       const mesh = load(readMesh('.', 'mesh.ini').value, readKeys('.', ['a', 'b']).value)
       console.log(writeTree('out', generate(mesh.value)).value.length)`,
    )
    // Of the tree that the command has written a moment ago nothing differs, but the copy of mesh.ini.
    expect(inHome(process.execPath, '--no-warnings', 'disk.cjs').trim()).toBe('1')
  })

  test.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])(
    'its types are whole, to a strict reader who checks those of packages too: module %s, resolution %s',
    (module, moduleResolution) => {
      writeFileSync(
        join(home, 'typed.ts'),
        `import { type Address, meshOf, type MeshDescription, parseAddress } from 'ciab-gen'
         import { readMesh } from 'ciab-gen/node'
         const parsed = parseAddress('10.0.0.1')
         export const address: Address | null = parsed.ok ? parsed.value : null
         export const description: MeshDescription = {
           mesh: { families: ['ipv4'], port: 51820 },
           nodes: [{ name: 'a', id: 1, endpoint: [{ host: 'a.example', port: 1 }], 'endpoint@home': 'none' }],
         }
         // @ts-expect-error a port is a number
         meshOf({ mesh: { port: '51820' }, nodes: [] })
         // @ts-expect-error there is no such key
         meshOf({ nodes: [{ name: 'a', id: 1, endpiont: 'none' }] })
         // @ts-expect-error there is no such family
         meshOf({ mesh: { families: ['ipv5'] }, nodes: [] })
         export const read = readMesh('.', 'mesh.ini')\n`,
      )
      const compilerOptions = {
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        noEmit: true,
        module,
        moduleResolution,
        target: 'es2023',
        types: [],
      }
      writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }))
      expect(inHome(process.execPath, join(root, 'node_modules/typescript/bin/tsc'))).toBe('')
    },
  )

  test('who bundles one function of it gets that function', async () => {
    const one = await bundled(
      `import { parseAddress } from 'ciab-gen'; console.log(parseAddress('10.0.0.1'))`,
      home,
    )
    const all = await bundled(`import * as all from 'ciab-gen'; console.log(all)`, home)
    expect(one).toBeGreaterThan(0)
    expect(one).toBeLessThan(all / 8)
  })
})
