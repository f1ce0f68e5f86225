import { describe, expect, test } from 'vitest'
import { expectedOf } from '../../src/verify/flow/expected.js'
import { flowOf } from '../../src/verify/flow/flow.js'
import { failuresOf, lostAmong, pairsIn, type Study, studyOf } from '../../src/verify/index.js'
import { areApart } from '../../src/verify/world.js'
import { fixtures } from '../support/meshes.js'
import { foldersOf } from './folders.js'

/** Every flow that passes, by its two ends: what a study says from the files alone. */
const passing = ({ net, world }: Study): Set<string> => {
  const found = new Set<string>()
  for (const { from, to, passes } of expectedOf(net))
    if (passes && !areApart(world, from.machine.node, to.machine.node))
      if (flowOf(net, from, to).verdict === 'passes')
        found.add(`${from.name} ${from.kind} ${to.name}${from.address.includes(':') ? ' 6' : ''}`)
  return found
}

const named = ({ from, to, prefix }: { from: string; to: string; prefix: string }): string =>
  `${from} ${to} ${prefix}`

// Those with two thousand flows and more say no more than the others, and take longer.
const small = fixtures.filter(({ name }) => foldersOf(name).length <= 8)

describe.each(small)('$name', ({ name }) => {
  test('what each failure of one node or two takes is what the files without them lack', () => {
    const folders = foldersOf(name)
    const study = studyOf(folders)
    const before = pairsIn(study)
    const flows = passing(study)
    const names = study.world.nodes.map(node => node.name)
    // Of two, those next to each other: what one reflector loses the other still tells.
    const losses = names.flatMap((one, at) =>
      [[one], names.slice(at, at + 2)].map(nodes => ({ name: nodes.join(' and '), nodes })),
    )
    for (const { without, lost, flows: gone } of failuresOf(study, losses)) {
      const left = studyOf(folders, without)
      expect([without, lost.map(named).sort()]).toEqual([
        without,
        lostAmong(before, pairsIn(left), without).map(named).sort(),
      ])
      const still = passing(left)
      const ours = gone
        .filter(({ from }) => from.kind !== 'client')
        .map(
          ({ from, to }) => `${from.name} ${from.kind} ${to.name}${from.address.includes(':') ? ' 6' : ''}`,
        )
      const others = [...flows].filter(
        flow =>
          !still.has(flow) && !without.some(one => flow.split(' ').some(word => word.startsWith(`${one}/`))),
      )
      expect([without, [...new Set(ours)].sort()]).toEqual([without, others.sort()])
    }
  })
})
