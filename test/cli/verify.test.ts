import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { ok, path, run } = session()

/** node3 and node4 are behind NAT: node1 carries what they send each other. */
const four = async (): Promise<void> => {
  await ok('init ciabmesh --nodes node1=203.0.113.1,node2=198.51.100.2,node3,node4')
  await ok('set mesh preshared-keys yes')
  await ok('gen')
}

const change = (file: string, from: string | RegExp, to: string): void => {
  const old = readFileSync(path(file), 'utf8')
  const now = old.replace(from, to)
  expect(now).not.toBe(old)
  writeFileSync(path(file), now)
}

describe('verify', () => {
  it('finds nothing in what gen writes, for review too, needs no mesh.ini, and says what it does not look at', async () => {
    await four()
    await ok('gen --public -o review')
    writeFileSync(path('mesh.ini'), '')
    for (const tree of ['out', 'review']) {
      const text = await ok(`verify ${tree}`)
      expect(text).toMatch(
        new RegExp(
          `^${tree}: 4 nodes, 24 of 24 routes carried, (\\d+) of \\1 flows as expected, 0 errors$`,
          'm',
        ),
      )
      expect(text).toMatch(/^not looked at: passwords and BFD /m)
    }
  })

  it('says at its line what does not fit, exits with 1, and quotes no key', async () => {
    await four()
    change(
      'out/node1/etc/frr/frr.conf',
      'from-node2 seq 5 permit 10.77.2.0/24',
      'from-node2 seq 5 permit 10.77.9.0/24',
    )
    change(
      'out/node2/etc/wireguard/ciabmesh.conf',
      /^PrivateKey = .*/m,
      'PrivateKey = YGuLuEznJn3VIN7KSBHI8QpT5jY1LwaYf0L+QlrO3UA=',
    )
    const { code, stdout, stderr } = await run(['verify'])
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^out\/node1\/etc\/frr\/frr\.conf:\d+:\d+: error: node1 does not admit 10\.77\.2\.0\/24 from node2 \[verify-routing\]$/m,
    )
    expect(stderr).toMatch(
      /^out\/node1\/etc\/wireguard\/ciabmesh\.conf:\d+:\d+: error: node1 has another key for node2 /m,
    )
    expect(stdout + stderr).not.toMatch(/[\w+/]{43}=/)
    const json = await run(['verify', '--format', 'json'])
    expect(json.code).toBe(1)
    expect(json.stdout).not.toMatch(/[\w+/]{43}=/)
    expect(JSON.parse(json.stdout).pairs).toContainEqual({
      from: 'node1',
      to: 'node2',
      prefix: '10.77.2.0/24',
      passes: false,
    })
  })

  it('says which routes are lost without a node: those that it relays', async () => {
    await four()
    const { code, stdout } = await run(['verify', '--each-failure'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^without node1: 4 other routes lost\n( {2}node[34] to \S+ of node[34]\n){4}/m)
    expect(stdout).toMatch(/^ {2}node3 to 10\.77\.4\.0\/24 of node4$/m)
    expect(stdout).toMatch(/^without node2: 0 other routes lost$/m)
    expect(await run(['verify', '--without', 'node2'])).toMatchObject({ code: 0 })
    expect(await run(['verify', '--without', 'node9'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no node "node9"'),
    })
  })

  it('takes no directory without nodes, and is stopped by no link or pipe among the files', async () => {
    await four()
    symlinkSync('/nonexistent', path('out/node1/etc/wireguard/x.conf'))
    execFileSync('mkfifo', [path('out/node1/etc/frr/x.conf')])
    expect(await ok('verify')).toMatch(/ 0 errors$/m)
    expect(await run(['verify', 'keys'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('keys holds no folder of a node'),
    })
  })
})
