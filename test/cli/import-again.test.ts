import { readdirSync, writeFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { session } from './session.js'

/** How many more calls that change something on the disk succeed before the process is killed. */
const life = { left: Number.POSITIVE_INFINITY }

class Killed extends Error {}

vi.mock('node:fs', async importOriginal => {
  const fs = await importOriginal<typeof import('node:fs')>()
  const changing = [
    'writeFileSync',
    'linkSync',
    'renameSync',
    'unlinkSync',
    'rmSync',
    'mkdirSync',
    'chmodSync',
    'fchmodSync',
  ] as const
  // From the kill on nothing more is done, not even in a finally.
  const mortal =
    (name: string) =>
    (...args: unknown[]) => {
      if (life.left-- <= 0) throw new Killed()
      return (fs as unknown as Record<string, (...args: unknown[]) => unknown>)[name]?.(...args)
    }
  return { ...fs, ...Object.fromEntries(changing.map(name => [name, mortal(name)])) }
})

const { run, path, text } = session()

const conf = (node: number): string => {
  const key = (of: number) => Buffer.alloc(32, of * 8).toString('base64')
  return `[Interface]
PrivateKey = ${key(node)}
ListenPort = 51820
Address = 10.79.0.${node}/16
`
}

it('an import that is killed anywhere can be run again, and ends as one that was not', async () => {
  const files = ['a.conf', 'b.conf', 'c.conf']
  const command = ['import', 'wg', ...files]
  const begin = () => {
    for (const [index, file] of files.entries()) writeFileSync(path(file), conf(index + 1))
  }
  life.left = Number.POSITIVE_INFINITY
  begin()
  const whole = await run(command)
  expect(whole.stdout).not.toBe('')
  const wanted = [text('mesh.ini'), ...readdirSync(path('keys')).map(file => text(`keys/${file}`))]
  const { rmSync } = await vi.importActual<typeof import('node:fs')>('node:fs')
  const clear = () => {
    for (const file of readdirSync(path('.'))) rmSync(path(file), { recursive: true })
  }
  let points = 0
  for (; points < 200; points++) {
    clear()
    life.left = Number.POSITIVE_INFINITY
    begin()
    life.left = points
    const { code } = await run(command)
    const survived = life.left >= 0
    life.left = Number.POSITIVE_INFINITY
    if (survived && code !== 70) break
    // Its holder is dead, which this process is not.
    for (const file of readdirSync(path('.'))) if (file.includes('.lock')) rmSync(path(file), { force: true })
    const again = await run(command)
    expect([points, again.code, again.stdout]).toEqual([points, whole.code, whole.stdout])
    expect([text('mesh.ini'), ...readdirSync(path('keys')).map(file => text(`keys/${file}`))]).toEqual(wanted)
    expect(readdirSync(path('.')).sort()).toEqual([...files, 'keys', 'mesh.ini'])
  }
  expect(points).toBeGreaterThan(15)
})
