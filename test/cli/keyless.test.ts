import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { run, ok, text, path, snapshot } = session()
const publicKey = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg='

/** A mesh with preshared keys as a reviewer's clone has it: all but keys/. */
const clone = async () => {
  await ok('init --nodes a=203.0.113.1,b=203.0.113.2,c=203.0.113.3')
  await ok('set mesh preshared-keys yes')
  renameSync(path('keys'), path('elsewhere'))
}

describe('a clone without keys/', () => {
  it('is checked, shown, reviewed and edited, and gets no keys', async () => {
    await clone()
    await ok('check')
    await ok('show')
    await ok('set node a listen-port 51999')
    await ok(`add-node d --endpoint 203.0.113.4 --public-key ${publicKey}`)
    await ok('rename-node b web')
    await ok('exclude add a c')
    await ok('remove-node c')
    await ok('gen --public')
    expect(text('out/a/etc/wireguard/ciabmesh.conf')).toContain('(hidden)')
    expect(existsSync(path('keys'))).toBe(false)
  })

  it('still makes its trees where the keys are', async () => {
    await clone()
    await ok('set node a listen-port 51999')
    renameSync(path('elsewhere'), path('keys'))
    await ok('gen')
    expect(text('out/b/etc/wireguard/ciabmesh.conf')).toContain('203.0.113.1:51999')
  })

  it.each(['gen', 'add-node d', 'rotate-key a', 'rotate-psk', 'set mesh session-password yes'])(
    '%s is refused with one error, and changes nothing',
    async line => {
      await clone()
      const before = snapshot()
      const { code, stdout, stderr } = await run(line.split(' '))
      expect([code, stdout, stderr.match(/error:/g)]).toEqual([1, '', ['error:']])
      expect(stderr).toMatch(
        /^error: none of the private keys of this mesh is in keys\/ \[key-missing\]\nhint: /,
      )
      expect(snapshot()).toEqual(before)
    },
  )

  it('is no clone where one key is here: the others are missed by name', async () => {
    await clone()
    mkdirSync(path('keys'), { mode: 0o700 })
    writeFileSync(path('keys/a.key'), text('elsewhere/a.key'), { mode: 0o600 })
    const { code, stderr } = await run(['check'])
    expect([code, stderr.match(/there is no keys\/\w\.key/g)]).toEqual([
      1,
      ['there is no keys/b.key', 'there is no keys/c.key'],
    ])
  })

  it('is no clone where every node keeps its key itself', async () => {
    await ok('init')
    await ok(`add-node a --endpoint 203.0.113.1 --public-key ${publicKey}`)
    rmSync(path('keys'), { recursive: true, force: true })
    await ok('add-node b --endpoint 203.0.113.2')
    expect(existsSync(path('keys/b.key'))).toBe(true)
  })
})
