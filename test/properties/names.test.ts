import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type OutputFile, planMesh, planner, textOf } from '../../src/index.js'
import { StanzaCache } from '../../src/render/stanzas.js'
import { hosts } from '../../src/targets/hosts/index.js'
import { zoneFiles } from '../../src/targets/zone/index.js'
import type { Blueprint } from '../arbitraries/blueprint.js'
import { choosing } from '../arbitraries/choices.js'
import { anyMesh } from '../arbitraries/meshes.js'
import { bare, isWithin, meet } from '../oracles/addresses.js'
import { factsOf, isLayer3 } from '../oracles/facts.js'
import { meshOf } from '../oracles/tree.js'
import { readZone, reverseName } from '../oracles/zone.js'
import { complaintsOf } from '../support/bind.js'
import { judged } from '../support/judge.js'
import { forAll } from '../support/property.js'
import { remember } from '../support/remember.js'

const filesOf = remember((blueprint: Blueprint): readonly OutputFile[] =>
  zoneFiles(planMesh(meshOf(blueprint))),
)

const zonesOf = (blueprint: Blueprint) =>
  filesOf(blueprint)
    .filter(({ path }) => path.startsWith('db.'))
    .map(({ path, content }) => ({ path, ...readZone(textOf(content)) }))

/** `address name` for each that there must be. */
const namedIn = (blueprint: Blueprint): [address: string, name: string][] => {
  const label = blueprint.mesh.name
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^-+|-+$/g, '')
  return factsOf(blueprint).flatMap(node => {
    const full = `${node.name.toLowerCase()}.${label}.internal.`
    const bridges = node.networks.flatMap(({ addresses }) => addresses)
    return [
      ...(isLayer3(blueprint) ? node.underlay : node.overlay).map((address): [string, string] => [
        bare(address),
        full,
      ]),
      ...node.underlay.map((address): [string, string] => [bare(address), `underlay.${full}`]),
      ...bridges.map((address): [string, string] => [bare(address), `containers.${full}`]),
      ...node.source.pinned.flatMap(({ name, addresses }) =>
        addresses.map((address): [string, string] => [address, `${name.toLowerCase()}.${full}`]),
      ),
    ]
  })
}

const inMeshes = (check: (blueprint: Blueprint) => void, runs?: number) => () => forAll(anyMesh, check, runs)

describe('the zones of a mesh', () => {
  test(
    'have an address record for every address of every node, and its pointer in one reverse zone',
    inMeshes(blueprint => {
      const [forward, ...reverse] = zonesOf(blueprint)
      const named = namedIn(blueprint)
      expect([...(forward?.records ?? [])].sort()).toEqual(
        named.map(([address, name]) => `${name} ${address.includes(':') ? 'AAAA' : 'A'} ${address}`).sort(),
      )
      expect(reverse.flatMap(({ records }) => records).sort()).toEqual(
        named.map(([address, name]) => `${reverseName(address)} PTR ${name}`).sort(),
      )
    }),
  )

  test(
    'hold nothing outside themselves, lie apart, and are served by the first node',
    inMeshes(blueprint => {
      const zones = zonesOf(blueprint)
      const origins = zones.map(({ origin }) => origin)
      expect(new Set(origins).size).toBe(origins.length)
      for (const { path, origin, records, servers } of zones) {
        expect(`${path}.`).toBe(`db.${origin}`)
        for (const record of records) expect(record.split(' ')[0]).toMatch(new RegExp(`(^|\\.)${origin}$`))
        expect(servers).toEqual([namedIn(blueprint)[0]?.[1]])
        expect(origins.filter(other => other !== origin && other.endsWith(`.${origin}`))).toEqual([])
      }
    }),
  )

  test(
    'answer for no address outside the pools, but around what is pinned or too small',
    inMeshes(blueprint => {
      const { underlay, overlay, containers } = blueprint.mesh
      const used = isLayer3(blueprint) ? [underlay] : [underlay, overlay]
      const pools = used.flatMap(({ ipv4, ipv6 }) => [ipv4, ...(ipv6 ? [ipv6] : [])])
      const all = [
        ...pools,
        ...[containers.ipv4, containers.ipv6].flatMap(pool => (pool ? [pool.prefix] : [])),
      ]
      for (const { origin, records } of zonesOf(blueprint).slice(1)) {
        const prefix = prefixOf(origin)
        const met = all.filter(pool => meet(prefix, pool))
        const usual = /(\/24|\/64|\/124)$/.test(prefix)
        if (met.length === 0) expect([origin, usual && records.length > 0]).toEqual([origin, true])
        for (const pool of met)
          expect([origin, isWithin(prefix, pool) || (usual && isWithin(pool, prefix))]).toEqual([
            origin,
            true,
          ])
      }
    }),
  )

  test(
    'move their serial with their content, and only then',
    inMeshes(blueprint => {
      for (const { content, revise } of filesOf(blueprint).filter(file => file.revise)) {
        const text = textOf(content)
        const revised = (before: string): string => textOf(revise?.(before) ?? [])
        expect(revised(text)).toBe(text)
        const { serial } = readZone(text)
        const moved = revised(text.replace('$TTL 300', '$TTL 301'))
        const next = (serial + 1) % 2 ** 32 || 1
        expect(readZone(moved).serial).toBe(next)
        expect(moved.replace(`${next} ; serial`, `${serial} ; serial`)).toBe(text)
        const wrapped = text.replace(`${serial} ; serial`, '4294967295 ; serial').replace('604800', '604801')
        expect(readZone(revised(wrapped)).serial).toBe(1)
      }
    }, 10),
  )

  judged(['named-checkzone', 'named-checkconf'], 'load without a word', () =>
    forAll(
      anyMesh,
      blueprint => {
        expect(complaintsOf(filesOf(blueprint))).toBe('')
      },
      8,
    ),
  )
})

/** The network that a reverse zone answers for. */
const prefixOf = (origin: string): string => {
  const labels = origin
    .replace(/\.(in-addr|ip6)\.arpa\.$/, '')
    .split('.')
    .reverse()
  if (origin.endsWith('.in-addr.arpa.'))
    return `${[...labels, '0', '0', '0'].slice(0, 4).join('.')}/${8 * labels.length}`
  const groups = labels.join('').padEnd(32, '0').match(/.{4}/g) as string[]
  const text = new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
  return `${text}/${4 * labels.length}`
}

describe("a node's hosts", () => {
  test('are the same names for the same addresses, and those of the overlay short too', () =>
    forAll(fc.tuple(anyMesh, fc.nat()), ([mesh, pick]) => {
      const blueprint = choosing(mesh, hosts)
      const resolved = meshOf(blueprint)
      const node = resolved.nodes[pick % resolved.nodes.length] as (typeof resolved.nodes)[number]
      const [file] = hosts.files(planner(resolved)(node), new StanzaCache())
      const lines = textOf(file?.content ?? []).split('\n')
      const domain = `.${resolved.domain}`
      expect(lines.slice(1, -1).sort()).toEqual(
        namedIn(blueprint)
          .map(([address, name]) => {
            const full = name.slice(0, -1)
            const first = full.split('.')[0] as string
            const short = full.replace(first, '') === domain ? ` ${first}` : ''
            return `${address} ${full}${short}`
          })
          .sort(),
      )
    }))
})
