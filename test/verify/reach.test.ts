import { expect, test } from 'vitest'
import { failuresIn, reachTable, verify } from '../../src/verify/index.js'
import { foldersOf } from './folders.js'

test('who reaches whom is a letter for each two nodes', () => {
  const folders = foldersOf('relay')
  const all = verify(folders)
  const names = all.nodes
  const { nodes, rows } = reachTable(names, all.pairs)
  expect(nodes).toEqual(names)
  expect(rows).toEqual(names.map((_, at) => names.map((_, other) => (at === other ? '-' : 'y')).join('')))
  // Each by itself, with what the pairs say.
  const [relay = '', ...others] = names
  const [failure] = failuresIn(folders, [{ name: relay, nodes: [relay] }])
  const left = all.pairs.map(pair => ({
    ...pair,
    passes:
      failure?.lost.every(
        ({ from, to, prefix }) => `${from} ${to} ${prefix}` !== `${pair.from} ${pair.to} ${pair.prefix}`,
      ) ?? false,
  }))
  const off = reachTable(names, left, [relay]).rows
  expect(off[0]).toBe(names.map(name => (name === relay ? '-' : '.')).join(''))
  const [home1, home2] = [names.indexOf('home1'), names.indexOf('home2')]
  expect([off[home1]?.[home2], off[home2]?.[home1], off[home1]?.[home1], off[home1]?.[0]]).toEqual([
    'n',
    'n',
    '-',
    '.',
  ])
  expect(others).toContain('home1')
})

test('some of several networks, and none to reach', () => {
  const pair = { from: 'a', to: 'b', why: null }
  const pairs = [
    { ...pair, prefix: '10.0.1.0/24', passes: true },
    { ...pair, prefix: '10.0.2.0/24', passes: false },
  ]
  expect(reachTable(['a', 'b'], pairs).rows).toEqual(['-s', ' -'])
})
