import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { run, ok, path, text } = session()
const three = 'init --nodes node1=203.0.113.1,node2=198.51.100.2,node3=none --preshared-keys'

describe('showconf', () => {
  it('prints the file that gen writes, keys and all only when asked', async () => {
    await ok(three)
    await ok('gen')
    const written = text('out/node1/etc/wireguard/ciabmesh.conf')
    expect(await ok('showconf node1 --secrets')).toBe(written)
    const shown = await ok('showconf node1')
    expect(shown).toBe(written.replace(/^(PrivateKey|PresharedKey) = .*$/gm, '$1 = (hidden)'))
    expect(shown).toContain('PresharedKey = (hidden)')
  })

  it.each([
    ['--target wg-quick', 'etc/wireguard/ciabmesh.conf'],
    ['--target wg-quick --file ciabmesh.fdb', 'etc/ciab/ciabmesh.fdb'],
    ['--target frr', 'etc/frr/frr.conf'],
    ['--target frr --file daemons', 'etc/frr/daemons'],
    ['--target guard', 'etc/ciab/ciabmesh.nft'],
    ['--target lxd --file lxd/ciabbr0.yaml', 'etc/ciab/lxd/ciabbr0.yaml'],
    ['--file /etc/ciab/apply.sh', 'etc/ciab/apply.sh'],
  ])('%s prints %s', async (options, file) => {
    await ok(three)
    await ok('gen')
    expect(await ok(`showconf node2 ${options}`)).toBe(
      text(`out/node2/${file}`).replace(/^(PrivateKey|PresharedKey) = .*$/gm, '$1 = (hidden)'),
    )
  })

  it.each([
    ['showconf nod1', 'did you mean "node1"?'],
    ['showconf node1 --target ffr', 'did you mean "frr"?'],
    ['showconf node1 --target incus', 'known are guard'],
    ['showconf node1 --file frr', 'there are etc/ciab/ciabmesh.nft'],
    ['showconf node1 --target frr --file ciabmesh.nft', 'there are etc/frr/'],
  ])('%s is a wrong command line', async (line, hint) => {
    await ok(three)
    expect(await run(line.split(' '))).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(hint),
    })
  })

  it('works for a reviewer, who has no secrets to show', async () => {
    await ok(three)
    rmSync(path('keys'), { recursive: true })
    expect(await ok('showconf node1')).toContain('PrivateKey = (hidden)')
    expect(await run(['showconf', 'node1', '--secrets'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('[key-missing]'),
    })
  })
})
