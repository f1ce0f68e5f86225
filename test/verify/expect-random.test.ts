import { expect, test } from 'vitest'
import { foldersOf } from '../../src/expect/index.js'
import { generate } from '../../src/index.js'
import { endsOf } from '../../src/verify/flow/ends.js'
import { flowOf } from '../../src/verify/flow/flow.js'
import { type Expectation, heldIn, studyOf } from '../../src/verify/index.js'
import { meshWithNetworks } from '../arbitraries/meshes.js'
import { meshOf } from '../oracles/tree.js'
import { forAll } from '../support/property.js'

const span = { file: 'mesh.ini', line: 1, column: 1, length: 1 }

test('random meshes: what the table says holds, and its opposite does not', () => {
  forAll(
    meshWithNetworks,
    blueprint => {
      const study = studyOf(foldersOf(generate(meshOf(blueprint))))
      const { net } = study
      const ends = endsOf(net).filter(({ kind }) => kind === 'containers')
      // A few of each mesh, spread over all pairs.
      const pairs = ends
        .flatMap((from, at) => ends.slice(at % 3).map(to => [from, to] as const))
        .filter(([from, to]) => from.address !== to.address && from.device !== to.device)
        .filter(([from, to]) => from.address.includes(':') === to.address.includes(':'))
        .filter((_, at, all) => at % Math.ceil(all.length / 20) === 0)
      for (const [from, to] of pairs) {
        const wanted = (end: typeof from) => ({
          text: `${end.name} ${end.address}`,
          any: [{ of: 'device' as const, node: end.machine.name, device: end.device }],
        })
        const line = (kind: 'reach' | 'isolate'): Expectation => ({
          kind,
          from: wanted(from),
          to: wanted(to),
          span,
          hint: 'write another',
        })
        const both = endsOf(net, from.machine)
          .filter(({ device }) => device === from.device)
          .flatMap(a =>
            endsOf(net, to.machine)
              .filter(b => b.device === to.device && b.address.includes(':') === a.address.includes(':'))
              .filter(b => b.address !== a.address)
              .map(b => flowOf(net, a, b)),
          )
        const codes = (kind: 'reach' | 'isolate') => heldIn(study, [line(kind)]).map(({ code }) => code)
        const reaches = both.every(({ verdict }) => verdict === 'passes')
        const apart = both.every(({ there }) => there.verdict === 'fails')
        if (both.some(({ verdict }) => verdict === 'unknown') || both.length === 0) continue
        expect([from.name, to.name, codes('reach')]).toEqual([
          from.name,
          to.name,
          reaches ? [] : ['expect-failed'],
        ])
        const filters = net.machines.every(({ filter }) => filter !== null)
        if (filters)
          expect([from.name, to.name, codes('isolate')]).toEqual([
            from.name,
            to.name,
            apart ? [] : ['expect-failed'],
          ])
      }
    },
    15,
  )
})
