import { describe, expect, test } from 'vitest'
import type { MeshSpec } from '../../src/model/spec.js'
import { parse } from '../../src/parse/parse.js'
import { publicKeyFor } from '../support/keys.js'

const specOf = (text: string): MeshSpec => {
  const result = parse({ file: 'mesh.ini', text })
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'))
  return result.value
}

const faultsOf = (text: string) => {
  const result = parse({ file: 'mesh.ini', text })
  return result.ok ? [] : result.diagnostics
}

/** What the value of a key in [mesh] or [node n] becomes. */
const inMesh = (key: string, value: string): unknown =>
  Object.values(specOf(`[mesh]\n${key} = ${value}\n`).mesh.keys)[0]?.value
const inNode = (key: string, value: string): unknown =>
  Object.values(specOf(`[mesh]\n[node n]\n${key} = ${value}\n`).nodes[0]?.keys ?? {})[0]?.value

describe('[mesh]', () => {
  test.each([
    ['name', 'ciabmesh', 'ciabmesh'],
    ['underlay', '10.79.0.0/16', { ipv4: '10.79.0.0/16', ipv6: null }],
    ['underlay', 'fd42::/64 ,10.79.0.0/16', { ipv4: '10.79.0.0/16', ipv6: 'fd42::/64' }],
    ['containers', '10.77.0.0/16', { ipv4: { prefix: '10.77.0.0/16', length: 24 }, ipv6: null }],
    [
      'containers',
      '10.77.0.0/16 /26, fd42::/49',
      { ipv4: { prefix: '10.77.0.0/16', length: 26 }, ipv6: { prefix: 'fd42::/49', length: 64 } },
    ],
    ['containers', 'none', { ipv4: null, ipv6: null }],
    ['families', 'ipv6', ['ipv6']],
    ['preshared-keys', 'on', true],
    ['preshared-keys', 'false', false],
    ['container-runtime', 'incus', 'incus'],
    ['vni', '16777215', 16777215],
    ['next-id', '7', 7],
    ['mode', 'l3', 'l3'],
    ['reflectors', 'auto', 'auto'],
    ['timers', '10  30', { keepalive: 10, hold: 30 }],
    ['timers', '21845 65535', { keepalive: 21845, hold: 65535 }],
    ['bfd', '50 255', { interval: 50, multiplier: 255 }],
    ['graceful-restart', 'yes', true],
    ['maximum-prefix', '4294967295', 4294967295],
  ])('%s = %s', (key, value, expected) => {
    expect(inMesh(key, value)).toEqual(expected)
  })

  test.each([
    ['underlay', '10.79.0.0/16, 10.80.0.0/16', 'value-list'],
    ['underlay', '10.79.0.0/16,', 'value-list'],
    ['underlay', ',', 'value-list'],
    ['underlay', '10.79.0.1/16', 'prefix-host-bits'],
    ['underlay', 'none', 'prefix-syntax'],
    ['containers', '10.77.0.0/16 24', 'prefix-syntax'],
    ['containers', '10.77.0.0/16 /24 /25', 'prefix-syntax'],
    ['containers', '10.77.0.0/16/24', 'prefix-syntax'],
    ['containers', '10.77.0.0/16 /8', 'number-range'],
    ['containers', '10.77.0.0/16 /31', 'number-range'],
    ['containers', '10.77.0.0/26', 'number-range'],
    ['containers', '10.77.0.0/32', 'number-range'],
    ['containers', 'fd42::/96', 'number-range'],
    ['containers', '10.77.0.0/16 /x', 'number-syntax'],
    ['families', 'ipv4, ipv4', 'value-list'],
    ['families', 'ipv5', 'value-choice'],
    ['families', '__proto__', 'value-choice'],
    ['preshared-keys', 'maybe', 'value-choice'],
    ['preshared-keys', 'constructor', 'value-choice'],
    ['path-mtu', '575', 'number-range'],
    ['vni', '0', 'number-range'],
    ['vni', '16777216', 'number-range'],
    ['vxlan-port', '0', 'number-range'],
    ['next-id', '16777215', 'number-range'],
    ['mode', 'l2', 'value-choice'],
    ['reflectors', 'yes', 'value-choice'],
    ['timers', '10', 'value-list'],
    ['timers', '10 30 60', 'value-list'],
    ['timers', '10, 30', 'value-list'],
    ['timers', '0 30', 'number-range'],
    ['timers', '1 2', 'number-range'],
    ['timers', '10 29', 'value-conflict'],
    ['bfd', '49 3', 'number-range'],
    ['bfd', '4295 3', 'number-range'],
    ['bfd', '1000 1', 'number-range'],
    ['bfd', '1s 3', 'number-syntax'],
    ['maximum-prefix', '0', 'number-range'],
    ['name[]', 'ciabmesh', 'value-list'],
    ['constructor', '1', 'unknown-key'],
    ['__proto__', '1', 'unknown-key'],
    ['toString', '1', 'unknown-key'],
  ])('%s = %s is at fault: %s', (key, value, code) => {
    const faults = faultsOf(`[mesh]\n${key} = ${value}\n`)
    expect(faults).toMatchObject([{ code, span: { line: 2 } }])
    expect(faults[0]?.hint).toMatch(/\S/)
  })
})

describe('[node NAME]', () => {
  const v4 = { host: '203.0.113.1', family: 'ipv4', port: null }
  test.each([
    ['id', '16777214', 16777214],
    ['endpoint', 'none', []],
    ['endpoint', '203.0.113.1', [v4]],
    ['endpoint', '203.0.113.1, [2001:db8::1]:1', [v4, { host: '2001:db8::1', family: 'ipv6', port: 1 }]],
    ['public-key', publicKeyFor('n'), publicKeyFor('n')],
    ['public-key', `"${publicKeyFor('n')}"`, publicKeyFor('n')],
    ['keepalive', 'off', 0],
    ['keepalive', '25', 25],
    ['fwmark', '0x1F', 31],
    ['fwmark', '31', 31],
    ['frr', '8.4.4', '8.4'],
    ['frr', '10', '10.0'],
    ['underlay-address', '169.254.3.7, fd42::7', ['169.254.3.7', 'fd42::7']],
    ['mac', '02:CA:00:00:00:01', '02:ca:00:00:00:01'],
    ['containers', 'none', []],
    ['containers', 'br0 auto', [{ bridge: 'br0', prefixes: null, addresses: [] }]],
    [
      'containers',
      'br0  10.1.2.0/24 , fd42::/64',
      [{ bridge: 'br0', prefixes: ['10.1.2.0/24', 'fd42::/64'], addresses: [] }],
    ],
    ['containers', 'lxdbr0 10.1.2.1/24', [{ bridge: 'lxdbr0', prefixes: [], addresses: ['10.1.2.1/24'] }]],
    ['containers', 'lxdbr0 10.1.2.3/32', [{ bridge: 'lxdbr0', prefixes: [], addresses: ['10.1.2.3/32'] }]],
    ['post-up', '"a; b # c"', ['a; b # c']],
    ['routing', 'none', 'none'],
    ['reflector', 'yes', true],
    ['os', 'debian-12', 'debian-12'],
  ])('%s = %s', (key, value, expected) => {
    expect(inNode(key, value)).toEqual(expected)
  })

  test.each([
    ['id', '0', 'number-range'],
    ['id', '16777215', 'number-range'],
    ['endpoint', '203.0.113.1, none', 'value-list'],
    ['endpoint', '203.0.113.1, 203.0.113.2', 'value-list'],
    ['endpoint', 'a.example, b.example, c.example', 'value-list'],
    ['endpoint', '', 'empty-value'],
    ['keepalive', '65536', 'number-range'],
    ['reflector', 'auto', 'value-choice'],
    ['os', 'debian', 'value-choice'],
    ['fwmark', '0', 'number-range'],
    ['fwmark', '0x100000000', 'number-syntax'],
    ['frr', '7.1', 'value-choice'],
    ['frr', '8.4.4-ubuntu', 'value-choice'],
    ['containers', 'br0', 'prefix-syntax'],
    ['containers', '10.1.2.0/24', 'interface-name'],
    ['containers', 'br0 10.1.2.0/24, 10.1.3.0/24', 'value-list'],
    ['containers', 'br0 10.1.2.0/24, fd42::1/64', 'prefix-host-bits'],
    ['containers', 'br0 10.1.2.0', 'prefix-syntax'],
    ['underlay-address', '10.79.0.1, 10.79.0.2', 'value-list'],
    ['underlay-address', '10.79.0.1/16', 'address-syntax'],
    ['post-up', 'a; b', 'hook-comment'],
    ['post-up', 'a # b', 'hook-comment'],
    ['routing', 'FRR', 'value-choice'],
    ['routing', '$(reboot)', 'value-choice'],
    ['members', 'a', 'unknown-key'],
    ['private-key', 'x', 'unknown-key'],
  ])('%s = %s is at fault: %s', (key, value, code) => {
    expect(faultsOf(`[mesh]\n[node n]\n${key} = ${value}\n`)).toMatchObject([{ code, span: { line: 3 } }])
  })

  test('a key that may repeat gathers its members, each with its place', () => {
    const { nodes } = specOf('[mesh]\n[node n]\ncontainers[] = a auto\ncontainers[] = b 10.1.2.0/24\n')
    const containers = nodes[0]?.keys.containers
    expect(containers?.value.map(({ bridge }) => bridge)).toEqual(['a', 'b'])
    expect(containers?.each?.map(({ line }) => line)).toEqual([3, 4])
  })

  test('none stands alone', () => {
    for (const lines of [
      'endpoint[] = none\nendpoint[] = a.example',
      'endpoint[] = a.example\nendpoint[] = none',
    ])
      expect(faultsOf(`[mesh]\n[node n]\n${lines}\n`)).toMatchObject([
        { code: 'value-list', span: { line: lines.startsWith('endpoint[] = none') ? 3 : 4 } },
      ])
  })

  test('a private key in mesh.ini is told to leave, and not shown', () => {
    const [fault] = faultsOf(`[mesh]\n[node n]\nprivate-key = ${publicKeyFor('n')}\n`)
    expect(fault?.hint).toMatch(/keys\//)
    expect(JSON.stringify(fault)).not.toContain(publicKeyFor('n').slice(0, 20))
  })
})

describe('names', () => {
  test.each([['constructor'], ['toString'], ['hasOwnProperty'], ['valueIn'], ['1'], ['true'], ['null']])(
    'a node may be called %s',
    name => {
      expect(specOf(`[mesh]\n[node ${name}]\nid = 1\n`).nodes).toMatchObject([
        { name, keys: { id: { value: 1 } } },
      ])
    },
  )

  test.each([['../etc'], ['__proto__'], ['%i'], ['$(reboot)'], ['a.b'], ['-a'], ['a'.repeat(64)], ['ä']])(
    'but not %s',
    name => {
      for (const kind of ['node', 'group'])
        expect(faultsOf(`[mesh]\n[${kind} ${name}]\n`)[0]).toMatchObject({
          code: 'node-name',
          span: { line: 2, column: 1 },
        })
      expect(faultsOf(`[mesh]\n[exclude]\n${name} = a\n`).length).toBeGreaterThan(0)
      expect(faultsOf(`[mesh]\n[exclude]\na = ${name}\n`).length).toBeGreaterThan(0)
    },
  )

  test('the members of a list have places of their own, in quotes too', () => {
    const text = '[mesh]\n[group g]\nmembers = node1,  node22\n[group h]\nmembers = "node1,  node22"\n'
    const [plain, quoted] = specOf(text).groups.map(({ members }) => members.map(({ span }) => span))
    expect(plain).toMatchObject([
      { line: 3, column: 11, length: 5 },
      { line: 3, column: 19, length: 6 },
    ])
    expect(quoted).toMatchObject([
      { line: 5, column: 12, length: 5 },
      { line: 5, column: 20, length: 6 },
    ])
  })
})

describe('sections', () => {
  test.each([
    ['', [['missing-section', 1]]],
    ['\n\n', [['missing-section', 1]]],
    ['[node n]\nid = 1\n', [['missing-section', 1]]],
    ['[Mesh]\n', [['unknown-section', 1]]],
    ['[mesh one]\n', [['unknown-section', 1]]],
    ['[mesh]\n[node]\n', [['node-name', 2]]],
    ['[mesh]\n[node a b]\n', [['unknown-section', 2]]],
    ['[mesh]\n[exclude all]\n', [['unknown-section', 2]]],
    ['[mesh]\n[__proto__]\n', [['unknown-section', 2]]],
    ['[mesh]\n[constructor]\n', [['unknown-section', 2]]],
    ['[mesh]\n[exclude]\na =\n', [['empty-value', 3]]],
    ['[mesh]\n[exclude]\na = b,,c\n', [['value-list', 3]]],
    ['[mesh\nname = a.b\n', [['ini-syntax', 1]]],
  ])('%j', (text, expected) => {
    expect(faultsOf(text as string).map(({ code, span }) => [code, span?.line])).toEqual(expected)
  })

  test('all that is wrong is said at once, in the order of the file', () => {
    const text = '[node ../x]\nid = 0\n[mesh]\nname = a.b\nport = 0\n[nodes]\n'
    expect(faultsOf(text).map(({ code }) => code)).toEqual([
      ...['node-name', 'number-range', 'mesh-name', 'number-range', 'unknown-section'],
    ])
  })

  test('a file full of faults ends early', () => {
    const keys = Array.from({ length: 20_000 }, (_, at) => `key${at} = 1`).join('\n')
    expect(faultsOf(`[mesh]\n${keys}\n`)).toHaveLength(100)
    const sections = Array.from({ length: 20_000 }, (_, at) => `[section${at}]`).join('\n')
    expect(faultsOf(`[mesh]\n${sections}\n`)).toHaveLength(100)
  })

  test('a list of a hundred thousand lines is read', () => {
    const hooks = Array.from({ length: 100_000 }, (_, at) => `post-up[] = true ${at}`).join('\n')
    expect(specOf(`[mesh]\n[node n]\n${hooks}\n`).nodes[0]?.keys['post-up']?.value).toHaveLength(100_000)
  })
})

describe('lists', () => {
  const lists: readonly (readonly [section: string, key: string, one: string, other: string])[] = [
    ['mesh', 'underlay', '10.1.0.0/16', 'fd00::/64'],
    ['mesh', 'overlay', '10.1.0.0/16', 'fd00::/64'],
    ['mesh', 'containers', '10.1.0.0/16 /24', 'fd00::/49 /64'],
    ['mesh', 'families', 'ipv4', 'ipv6'],
    ['mesh', 'name-servers', 'n1', 'ns.example.net'],
    ['node n1', 'families', 'ipv6', 'ipv4'],
    ['node n1', 'endpoint', '192.0.2.1', '[2001:db8::1]'],
    ['node n1', 'allowed-ips', '10.1.0.0/16', '10.2.0.0/16'],
    ['node n1', 'underlay-address', '10.1.0.1', 'fd00::1'],
    ['node n1', 'overlay-address', '10.1.0.1', 'fd00::1'],
    ['group g', 'families', 'ipv4', 'ipv6'],
    ['group g', 'members', 'n1', 'n2'],
    ['segment s', 'nodes', 'n1', 'n2'],
    ['segment s', 'subnet', '10.1.0.0/16 /24', 'fd00::/64'],
    ['tenant t', 'nodes', 'n1', 'n2'],
    ['tenant t', 'share', 'a', 'b'],
    ['tenant t', 'containers', '10.1.0.0/16 /24', 'fd00::/49 /64'],
  ]
  const valueIn = (text: string, section: string, key: string): unknown => {
    const read = parse({ file: 'mesh.ini', text: section === 'mesh' ? text : `[mesh]\n${text}` })
    expect(read).toMatchObject({ ok: true })
    if (!read.ok) return null
    const { mesh, nodes, groups, segments, tenants } = read.value
    const [found = mesh] = [...nodes, ...groups, ...segments, ...tenants]
    const plain = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value ?? null, (name, part) => (name === 'span' ? undefined : part)))
    return plain(
      ['members', 'nodes', 'share'].includes(key)
        ? (found as unknown as Record<string, unknown>)[key]
        : (found.keys as Record<string, { value: unknown }>)[key]?.value,
    )
  }

  test.each(lists)('[%s] %s is the same on one line and on two', (section, key, one, other) => {
    const together = valueIn(`[${section}]\n${key} = ${one}, ${other}\n`, section, key)
    expect(together).not.toBeNull()
    expect(valueIn(`[${section}]\n${key}[] = ${one}\n${key}[] = ${other}\n`, section, key)).toEqual(together)
  })

  test('what is wrong with two lines together is said of the later one', () => {
    const read = parse({
      file: 'mesh.ini',
      text: '[mesh]\nunderlay[] = 10.1.0.0/16\nunderlay[] = 10.2.0.0/16\n',
    })
    expect(read).toMatchObject({ ok: false, diagnostics: [{ code: 'value-list', span: { line: 3 } }] })
  })

  test('a key that has one value has no list', () => {
    const read = parse({ file: 'mesh.ini', text: '[mesh]\nport[] = 1\nport[] = 2\n' })
    expect(read).toMatchObject({ ok: false, diagnostics: [{ code: 'value-list' }, { code: 'value-list' }] })
  })
})
