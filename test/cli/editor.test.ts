import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { attempt, replaceFile } from '../../src/files/index.js'
import { session } from './session.js'

const { run, ok, path, text } = session()

/** What an editor saves at the worst moment: between the reading of mesh.ini and its replacement. */
const saving = () => ({
  randomBytes: (size: number) => {
    writeFileSync(path('mesh.ini'), `${text('mesh.ini')}# saved by an editor\n`)
    return new Uint8Array(size).fill(size)
  },
})

it.each([
  ['add-node b=192.0.2.2'],
  ['rotate-key a'],
  ['rotate-key a --stage'],
  ['set mesh preshared-keys yes'],
])('what an editor saves during %s is not lost, and nothing is left of the command', async line => {
  await ok('init --nodes a=192.0.2.1')
  const before = text('mesh.ini')
  const keys = readdirSync(path('keys'))
  const { code, stderr } = await run(line.split(' '), saving())
  expect(text('mesh.ini')).toMatch(/# saved by an editor\n$/)
  expect(text('mesh.ini').replaceAll('# saved by an editor\n', '')).toBe(before)
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('mesh.ini was changed while this command ran [file-changed]'),
  ])
  expect(stderr).toContain('hint: run the command again: it has changed nothing\n')
  expect(readdirSync(path('.')).sort()).toEqual(['keys', 'mesh.ini'])
  expect(readdirSync(path('keys'))).toEqual(keys)
})

it('a file that is not as it was read is not replaced, though its size and time are the same', () => {
  const file = join(path('.'), 'mesh.ini')
  writeFileSync(file, 'other')
  expect(attempt(() => replaceFile(file, 'new', 'older'))).toMatchObject({
    diagnostics: [{ code: 'file-changed' }],
  })
  expect(text('mesh.ini')).toBe('other')
  expect(readdirSync(path('.'))).toEqual(['mesh.ini'])
})
