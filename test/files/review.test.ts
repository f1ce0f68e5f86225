import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compareTree, writeTree } from '../../src/files/index.js'
import { meshFolder, type NodeTree } from '../../src/generate.js'
import { chunk } from '../../src/render/chunks.js'
import type { OutputFile } from '../../src/render/target.js'

let base: string
let out: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'ciab-review-'))
  out = join(base, 'review')
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const file = (path: string, text: string): OutputFile => ({
  path,
  mode: 0o644,
  secret: false,
  content: [chunk(text)],
})
const program = (path: string, text = `# ${path}\n`): OutputFile => ({
  ...file(path, text),
  mode: 0o755,
  alike: true,
})

const node = (name: string, ...programs: OutputFile[]): NodeTree => ({
  node: name,
  files: [file('etc/ciab/apply.conf', `node='${name}'\n`), ...programs],
})
const notes: NodeTree = { node: meshFolder, files: [file('a.md', 'notes\n')] }

const apply = program('etc/ciab/apply.sh')
const guard = program('etc/ciab/guard.sh')

const review = { public: true }
const done = (result: ReturnType<typeof writeTree>): string[] => {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value.map(({ path, kind }) => `${kind} ${path}`)
}

describe('a tree for review', () => {
  it("has each program once, in the mesh's folder, and the nodes' own files with the nodes", () => {
    expect(done(writeTree(out, [node('a', apply, guard), node('b', apply), notes], review))).toEqual([
      'created a/etc/ciab/apply.conf',
      'created b/etc/ciab/apply.conf',
      'created _mesh/a.md',
      'created _mesh/every-node/etc/ciab/apply.sh',
      'created _mesh/every-node/etc/ciab/guard.sh',
    ])
    const path = join(out, '_mesh/every-node/etc/ciab/apply.sh')
    expect(readFileSync(path, 'utf8')).toBe('# etc/ciab/apply.sh\n')
    expect(statSync(path).mode & 0o777).toBe(0o755)
    expect(done(compareTree(out, [node('a', apply, guard), node('b', apply), notes], review))).toEqual([])
  })

  it('has them also where nothing else belongs to the mesh', () => {
    expect(done(writeTree(out, [node('a', apply)], review))).toContain(
      'created _mesh/every-node/etc/ciab/apply.sh',
    )
  })

  it('of a mesh without programs has no folder for them', () => {
    done(writeTree(out, [node('a'), notes], review))
    expect(readdirSync(join(out, '_mesh'))).toEqual(['a.md'])
  })

  it('loses a program that no node has any more, and one that is called otherwise now', () => {
    done(writeTree(out, [node('a', apply, guard), notes], review))
    const renamed = program('etc/ciab/wall.sh')
    expect(done(writeTree(out, [node('a', apply, renamed), notes], review))).toEqual([
      'created _mesh/every-node/etc/ciab/wall.sh',
      'removed _mesh/every-node/etc/ciab/guard.sh',
    ])
    expect(done(writeTree(out, [node('a'), notes], review))).toEqual([
      'removed _mesh/every-node/etc/ciab/apply.sh',
      'removed _mesh/every-node/etc/ciab/wall.sh',
    ])
    expect(readdirSync(join(out, '_mesh'))).toEqual(['a.md'])
  })

  it('that had a copy on every node loses those', () => {
    const { alike: _, ...copy } = apply
    done(writeTree(out, [node('a', copy), node('b', copy), notes], review))
    expect(done(writeTree(out, [node('a', apply), node('b', apply), notes], review))).toEqual([
      'created _mesh/every-node/etc/ciab/apply.sh',
      'removed a/etc/ciab/apply.sh',
      'removed b/etc/ciab/apply.sh',
    ])
  })

  const pages = (...texts: [name: string, text: string][]): NodeTree => ({
    node: meshFolder,
    files: texts.map(([name, text]) => file(`${name}.md`, text)),
  })
  const page = (name: string, flag = '', more = ''): [string, string] => [
    name,
    `# ${name}\n\nLog in:\n\n\`\`\`sh\nssh root@${name}${flag}\n\`\`\`\n${more}`,
  ]
  const notesIn = (name: string): string => readFileSync(join(out, `_mesh/${name}.md`), 'utf8')

  it('has notes once, those of most nodes, and says of each in what its own differ', () => {
    const trees = [...['a', 'b', 'c'].map(name => node(name)), pages(page('a', ' -v'), page('b'), page('c'))]
    done(writeTree(out, trees, review))
    expect(notesIn('_every-node')).toBe(page('THIS-NODE')[1])
    const said = (name: string): string => `${notesIn(name)}`.split('\n').slice(1).join('\n')
    expect(said('b')).toBe("What [every node's notes](_every-node.md) say of THIS-NODE is so of b.\n")
    expect(said('c')).toBe(said('b').replace('of b', 'of c'))
    expect(said('a')).toBe(
      [
        "What [every node's notes](_every-node.md) say of THIS-NODE is so of a, but for:\n",
        '````diff\n Log in:\n\n ```sh\n-ssh root@a\n+ssh root@a -v\n````\n',
      ].join('\n'),
    )
    expect(done(writeTree(out, [node('b'), pages(page('b'))], { ...review, only: ['b'] }))).toEqual([])
    expect(done(compareTree(out, trees, review))).toEqual([])
  })

  it('changes the notes of the nodes that change, and of no other', () => {
    const trees = (...texts: [string, string][]) => [...texts.map(([name]) => node(name)), pages(...texts)]
    done(writeTree(out, trees(page('a'), page('b'), page('c'), page('d')), review))
    const changed = ['changed _mesh/a.md']
    const later = [page('a', ' -v'), page('b'), page('c'), page('d')] as const
    expect(done(writeTree(out, trees(...later), review))).toEqual(changed)
    const third = trees(later[0], page('b', ' -q'), later[2], later[3])
    expect(done(writeTree(out, third, review))).toEqual(['changed _mesh/b.md'])
    const more = trees(page('a'), page('b'), page('c', '', '\nThen out.\n'), page('d'))
    done(writeTree(out, more, review))
    expect(notesIn('c')).toMatch(/\n````diff\n ssh root@c\n ```\n\n\+Then out\.\n\+\n````\n$/)
  })

  it('has notes that are like no others as they are', () => {
    const strange = Array.from({ length: 9 }, (_, line) => `${line}\n`).join('')
    done(
      writeTree(out, [node('a'), node('b'), node('c'), pages(page('a'), page('b'), ['c', strange])], review),
    )
    expect(notesIn('c')).toBe(strange)
    done(writeTree(out, [node('a'), node('c'), pages(page('a'), ['c', strange])], review))
    expect([notesIn('a'), notesIn('c')]).toEqual([page('a')[1], strange])
    expect(readdirSync(join(out, '_mesh'))).toEqual(['a.md', 'c.md'])
  })

  it('keeps the programs of other nodes when only some are generated', () => {
    done(writeTree(out, [node('a', apply), node('b', guard), notes], review))
    expect(done(writeTree(out, [node('a', apply), notes], { ...review, only: ['a'] }))).toEqual([])
  })

  it('of a mesh whose nodes have different files of that kind at one path is a bug of ours', () => {
    const other = program('etc/ciab/apply.sh', '# another\n')
    const write = (...files: OutputFile[]) =>
      writeTree(
        out,
        files.map((one, index) => node(`n${index}`, one)),
        review,
      )
    expect(() => write(apply, other)).toThrow('two nodes have different files at etc/ciab/apply.sh')
    expect(() => write(apply, { ...apply, mode: 0o644 })).toThrow('different files')
    expect(() => write({ ...apply, secret: true })).toThrow('is not the same everywhere')
    // The same bytes in other pieces are the same program.
    const pieces = { ...apply, content: [chunk('# etc/ciab'), chunk('/apply.sh\n')] }
    expect(write(apply, pieces).ok).toBe(true)
  })
})

it('a tree with secrets is complete for each node', () => {
  expect(done(writeTree(out, [node('a', apply), node('b', apply), notes]))).toEqual([
    'created a/etc/ciab/apply.conf',
    'created a/etc/ciab/apply.sh',
    'created a/etc/ciab/tree.sha256',
    'created b/etc/ciab/apply.conf',
    'created b/etc/ciab/apply.sh',
    'created b/etc/ciab/tree.sha256',
    'created _mesh/a.md',
  ])
})
