import { expect, test } from 'vitest'
import { type NodeFolder, verify } from '../../src/verify/index.js'
import { foldersOf } from './folders.js'

/** The files of node1 and node2, each without what a change takes out of one about the other. */
const without = (change: (text: string, file: string, other: string) => string): NodeFolder[] =>
  foldersOf('example').map(folder => {
    const other = { node1: '2', node2: '1' }[folder.name]
    if (other === undefined) return folder
    return {
      ...folder,
      files: folder.files.map(({ file, text }) => ({ file, text: change(text, file, other) })),
    }
  })

const noTunnel = (text: string, file: string, other: string): string =>
  file.endsWith('.fdb')
    ? text.replace(new RegExp(`^fdb .* dst 10\\.79\\.0\\.${other} .*\n`, 'gm'), '')
    : file.includes('wireguard')
      ? text.replace(new RegExp(`\\[Peer\\]\n# node${other}\n(?:.+\n)+`), '')
      : text

const noSession = (text: string, file: string, other: string): string =>
  file.endsWith('frr.conf')
    ? text.replace(new RegExp(`^ +neighbor 10\\.78\\.0\\.${other} .*\n`, 'gm'), '')
    : text

test('two nodes without a tunnel that have a BGP session are at fault', () => {
  const { findings } = verify(without(noTunnel))
  expect(findings.map(({ message }) => message)).toContain('node1 has no forwarding entry for node2')
})

test('without a session either, they are meant to be apart', () => {
  const { findings, pairs } = verify(
    without((text, ...where) => noSession(noTunnel(text, ...where), ...where)),
  )
  expect(findings.map(({ message }) => message)).toEqual([])
  expect(pairs.filter(({ passes }) => !passes).map(({ from, to, why }) => `${from} ${to} ${why}`)).toEqual([
    'node2 node1 null',
    'node2 node1 null',
    'node1 node2 null',
    'node1 node2 null',
  ])
})
