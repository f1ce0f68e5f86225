import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changesBetween, gapsOf, meshFolder, onNode, targets } from '../../src/index.js'
import type { Blueprint, MeshBlueprint, NodeBlueprint } from '../arbitraries/blueprint.js'
import { renamed, withNode, withoutNode } from '../arbitraries/changes.js'
import { meshOfSeveral, meshWithNetworks } from '../arbitraries/meshes.js'
import { changedFiles } from '../oracles/text.js'
import { faultsOf, meshOf, treeOf } from '../oracles/tree.js'
import { forAll } from '../support/property.js'

const ofMesh: readonly (keyof MeshBlueprint)[] = [
  'mode',
  'vni',
  'asn',
  'port',
  'vxlanPort',
  'pathMtu',
  'families',
  'presharedKeys',
  'reflectors',
  'timers',
  'bfd',
  'gracefulRestart',
  'maximumPrefix',
  'sessionPassword',
]

const ofNode: readonly (keyof NodeBlueprint)[] = [
  'listenPort',
  'keepalive',
  'site',
  'forward',
  'metadata',
  'hooks',
  'endpoints',
  'endpointsAt',
  'families',
  'hostname',
  'fwmark',
  'pathMtu',
  'os',
  'frr',
  'reflector',
  'underlayPins',
  'overlayPins',
  'mac',
  'containers',
  'keyOnNode',
  'keyName',
  'targets',
]

/** A mesh, and the same with something as another mesh has it, or a node less. */
const change: fc.Arbitrary<readonly [Blueprint, Blueprint]> = fc
  .tuple(
    fc.oneof(meshOfSeveral, meshWithNetworks),
    meshOfSeveral,
    fc.oneof(
      fc.constantFrom(...ofMesh).map(key => (one: Blueprint, other: Blueprint) => ({
        ...one,
        mesh: { ...one.mesh, [key]: other.mesh[key] },
      })),
      fc
        .tuple(fc.constantFrom(...ofNode), fc.nat())
        .map(([key, at]) => (one: Blueprint, other: Blueprint) => {
          const node = one.nodes[at % one.nodes.length] as NodeBlueprint
          const like = other.nodes[at % other.nodes.length] as NodeBlueprint
          return withNode(one, node.name, { [key]: like[key] })
        }),
      fc
        .nat()
        .map(
          at => (one: Blueprint) =>
            withoutNode(one, (one.nodes[at % one.nodes.length] as NodeBlueprint).name),
        ),
    ),
  )
  .map(([one, other, edit]) => [one, edit(one, other)] as const)
  .filter(([, after]) => after.nodes.length > 1 && faultsOf(after).length === 0)

/** Nodes and clients of which a file differs, or the key that lies on the node alone or is not at hand. */
const thoseThatDiffer = (before: Blueprint, after: Blueprint): string[] => {
  const folders = changedFiles(treeOf(before), treeOf(after)).map(place => place.split(' ')[0] as string)
  const keysOf = ({ nodes, hidden }: Blueprint): string[] =>
    nodes.filter(({ keyOnNode }) => hidden || keyOnNode).map(({ name, keyName }) => `${name} ${keyName}`)
  const old = keysOf(before)
  const kept = keysOf(after)
    .filter(one => !old.includes(one))
    .map(one => one.split(' ')[0] as string)
  return [...new Set([...folders, ...kept])].filter(folder => folder !== meshFolder)
}

describe('what a change is said to be', () => {
  test('where a file of a node differs, something is told, and what is interrupted on a node is in files of it', () =>
    forAll(
      change,
      ([before, after]) => {
        const told = changesBetween(meshOf(before), meshOf(after))
        const differ = thoseThatDiffer(before, after)
        const changed = told.nodes.filter(one => !one.before || !one.after || one.aspects.size > 0)
        if (differ.length > 0) expect(told.aspects.size + changed.length).toBeGreaterThan(0)
        else expect(gapsOf(told, onNode(told, targets))).toEqual([])
        const ofNodes = onNode(told, targets)
        for (const { before, after } of told.nodes)
          if (before && after && ofNodes(before, after).length > 0) expect(differ).toContain(after.name)
      },
      60,
    ))

  test('what lasts until two nodes have their files is between nodes that get some', () =>
    forAll(
      change,
      ([before, after]) => {
        const told = changesBetween(meshOf(before), meshOf(after))
        const differ = thoseThatDiffer(before, after)
        for (const { between, until, both } of gapsOf(told, onNode(told, targets))) {
          for (const name of until) expect(differ, JSON.stringify({ between, until })).toContain(name)
          // Of the two, one may have the file already that it is to have.
          if (both) expect(between.flat().some(name => differ.includes(name))).toBe(true)
        }
      },
      60,
    ))

  test('a node with another name is the node that it was', () =>
    forAll(meshOfSeveral, blueprint => {
      const { name } = blueprint.nodes[0] as NodeBlueprint
      const told = changesBetween(meshOf(blueprint), meshOf(renamed(blueprint, name, 'renamed')))
      expect(told.nodes.every(({ before, after }) => before && after)).toBe(true)
      expect(told.nodes.filter(({ aspects }) => aspects.has('name')).map(({ after }) => after?.name)).toEqual(
        ['renamed'],
      )
    }))
})
