import { describe, expect, test } from 'vitest'
import { draw } from '../../src/index.js'
import type { Mesh } from '../../src/model/mesh.js'
import { planner } from '../../src/plan/plan.js'
import { meshWithBehind } from '../arbitraries/behind.js'
import { anyMesh, largeMesh, meshWithNetworks } from '../arbitraries/meshes.js'
import { printMesh } from '../arbitraries/print.js'
import { fixtures, meshOf } from '../support/meshes.js'
import { forAll } from '../support/property.js'
import { nodeIn, resolved } from '../support/resolved.js'
import { crossed, isWellFormed, labelsOf, misplaced, segmentsOf } from './reading.js'

const fixture = (name: string): Mesh => meshOf(fixtures.find(one => one.name === name) as never, true)
const textsOf = (svg: string): string[] => labelsOf(svg).map(({ what }) => what)

/** So many nodes, at so many sites; every seventh is behind NAT. */
const meshOfSize = (nodes: number, sites: number): Mesh =>
  resolved(
    [
      '[mesh]',
      'overlay = 10.80.0.0/16, fd00:1::/64',
      'containers = 10.112.0.0/12 /24',
      'reflectors = auto',
      ...Array.from({ length: nodes }, (_, at) => [
        `[node node${at + 1}]`,
        `id = ${at + 1}`,
        `endpoint = ${at % 7 === 6 ? 'none' : `198.18.${at >> 8}.${at % 256}`}`,
        `public-key = ${btoa(String(at).padStart(32, '.'))}`,
        ...(sites === 0 ? [] : [`site = ${'abcdefgh'[at % 8]}${at % sites}`]),
      ]).flat(),
    ].join('\n'),
    'hidden',
  )

describe('no label lies upon another, leaves the picture, or has a line run through it', () => {
  const holds = (mesh: Mesh): void => {
    const svg = draw(mesh)
    expect(misplaced(svg)).toEqual([])
    expect(crossed(svg)).toEqual([])
    expect(isWellFormed(svg)).toBe(true)
    expect(textsOf(svg).length).toBeGreaterThan(2)
  }

  test.each(fixtures)('in $name', one => holds(meshOf(one, true)))

  test.each([
    [1, 0],
    [2, 0],
    [3, 2],
    [6, 3],
    [7, 0],
    [12, 5],
    [16, 16],
    [17, 1],
    [33, 4],
    [40, 0],
    [40, 40],
    [41, 0],
    [41, 3],
    [200, 8],
    [400, 31],
    [400, 0],
  ])('in a mesh of %i nodes at %i sites', (nodes, sites) => holds(meshOfSize(nodes, sites)))

  test.each([
    ['plain', anyMesh, 15],
    ['with tenants and segments', meshWithNetworks, 15],
    ['with clients and LANs', meshWithBehind, 15],
    ['large', largeMesh, 1],
  ] as const)('in random meshes: %s', (_, meshes, runs) => {
    forAll(meshes, blueprint => holds(resolved(printMesh(blueprint))), runs)
  })
})

describe('who dials whom is as the plans have it', () => {
  const pairsOf = (mesh: Mesh) => {
    const planOf = planner(mesh)
    const seen = new Map<string, number>()
    for (const node of mesh.nodes)
      for (const peer of planOf(node).tunnel.peers) {
        if (node.clients.some(({ name }) => name === peer.name)) continue
        const pair = [node.name, peer.name].sort().join(' ')
        seen.set(pair, (seen.get(pair) ?? 0) + (peer.endpoint === null ? 0 : 1))
      }
    return [...seen.values()]
  }
  const drawnIn = (svg: string, ...classes: string[]): number =>
    classes.reduce((sum, of) => sum + segmentsOf(svg, of).length, 0)

  test('a line for each pair of peers, with an arrow where one side alone dials', () => {
    forAll(meshWithBehind, blueprint => {
      const mesh = resolved(printMesh(blueprint))
      const dialed = pairsOf(mesh)
      const svg = draw(mesh).replace(/<path class="leader"[^>]*>/g, '')
      // The legend has one more of each kind that there is.
      const inLegend = (text: RegExp): number => textsOf(svg).filter(label => text.test(label)).length
      expect(drawnIn(svg, 'tunnels', 'sessions')).toBe(dialed.length + inLegend(/^tunnel/))
      expect(drawnIn(svg, 'arrows', 'sessions-arrows')).toBe(
        dialed.filter(count => count === 1).length + inLegend(/who dials whom$/),
      )
      const text = draw(mesh, 'mermaid')
      const nodes = '(?:n\\d+)'
      expect(text.match(new RegExp(`^  ${nodes} --- ${nodes}$`, 'gm'))?.length ?? 0).toBe(
        dialed.filter(count => count === 2).length,
      )
      expect(text.match(new RegExp(`^  ${nodes} --> ${nodes}$`, 'gm'))?.length ?? 0).toBe(
        dialed.filter(count => count === 1).length,
      )
    })
  })

  test('an arrow goes from the node behind NAT to the one it dials', () => {
    const text = draw(fixture('example'), 'mermaid')
    expect(text).toContain('  n3 --> n1\n')
    expect(text).toContain('  n1 --- n2\n')
    expect(text).not.toContain('n1 --> n3')
    expect(draw(fixture('example'))).toContain('node3 dials node2')
  })
})

describe('what is there is told', () => {
  test('relays, and the pairs they carry', () => {
    const svg = draw(fixture('relay'))
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['node1 relay', 'relays node2 - home2', 'relays home1 - home2']),
    )
    expect(svg).toContain('Relayed: node2 and home2 by node1, home1 and home2 by node1.')
    expect(draw(fixture('relay'), 'mermaid')).toContain('  n10 -. "by node1" .- n11\n')
  })

  test('reflectors, and the tunnels that have sessions', () => {
    const svg = draw(fixture('reflectors'))
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['node1 reflector', 'node2 reflector', 'route reflector']),
    )
    // Between node3 and node4 there is none.
    expect(segmentsOf(svg, 'sessions').length).toBe(5 + 1)
    expect(segmentsOf(svg, 'tunnels').length).toBe(1 + 2)
  })

  test('clients and LANs', () => {
    const texts = textsOf(draw(fixture('clients')))
    expect(texts).toEqual(
      expect.arrayContaining([
        'client laptop 10.79.0.4',
        'client phone 10.79.200.5',
        'LAN eth1 192.168.50.0/24',
        'node1 exit',
      ]),
    )
    expect(draw(fixture('clients'), 'mermaid')).toContain('  c4(["laptop<br>client"])\n  c4 --> n1\n')
  })

  test('sites, tenants and segments', () => {
    expect(textsOf(draw(fixture('sites')))).toEqual(expect.arrayContaining(['site home', 'site vpc']))
    expect(draw(fixture('sites'), 'mermaid')).toMatch(
      /subgraph s1\["site vpc"\]\n {4}n3\[.*\n {4}n4\[.*\n {2}end/,
    )
    const texts = textsOf(draw(fixture('tenants')))
    expect(texts).toEqual(
      expect.arrayContaining([
        'tenant blue, VNI 4001',
        'tenant red, VNI 4002, shares with green',
        'mark A',
        'mark E',
      ]),
    )
    expect(draw(fixture('tenants'), 'mermaid')).toMatch(
      / k0_\["tenant blue, tenant red, segment dmz, segment lan"\]:::k0\n/,
    )
  })

  test('addresses of every node where there are few', () => {
    const texts = textsOf(draw(fixture('example'))).join('\n')
    for (const { endpoints, underlay, overlay, networks } of fixture('example').nodes)
      for (const value of [
        ...endpoints.map(({ endpoint }) => endpoint),
        ...[...underlay, ...overlay].map(address => address.replace(/\/.*/, '')),
        ...networks.flatMap(({ prefixes }) => prefixes),
      ])
        expect(texts).toContain(` ${value}`)
  })

  test('every node of a large mesh, and how many of each site', () => {
    const mesh = meshOfSize(200, 8)
    const svg = draw(mesh)
    for (const { name } of mesh.nodes) expect(svg).toContain(`data-node="${name}"`)
    expect(textsOf(svg).filter(text => /^25 nodes/.test(text)).length).toBe(8)
    expect(svg).toMatch(/<title>site a0 and site b1: 6\d\d tunnels, /)
    // Beyond what Mermaid draws.
    expect(draw(mesh, 'mermaid').split('\n').length).toBeLessThan(60)
  })
})

test('what mesh.ini could not even say stays text', () => {
  const mesh = fixture('clients')
  const evil = '"><script>alert(1)</script>&amp;\u0000'
  const renamed: Mesh = {
    ...mesh,
    name: evil as never,
    nodes: mesh.nodes.map(node => ({
      ...node,
      name: evil,
      site: evil,
      clients: node.clients.map(client => ({ ...client, name: evil })),
      lans: node.lans.map(lan => ({ ...lan, interface: evil as never })),
    })),
    segments: mesh.segments.map(segment => ({ ...segment, name: evil })),
  }
  const svg = draw(renamed)
  expect(isWellFormed(svg)).toBe(true)
  expect(svg).not.toContain('<script')
  expect(svg).toContain('&lt;script&gt;')
  const text = draw(renamed, 'mermaid')
  expect(text).not.toMatch(/<(?!br>)|script>/)
  expect(text).toContain('#34;#62;#60;script#62;')
})

test('the same mesh gives the same bytes, whatever the order of its sections', () => {
  const text = fixtures.find(({ name }) => name === 'tenants')?.text as string
  const [first = '', ...sections] = text.split(/^(?=\[)/m)
  const turned = [first, ...sections.reverse()].join('\n')
  expect(draw(resolved(turned, 'hidden'))).toBe(draw(resolved(text, 'hidden')))
})

test('no key is in a picture', () => {
  for (const one of fixtures) {
    const mesh = meshOf(one)
    const all = draw(mesh) + draw(mesh, 'mermaid')
    expect(all).not.toMatch(/[A-Za-z0-9+/]{43}=/)
    expect(all).not.toContain('(hidden)')
  }
})

describe('what is written can be read on light and on dark pages', () => {
  const svg = draw(fixture('tenants'))
  const [light = '', dark = ''] = [...svg.matchAll(/\.ciab-mesh \{([^}]*)\}/g)].map(
    ([, rules]) => rules as string,
  )
  const colorsOf = (rules: string): Map<string, string> =>
    new Map(
      [...rules.matchAll(/--([a-z0-9]+): (#[0-9a-f]{6});/g)].map(([, name, color]) => [
        name as string,
        color as string,
      ]),
    )
  /** WCAG 2.2, relative luminance. */
  const luminance = (color: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5]
      .map(at => Number.parseInt(color.slice(at, at + 2), 16) / 255)
      .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (a = '', b = ''): number => {
    const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
    return (high + 0.05) / (low + 0.05)
  }

  test.each([
    ['light', light],
    ['dark', dark],
  ])('%s', (_, rules) => {
    const colors = colorsOf(rules)
    const paper = colors.get('paper')
    for (const text of ['ink', 'quiet']) expect(contrast(colors.get(text), paper)).toBeGreaterThan(4.5)
    for (const line of ['edge', 'tunnel', 'session', 'relay', 'node'])
      expect(contrast(colors.get(line), paper), line).toBeGreaterThan(3)
    const marks = [...colors].filter(([name]) => /^c\d$/.test(name))
    expect(marks.length).toBe(8)
    for (const [name, color] of marks)
      expect(contrast(color, colors.get('letter')), name).toBeGreaterThan(4.5)
  })

  test('it names itself to who does not see it', () => {
    expect(svg).toMatch(/<svg [^>]*role="img" aria-labelledby="ciab-mesh-title ciab-mesh-desc"/)
    expect(svg).toContain('<title id="ciab-mesh-title">The mesh ciabmesh</title>')
    expect(svg).toMatch(
      /<desc id="ciab-mesh-desc">4 nodes, [^<]*node1: underlay 10\.79\.0\.1[^<]*Tenants: blue, green, red\./,
    )
  })
})

test('a tenant that a node is not on has no mark there', () => {
  const mesh = fixture('tenants')
  const svg = draw(mesh)
  const part = svg.slice(
    svg.indexOf('data-node="node4"'),
    svg.indexOf('</g>', svg.indexOf('data-node="node4"')),
  )
  expect(nodeIn(mesh, 'node4').targets.evpn).toBe('none')
  expect(part).not.toContain('class="mark')
})
