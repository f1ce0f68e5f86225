import { describe, expect, test } from 'vitest'
import { generate, meshFolder } from '../../src/generate.js'
import { textOf } from '../../src/render/chunks.js'
import { tunnels } from '../arbitraries/tunnels.js'
import { forAll } from '../support/property.js'
import { imported, meshFrom } from './cases.js'

const drawn = tunnels({ publicAddress: number => `5.9.0.${number}`, wholeMachine: true, most: 4 })

/** What a line says, in texts of which one must be found again. */
const saidBy = (line: string): string[][] => {
  const [, key = '', value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(line.trim()) ?? []
  const comment = /#\s*(?:Name:|Client|BEGIN_PEER|begin|friendly_name =)?\s*(\w+)/i.exec(line)?.[1]
  switch (key) {
    case '':
      return comment === undefined ? [] : [[comment]]
    case 'PreDown':
    case 'PostDown':
    case 'PreUp':
    case 'PostUp':
      // Of a rewritten one the report has both.
      return value === '' ? [] : value.split(/; /).map(part => [part, JSON.stringify(part).slice(1, 61)])
    case 'Address':
    case 'AllowedIPs':
    case 'DNS':
      return value.split(/[\s,]+/).map(part => [part, part.replace(/\/(32|128|24|16|8|64)$/, '')])
    case 'Endpoint':
      return [[value, value.replace(/:\d+$/, '')]]
    case 'PersistentKeepalive':
      return [[`keepalive  = ${value}`, `PersistentKeepalive = ${value}`]]
    case 'MTU':
      return [[`MTU = ${value}`, `WireGuard ${value}`]]
    case 'Table':
      return []
    case 'SaveConfig':
      return []
    default:
      return [[value]]
  }
}

describe('files that people have', () => {
  test('lose nothing: what a line says is in the files, or in the report', () => {
    forAll(drawn, ({ files }) => {
      const result = imported({ wgQuick: files })
      const mesh = meshFrom(result)
      const trees = [...generate(mesh)]
        .filter(({ node }) => node !== meshFolder)
        .flatMap(tree => tree.files.map(({ content }) => textOf(content)))
      const all = [result.report, result.text, ...trees].join('\n')
      for (const { file, text } of files)
        for (const line of text.split(/\r?\n/))
          for (const texts of saidBy(line))
            expect([file, line, texts.some(one => all.includes(one))]).toEqual([file, line, true])
    })
  })

  test('keep the names that their comments, folders and files give', () => {
    forAll(drawn, ({ files, nodes }) => {
      const mesh = meshFrom(imported({ wgQuick: files }))
      expect(mesh.nodes.map(({ name }) => name).sort()).toEqual(nodes.map(({ name }) => name).sort())
    })
  })

  test('say that old and new nodes talk to each other where all pairs can', () => {
    forAll(drawn, ({ files, nodes, pairs }) => {
      const { report } = imported({ wgQuick: files })
      const all = (nodes.length * (nodes.length - 1)) / 2
      if (pairs.length === all) expect(report).toMatch(/talk to each other meanwhile/)
      for (const [one, other] of pairs)
        expect(report).not.toMatch(new RegExp(`this does not: [^:]*${one} and ${other}`))
    })
  })
})
