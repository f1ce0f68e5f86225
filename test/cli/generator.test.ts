import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { ok, path, run, snapshot, text } = session()
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))

const madeBy = (tree: string): unknown => JSON.parse(text(`${tree}/.ciab-gen.json`)).generator

/** As another version left it, or one that did not say. */
const byAnother = (tree: string, maker: string | null): void =>
  writeFileSync(
    path(tree, '.ciab-gen.json'),
    text(`${tree}/.ciab-gen.json`).replace(
      /^ {2}"generator": .*\n/m,
      maker === null ? '' : `  "generator": "${maker}",\n`,
    ),
  )

describe('the version that made a tree', () => {
  it('is in its manifest, and another one is told of, until a whole tree is written', async () => {
    await ok('init --nodes a=203.0.113.1,b=203.0.113.2')
    for (const tree of ['out', 'review']) {
      const gen = ['gen', '-o', tree, ...(tree === 'review' ? ['--public'] : [])]
      expect((await run(gen)).stderr).not.toContain('was made by')
      expect(madeBy(tree)).toBe(version)
      const before = snapshot(tree)
      expect((await run(gen)).stderr).not.toContain('was made by')
      expect(snapshot(tree)).toEqual(before)
      byAnother(tree, '0.0.9')
      const said = `${tree} was made by ciab-gen 0.0.9, and this is ${version}\n`
      // Nothing else differs, and so it is no drift.
      expect(await run([...gen, '--check'])).toMatchObject({ code: 0, stderr: expect.stringContaining(said) })
      expect((await run([...gen, 'a'])).stderr).toContain(said)
      expect(madeBy(tree)).toBe('0.0.9')
      expect((await run(gen)).stderr).toContain(said)
      expect(madeBy(tree)).toBe(version)
      byAnother(tree, null)
      expect((await run(gen)).stderr).not.toContain('was made by')
      expect(madeBy(tree)).toBe(version)
    }
  })
})
