import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { ok, path, run } = session()

/** node3 and node4 are behind NAT, and meet through node1. */
const four = async (lines: string): Promise<void> => {
  await ok('init ciabmesh --nodes node1=203.0.113.1,node2=198.51.100.2,node3,node4')
  const old = readFileSync(path('mesh.ini'), 'utf8')
  writeFileSync(path('mesh.ini'), `${old}\n[expect]\n${lines}\n`)
}

describe('[expect]', () => {
  it('is held against what would be written: nothing is, where it does not hold', async () => {
    await four('isolate = node node1 -> node node2')
    const checked = await run(['check'])
    expect(checked.code).toBe(1)
    expect(checked.stderr).toMatch(
      /^mesh\.ini:\d+:11: error: node node1 reaches node node2, and should not: 10\.77\.1\.50 .* \[expect-failed\]$/m,
    )
    // The place in the files, with its line.
    expect(checked.stderr).toMatch(
      /^node2\/etc\/ciab\/ciabmesh\.nft:\d+:1: node2 lets it through here\n\n +\d+ \| /m,
    )
    expect((await run(['gen'])).code).toBe(1)
    expect((await run(['gen', '--check'])).stderr).toContain('[expect-failed]')
    expect(existsSync(path('out'))).toBe(false)
    await ok('set expect isolate --unset')
    expect(await run(['set', 'expect', 'reach', 'node node1 -> node node2'])).toMatchObject({ code: 0 })
    expect(readFileSync(path('mesh.ini'), 'utf8')).toMatch(/\[expect\]\nreach = node node1 -> node node2\n/)
    await ok('gen')
  })

  it('says what lets a client into a tenant, which then holds', async () => {
    await four(
      'reach = client phone -> tenant blue\n\n[tenant blue]\nnodes = node1, node2\ncontainers = 10.91.0.0/16 /24',
    )
    await ok('add-client phone --via node1')
    const { code, stderr } = await run(['check'])
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('\nhint: write reach = blue in [client phone], or delete the line\n'),
    ])
    await ok('set client phone reach blue')
    await ok('check')
    await ok('gen')
    for (const line of [
      'verify --path node1 phone',
      'verify --without phone',
      'diff phone',
      'exclude add node1 phone',
      'set node phone site home',
    ])
      expect(await run(line.split(' '))).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(
          'there is no node "phone" [command-line]\nhint: phone is a client: show phone tells of it',
        ),
      })
  })

  it('is held against files that are there, with the mesh.ini of the place, or else the one of the tree', async () => {
    await four('reach = node node1 -> node node2\nsurvive = node node2')
    await ok('gen')
    expect(await ok('verify')).toMatch(/^2 of 2 expectations hold$/m)
    const list = 'ip prefix-list from-node2 seq 5 permit 10.77.2.0/24'
    const frr = path('out/node1/etc/frr/frr.conf')
    writeFileSync(frr, readFileSync(frr, 'utf8').replace(list, list.replace('77.2', '9.2')))
    const failed = await run(['verify', '--format', 'json'])
    const { diagnostics, drift, mesh } = JSON.parse(failed.stdout)
    expect([failed.code, mesh, drift]).toEqual([1, 'mesh.ini', 2])
    const said = (from: readonly { code: string; message: string }[], code: string) =>
      from.filter(one => one.code === code).map(({ message }) => message)
    expect(said(diagnostics, 'expect-failed')).toEqual([
      expect.stringMatching(/^node node1 does not reach node node2: /),
    ])
    expect(said(diagnostics, 'verify-drift').sort()).toEqual([
      "node1's list from-node2 admits 10.9.2.0/24 too",
      "node1's list from-node2 does not admit 10.77.2.0/24",
    ])
    rmSync(path('mesh.ini'))
    const alone = JSON.parse((await run(['verify', '--format', 'json'])).stdout)
    expect([alone.mesh, alone.drift]).toEqual(['out/_mesh/mesh.ini', 2])
    rmSync(path('out/_mesh/mesh.ini'))
    expect(JSON.parse((await run(['verify', '--format', 'json'])).stdout)).toMatchObject({
      mesh: null,
      drift: 0,
    })
  })

  it('says what hangs on one node, and on one site, and what to write against it', async () => {
    await four('reach = node node1 -> node node2')
    for (const node of ['node1', 'node2']) await ok(`set node ${node} site home`)
    await ok('add-client phone --via node2')
    await ok('gen')
    const { code, stdout } = await run(['verify', '--each-failure'])
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^ {2}node1 alone forwards between node3 and node4: let node3 or node4 be dialled /m,
    )
    expect(stdout).toMatch(
      /^ {2}node2 alone carries client phone: give the same machine a second \[client\]/m,
    )
    expect(stdout).toMatch(/^without site home: 4 other routes lost$/m)
    expect(stdout).toMatch(
      /^single points of failure: node1 alone forwards .*; node2 alone carries client phone$/m,
    )
  })

  it('a mesh.ini that is at fault, or of other nodes, keeps no file from being looked at', async () => {
    await four('reach = node node1 -> node node2')
    await ok('gen')
    writeFileSync(path('mesh.ini'), '[mesh]\n[expect]\nreach = x\n')
    expect(await ok('verify')).toMatch(
      /^not looked at: mesh\.ini: "ciab-gen check" says what is wrong with it/m,
    )
  })
})
