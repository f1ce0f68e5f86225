import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { run, ok, path, text, snapshot } = session()
const cases = fileURLToPath(new URL('../../fixtures/import/vwgen/', import.meta.url))
const bring = (name: string) => cpSync(`${cases}${name}`, path('old'), { recursive: true })

describe('import vwgen', () => {
  it('writes mesh.ini and keys that only we can read, and the report on standard output', async () => {
    bring('tuned')
    const { code, stdout, stderr } = await run(['import', 'vwgen', 'old/wg-lab.conf'])
    expect([code, stderr]).toEqual([0, expect.stringContaining('wrote mesh.ini and 4 private keys in keys/')])
    expect(stdout).toMatch(/^Stored broken.*\n {2}- host-02: AllowedIPs/)
    for (const node of ['host-01', 'host-02', 'host-03', 'host-04'])
      expect((statSync(path(`keys/${node}.key`)).mode & 0o777).toString(8)).toBe('600')
    expect(await ok('check')).toBe('')
    await ok('gen')
    expect(readdirSync(path('out')).sort()).toContain('host-04')
  })

  it('never writes over a mesh.ini, and leaves no key where it fails', async () => {
    bring('guide-3-nodes')
    await ok('init')
    const before = snapshot()
    expect(await run(['import', 'vwgen', 'old/ciabmesh.conf'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[file-exists]'),
    })
    expect(snapshot()).toEqual(before)
  })

  it('says where a master file is no TOML', async () => {
    writeFileSync(path('x.conf'), '[Node.a]\nListenPort = \n')
    const { code, stderr } = await run(['import', 'vwgen', 'x.conf'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('x.conf:2:')])
    expect(readdirSync(path('.'))).toEqual(['x.conf'])
  })

  it('takes the running files and the frr.conf files along', async () => {
    bring('guide-3-nodes')
    writeFileSync(path('node2.frr'), 'hostname node2\nrouter bgp 64999\n network 10.150.2.0/24\n')
    const wg = readdirSync(path('old/showconf')).flatMap(file => ['--wg', `old/showconf/${file}`])
    const { code } = await run(['import', 'vwgen', 'old/ciabmesh.conf', ...wg, '--frr', 'node2.frr'])
    expect(code).toBe(0)
    expect(text('mesh.ini')).toMatch(/^asn += 64999$/m)
    expect(text('mesh.ini')).toMatch(/^containers += lxdbr0 10\.150\.2\.1\/24$/m)
  })
})

describe('import wg', () => {
  it('makes a mesh of one file for each node', async () => {
    bring('nat-and-hostnames')
    await ok(
      `import wg ${readdirSync(path('old/showconf'))
        .map(file => `old/showconf/${file}`)
        .join(' ')}`,
    )
    expect(await ok('check')).toBe('')
    expect(text('mesh.ini').match(/^\[node /gm)).toHaveLength(6)
    expect(readFileSync(path('keys/node6.key'), 'utf8')).toMatch(/^.{43}=\n$/)
  })
})

describe('import frr', () => {
  it('adds to a mesh.ini that is there', async () => {
    await ok('init --nodes a=203.0.113.1,b=203.0.113.2')
    writeFileSync(path('b.conf'), 'router bgp 64513\nbgp router-id 10.78.0.2\nnetwork 10.150.2.0/24\n')
    const { code, stdout } = await run(['import', 'frr', 'b.conf'])
    expect([code, stdout]).toEqual([0, expect.stringContaining('lxdbr0 10.150.2.1/24')])
    expect(text('mesh.ini')).toMatch(/^asn += 64513 +; /m)
    await ok('gen')
    expect(text('out/b/etc/frr/frr.conf')).toContain('network 10.150.2.0/24')
  })

  it('needs one', async () => {
    writeFileSync(path('b.conf'), 'router bgp 64513\n')
    expect(await run(['import', 'frr', 'b.conf'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[file-missing]'),
    })
  })
})

describe('the command line', () => {
  it.each([
    ['import csv x.conf', 'not something to import'],
    ['import vwgen a.conf b.conf', 'one master file'],
    ['import frr a.conf --wg b.conf', 'as they are'],
    ['import vwgen', 'needs more words'],
  ])('%s', async (line, said) => {
    const { code, stderr } = await run(line.split(' '))
    expect([code, stderr.toLowerCase()]).toEqual([2, expect.stringContaining(said.toLowerCase())])
  })
})
