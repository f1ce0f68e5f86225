import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { run, ok, path, text, snapshot } = session()

/** A new mesh, with lines of its own in [mesh] and [targets]. */
const begin = async (mesh = '', targets = ''): Promise<void> => {
  await ok('init --nodes node1=203.0.113.1,node2=198.51.100.2 --containers 10.64.0.0/13')
  const ini = text('mesh.ini').replace('[mesh]\n', `[mesh]\n${mesh}`)
  writeFileSync(path('mesh.ini'), `${ini}\n[targets]\n${targets}`)
}
const serialOf = (zone: string): number => Number(/(\d+) ; serial/.exec(zone)?.[1])

describe('zone', () => {
  it('prints the forward zone, in the domain of mesh.ini or the one given', async () => {
    await begin('domain = mesh.example.net\n')
    const { code, stdout, stderr } = await run(['zone'])
    expect(code).toBe(0)
    expect(stdout).toContain('\n$ORIGIN mesh.example.net.\n')
    expect(stdout).toMatch(/^node1 +IN A +10\.78\.0\.1$/m)
    expect(stdout).not.toContain('arpa')
    expect(stderr).toContain('12 reverse zones beside it')
    expect(await ok('zone Bücher.example.')).toContain('\n$ORIGIN xn--bcher-kva.example.\n')
    writeFileSync(path('mesh.ini'), text('mesh.ini').replace('domain = mesh.example.net\n', ''))
    expect(await ok('zone')).toContain('\n$ORIGIN ciabmesh.internal.\n')
  })

  it('prints a reverse zone by its name', async () => {
    await begin()
    expect(await ok('zone 78.10.in-addr.arpa')).toMatch(/^1\.0 IN PTR node1\.ciabmesh\.internal\.$/m)
    expect(await ok('zone 79.10.IN-ADDR.ARPA.')).toMatch(
      /^2\.0 IN PTR underlay\.node2\.ciabmesh\.internal\.$/m,
    )
    expect(await run(['zone', '80.10.in-addr.arpa'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('there is no zone 80.10.in-addr.arpa'),
    })
    expect(await run(['zone', '78.10.in-addr.arpa', '-o', 'zones'])).toMatchObject({ code: 2 })
  })

  it('refuses a domain that is none, is too long, or has the name servers in it', async () => {
    await begin('name-servers = ns.example.net\n')
    for (const domain of ['a_b.example', '10.0.0.1', `${'a.'.repeat(120)}example`, 'example.net', ''])
      expect(await run(['zone', domain])).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('hint: '),
      })
    expect(await ok('zone mesh.example.net')).toContain('@ IN NS ns.example.net.\n')
  })

  it('needs no keys', async () => {
    await begin()
    const before = await ok('zone')
    rmSync(path('keys'), { recursive: true })
    expect(await ok('zone')).toBe(before)
  })

  it('writes all zones, whose serials go on from those that are there', async () => {
    await begin('domain = mesh.example.net\n')
    const said = await ok('zone -o zones')
    expect(said).toContain('created zones/db.mesh.example.net\n')
    expect(readdirSync(path('zones'))).toHaveLength(14)
    const zones = text('zones/named.conf').matchAll(/file "\/etc\/bind\/ciab\/(.*?)"/g)
    for (const [, file] of zones) expect(existsSync(path('zones', file as string))).toBe(true)
    expect((statSync(path('zones/named.conf')).mode & 0o777).toString(8)).toBe('644')
    const before = snapshot('zones')
    expect(await ok('zone -o zones')).toBe('')
    expect(snapshot('zones')).toEqual(before)

    const serial = serialOf(text('zones/db.mesh.example.net'))
    await ok('add-node node3 --endpoint 192.0.2.3')
    const changes = (await ok('zone -o zones')).split('\n')
    expect(changes).toContain('changed zones/db.mesh.example.net')
    expect(changes).toContain('changed zones/db.78.10.in-addr.arpa')
    expect(changes).not.toContain('changed zones/db.70.10.in-addr.arpa')
    expect(serialOf(text('zones/db.mesh.example.net'))).toBe((serial + 1) % 2 ** 32 || 1)
  })

  it('leaves files alone that it did not write, and writes nothing beside them', async () => {
    await begin()
    mkdirSync(path('zones'))
    writeFileSync(path('zones/named.conf'), 'options {};\n')
    expect(await run(['zone', '-o', 'zones'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[not-ours]'),
    })
    expect(readdirSync(path('zones'))).toEqual(['named.conf'])
    mkdirSync(path('others'))
    symlinkSync('/dev/null', path('others/named.conf'))
    expect(await run(['zone', '-o', 'others'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[not-ours]'),
    })
    symlinkSync('zones', path('link'))
    expect(await run(['zone', '-o', 'link'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[unsafe-path]'),
    })
  })
})

describe('gen', () => {
  it('writes zones for the mesh where a node asks for them, beside the nodes', async () => {
    await begin('domain = mesh.example.net\n', 'names = hosts\n')
    await ok('gen')
    expect(existsSync(path('out/_mesh/zones'))).toBe(false)
    expect(text('out/node2/etc/ciab/hosts')).toContain('10.78.0.1 node1.mesh.example.net node1\n')
    await ok('set node node1 names zone')
    const said = await ok('gen')
    expect(said).toContain('created out/_mesh/zones/db.mesh.example.net\n')
    expect(said).toContain('removed out/node1/etc/ciab/hosts\n')
    expect(await ok('gen --check')).toBe('')

    // One node's change moves the serials of the zones it is in, once.
    const serial = serialOf(text('out/_mesh/zones/db.mesh.example.net'))
    await ok('set node node2 overlay-address 10.78.9.9')
    expect(await run(['gen', '--check'])).toMatchObject({ code: 1 })
    expect(await ok('diff')).toContain(`+    ${serial + 1} ; serial`)
    expect(await ok('gen node2')).not.toContain('_mesh/zones')
    expect((await ok('gen')).split('\n').filter(line => line.includes('_mesh/zones'))).toEqual([
      'changed out/_mesh/zones/db.mesh.example.net',
      'changed out/_mesh/zones/db.78.10.in-addr.arpa',
    ])
    expect(serialOf(text('out/_mesh/zones/db.mesh.example.net'))).toBe(serial + 1)
    // Whoever takes over from another master writes its serial into the file.
    const file = path('out/_mesh/zones/db.mesh.example.net')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\d+ ; serial/, '2026112201 ; serial'))
    expect(await ok('gen')).toBe('')
    await ok('set mesh name-servers node2')
    await ok('gen')
    expect(serialOf(readFileSync(file, 'utf8'))).toBe(2026112202)

    await ok('set node node1 names none')
    await ok('gen')
    expect(existsSync(path('out/_mesh/zones'))).toBe(false)
    expect(readdirSync(path('out')).sort()).toEqual([
      '.ciab-gen.json',
      '.gitignore',
      '_mesh',
      'node1',
      'node2',
    ])
  })
})

describe('name servers', () => {
  it('are renamed and removed with their nodes', async () => {
    await begin('name-servers = node2, node1, ns.example.net ; ours first\n')
    await ok('rename-node node2 berlin')
    expect(text('mesh.ini')).toContain('name-servers = berlin, node1, ns.example.net ; ours first\n')
    await ok('remove-node berlin')
    expect(text('mesh.ini')).toContain('name-servers = node1, ns.example.net ; ours first\n')
  })
})
