import { describe, expect, test } from 'vitest'
import { anyMesh, largeMesh } from '../arbitraries/meshes.js'
import { bare, bits, clashes, familyOf, lengthOf, textOf } from '../oracles/addresses.js'
import { isLayer3, isRouter, type NodeFacts, prefixesOf, sessionAddressOf, vtepOf } from '../oracles/facts.js'
import { type Announcement, letsIn, letsOut } from '../oracles/filters.js'
import { passwordFor, presharedSeed } from '../oracles/keys.js'
import { familiesOf, groupOf, inSession, propagate } from '../oracles/propagation.js'
import { type World, worldOf } from '../oracles/world.js'
import { forAll } from '../support/property.js'

const inMeshes =
  (check: (world: World) => void, runs = 60) =>
  () =>
    forAll(anyMesh, blueprint => check(worldOf(blueprint)), runs)

/** Has FRR from us, and what it speaks over. */
const speaks = ({ blueprint }: World, { source: { targets } }: NodeFacts): boolean =>
  targets.routing !== 'none' && (isLayer3(blueprint) || targets.overlay !== 'none')

/** Whom a node is to have sessions with. */
const expectedNeighbors = (world: World, node: NodeFacts): NodeFacts[] => {
  const { model, nodes, reflectors } = world
  const reachable = nodes.filter(other => isRouter(other) && model.reachable(node, other))
  return reflectors.length === 0 || reflectors.includes(node)
    ? reachable
    : reachable.filter(other => reflectors.includes(other))
}

const namesOf = (nodes: readonly NodeFacts[]): string[] => nodes.map(({ name }) => name).sort()

const delivers = (world: World): void => {
  const { model, nodes, reflectors } = world
  for (const [node, rib] of propagate(world)) {
    const senders = nodes.filter(
      other =>
        other !== node &&
        speaks(world, node) &&
        speaks(world, other) &&
        // A reflector speaks for nodes that its clients have no way to, too.
        (reflectors.length > 0 || model.reachable(node, other)),
    )
    const learned = rib.map(({ prefix, originator }) => `${prefix} of ${originator.name}`)
    const expected = senders.flatMap(other => prefixesOf(other).map(prefix => `${prefix} of ${other.name}`))
    expect([node.name, learned.sort()]).toEqual([node.name, expected.sort()])
  }
}

/** Which networks a node is told to look for, where no prefix list of it names them. */
const looksFor = (world: World): void => {
  const { model, reflectors, tree, blueprint } = world
  for (const [node, rib] of propagate(world)) {
    if (!speaks(world, node)) continue
    const file = tree.get(node.name)?.get(`etc/ciab/${blueprint.mesh.name}.routes`) ?? ''
    const speakers = world.nodes.filter(other => speaks(world, other)).map(({ name }) => name)
    const told = file
      .split('\n')
      .filter(line => line.startsWith('main ') && speakers.includes(line.split(' ')[2] as string))
    // It is apply.sh that looks, where a node has it.
    const looks = tree.get(node.name)?.has('etc/ciab/apply.conf') === true
    const unnamed = (other: NodeFacts): boolean =>
      looks && reflectors.length > 0 && (!reflectors.includes(node) || reflectors.includes(other))
    const expected = rib
      .filter(({ originator }) => unnamed(originator) && model.reachable(node, originator))
      .map(({ prefix, originator }) => `main ${prefix} ${originator.name}`)
    expect([node.name, told.sort()]).toEqual([node.name, expected.sort()])
  }
}

describe('sessions', () => {
  test(
    '23: A has neighbor B exactly where B has A, each by the AS and the address of the other',
    inMeshes(world => {
      const { asn } = world.blueprint.mesh
      for (const node of world.nodes) {
        const file = world.frr(node)
        if (!file) continue
        const others = expectedNeighbors(world, node)
        const found = [...file.neighbors.values()].map(({ address, description }) => [description, address])
        expect(Object.fromEntries(found)).toEqual(
          Object.fromEntries(others.map(other => [other.name, sessionAddressOf(other)])),
        )
        expect(file.asn).toBe(asn ?? 64512)
        for (const address of file.neighbors.keys()) {
          expect(groupOf(file, address)?.get('remote-as')).toBe(`${file.asn}`)
          expect(groupOf(file, address)?.get('update-source')).toBe(sessionAddressOf(node))
        }
        for (const family of ['ipv4', 'ipv6'] as const)
          expect(file.families[family] !== null).toBe(familiesOf(world).includes(family))
      }
      for (const [a, b] of world.pairs)
        expect(inSession(world, a, b)).toBe(
          speaks(world, a) && speaks(world, b) && expectedNeighbors(world, a).includes(b),
        )
    }),
  )

  test(
    '24: clients have sessions with reflectors only, and reflectors with everybody, as such',
    inMeshes(world => {
      const { reflectors, nodes, model } = world
      if (reflectors.length === 0) return
      for (const node of nodes) {
        const file = world.frr(node)
        if (!file) continue
        const of = (wanted: boolean): NodeFacts[] =>
          nodes.filter(other => {
            const address = sessionAddressOf(other)
            const group = file.neighbors.get(address)?.group ?? ''
            const clients = file.families.ipv4?.clients
            return file.neighbors.has(address) && (clients?.has(group) || clients?.has(address)) === wanted
          })
        const reaches = (others: readonly NodeFacts[]): string[] =>
          namesOf(others.filter(other => isRouter(other) && model.reachable(node, other)))
        expect(namesOf(of(false))).toEqual(reaches(reflectors))
        expect(namesOf(of(true))).toEqual(
          reflectors.includes(node) ? reaches(nodes.filter(other => !reflectors.includes(other))) : [],
        )
        expect(file.families.ipv6?.clients ?? file.families.ipv4?.clients).toEqual(
          file.families.ipv4?.clients,
        )
      }
    }),
  )

  test('24: in a mesh of 60 nodes, where mesh.ini says auto, the first two that peer with all', () =>
    forAll(
      largeMesh,
      blueprint => {
        const world = worldOf({ ...blueprint, mesh: { ...blueprint.mesh, reflectors: null } })
        expect(world.reflectors.every(({ source }) => source.reflector)).toBe(true)
        for (const node of world.nodes)
          expect((world.frr(node)?.families.ipv4?.clients.size ?? 0) > 0).toBe(
            world.reflectors.includes(node),
          )
      },
      2,
    ))

  test(
    'have the timers, the limits and the watch that mesh.ini says',
    inMeshes(world => {
      const { timers, bfd, gracefulRestart, maximumPrefix } = world.blueprint.mesh
      const [keepalive, hold] = timers ?? [10, 30]
      const [interval, multiplier] = bfd ?? [1000, 3]
      for (const node of world.nodes) {
        const file = world.frr(node)
        if (!file) continue
        expect(file.gracefulRestart).toBe(gracefulRestart ?? false)
        expect(file.preservesForwarding).toBe(gracefulRestart ?? false)
        const isOld = (node.source.frr ?? (node.source.os === 'ubuntu-20.04' ? '7.2' : '8.4')) === '7.2'
        expect([...file.bfd]).toEqual(
          isOld ? [] : [...file.neighbors.keys()].map(address => [address, sessionAddressOf(node)]),
        )
        for (const [address, { group }] of file.neighbors) {
          const said = groupOf(file, address)
          expect(said?.get(`timers ${keepalive}`) ?? '180').toBe(`${hold}`)
          if (isOld) expect(said?.get(`bfd ${multiplier} ${interval}`)).toBe(`${interval}`)
          else expect(said?.get('bfd profile')).toBe('ciab')
          for (const family of familiesOf(world))
            expect(file.families[family]?.limits.get(group ?? '')).toBe(maximumPrefix ?? undefined)
        }
      }
    }),
  )

  test(
    'have the password that all have, where mesh.ini asks for one; where it does not, nothing is one',
    inMeshes(({ nodes, frr, tree, blueprint: { mesh, hidden } }) => {
      const secret = passwordFor(presharedSeed)
      const password = mesh.sessionPassword ? (hidden ? '(hidden)' : secret) : undefined
      for (const node of nodes) {
        const file = frr(node)
        const said = [...(file?.neighbors.keys() ?? [])].map(address => file && groupOf(file, address))
        expect(said.map(group => group?.get('password'))).toEqual(said.map(() => password))
        for (const [path, text] of tree.get(node.name) ?? []) {
          const mayHaveIt = path === 'etc/frr/frr.conf' && password === secret
          if (text.includes(secret)) expect([path, mayHaveIt]).toEqual([path, true])
        }
      }
    }),
  )

  test(
    '29: the router-id is the VTEP; the AS number is private unless mesh.ini says another',
    inMeshes(world => {
      for (const node of world.nodes) {
        const file = world.frr(node)
        if (!file) continue
        expect(file.routerId).toBe(vtepOf(node))
        expect(file.routerId).not.toBe('0.0.0.0')
        if (world.blueprint.mesh.asn === null) expect(file.asn).toBe(64512)
      }
    }),
  )

  test(
    'IPv6 next hops are the addresses of mesh.ini, said and taken',
    inMeshes(world => {
      for (const node of world.nodes) {
        const file = world.frr(node)
        const family = file?.families.ipv6
        if (!file || !family) continue
        const own = (isLayer3(world.blueprint) ? node.underlay : node.overlay)
          .map(bare)
          .find(address => familyOf(address) === 'ipv6')
        for (const group of [...file.groups.keys()].filter(name => family.activated.has(name))) {
          const maps = family.maps.get(group)
          const sets = (name: string | undefined): unknown =>
            (file.routeMaps.get(name ?? '') ?? []).map(clause => clause.sets)
          expect(sets(maps?.out)).toEqual(own === undefined ? [] : [[`ipv6 next-hop global ${own}`]])
          for (const clause of file.routeMaps.get(maps?.in ?? '') ?? [])
            expect(clause.sets).toEqual(['ipv6 next-hop prefer-global'])
          if (file.neighbors.size > 0) expect(maps?.in).toBeDefined()
        }
      }
    }),
  )
})

/** What a neighbor would say, if it announced this. */
const announcement = (world: World, prefix: string, from: NodeFacts): Announcement => ({
  prefix,
  nextHops:
    familyOf(prefix) === 'ipv4'
      ? [sessionAddressOf(from)]
      : (isLayer3(world.blueprint) ? from.underlay : from.overlay)
          .map(bare)
          .filter(address => familyOf(address) === 'ipv6')
          .slice(0, 1),
  communities: [],
})

/** One more bit: half of the network. */
const halfOf = (prefix: string): string => `${bare(prefix)}/${lengthOf(prefix) + 1n}`

/** Everything that anybody could try to announce. */
const probes = ({ blueprint: { mesh }, nodes }: World): string[] => {
  const networks = nodes.flatMap(prefixesOf)
  const pools = [mesh.underlay, mesh.overlay].flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6])
  return [
    ...networks,
    ...networks.map(halfOf),
    ...networks.map(prefix => `${bare(prefix)}/${bits(familyOf(prefix))}`),
    ...pools.filter(pool => pool !== null),
    ...[mesh.containers.ipv4, mesh.containers.ipv6].flatMap(pool => (pool ? [pool.prefix] : [])),
    ...(['ipv4', 'ipv6'] as const).map(family => `${textOf(family, 0n)}/0`),
    '192.0.2.0/24',
  ]
}

describe('routes', () => {
  test('25: every prefix reaches every node that packets reach, from its owner alone', inMeshes(delivers))

  test('--status looks for exactly those of them that no filter of the node names', inMeshes(looksFor))

  test('25: in a mesh of 60 nodes too', () => forAll(largeMesh, blueprint => delivers(worldOf(blueprint)), 1))

  test(
    '28: a node originates exactly its container networks, and no two networks overlap',
    inMeshes(world => {
      const all: string[] = []
      for (const node of world.nodes) {
        const file = world.frr(node)
        if (!file) continue
        const own = prefixesOf(node)
        const networks = [...(file.families.ipv4?.networks ?? []), ...(file.families.ipv6?.networks ?? [])]
        expect([...networks].sort()).toEqual([...own].sort())
        expect([...file.blackholes].sort()).toEqual([...own].sort())
        all.push(...networks)
      }
      expect(clashes(all)).toEqual([])
    }),
  )

  test(
    '28: a node lets out exactly its own, and a reflector all',
    inMeshes(world => {
      for (const node of world.nodes) {
        const file = world.frr(node)
        if (!file) continue
        for (const address of file.neighbors.keys())
          for (const family of familiesOf(world)) {
            const found = probes(world).filter(
              prefix =>
                familyOf(prefix) === family &&
                letsOut(file, family, address, announcement(world, prefix, node)),
            )
            const all = probes(world).filter(prefix => familyOf(prefix) === family)
            const own = prefixesOf(node).filter(prefix => familyOf(prefix) === family)
            expect(found).toEqual(world.reflectors.includes(node) ? all : own)
          }
      }
    }, 30),
  )

  test(
    "28: it lets in exactly the neighbor's, and from a reflector those of the mesh but its own",
    inMeshes(world => {
      const { nodes, reflectors } = world
      for (const node of nodes) {
        const file = world.frr(node)
        if (!file) continue
        for (const other of expectedNeighbors(world, node))
          for (const family of familiesOf(world)) {
            const found = probes(world).filter(
              prefix =>
                familyOf(prefix) === family &&
                letsIn(file, family, sessionAddressOf(other), announcement(world, prefix, other)),
            )
            const of = (owners: readonly NodeFacts[]): string[] =>
              owners.flatMap(prefixesOf).filter(prefix => familyOf(prefix) === family)
            if (!reflectors.includes(other)) expect(found.sort()).toEqual(of([other]).sort())
            else {
              const theirs = of(nodes.filter(one => one !== node))
              expect(found).toEqual(expect.arrayContaining(theirs))
              // Halves of networks where others have smaller ones; but nothing of its own, no pool and no default.
              for (const prefix of found) {
                expect(clashes([prefix, ...of([node])])).toEqual([])
                expect(clashes([prefix, ...theirs])).not.toEqual([])
                expect(lengthOf(prefix)).toBeGreaterThanOrEqual(
                  theirs.map(lengthOf).reduce((a, b) => (a < b ? a : b)),
                )
              }
            }
          }
      }
    }, 30),
  )

  test(
    '28: a reflector takes what a client announces only by way of itself',
    inMeshes(world => {
      for (const node of world.reflectors) {
        const file = world.frr(node)
        if (!file) continue
        const clients = world.nodes.filter(
          other => world.model.reachable(node, other) && !world.reflectors.includes(other),
        )
        for (const other of clients)
          for (const prefix of prefixesOf(other)) {
            const own = announcement(world, prefix, other)
            // In another's name, whom packets would be sent to.
            for (const liar of clients.filter(one => one !== other))
              expect([prefix, letsIn(file, familyOf(prefix), sessionAddressOf(liar), own)]).toEqual([
                prefix,
                false,
              ])
            const forged = { ...own, nextHops: own.nextHops.map(() => sessionAddressOf(node)) }
            if (own.nextHops.length === 1)
              expect([prefix, letsIn(file, familyOf(prefix), sessionAddressOf(other), forged)]).toEqual([
                prefix,
                false,
              ])
          }
      }
    }),
  )
})
