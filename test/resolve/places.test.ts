import { describe, expect, test } from 'vitest'
import { codesAbout, diagnosticsAbout, meshText } from '../support/resolved.js'

const faults = (text: string) =>
  diagnosticsAbout(text)
    .filter(({ code }) => code === 'unsupported')
    .map(({ span, hint }) => [text.split('\n')[(span?.line ?? 0) - 1], span?.column, hint])

describe('what a tool cannot express is shown at the key that causes it', () => {
  const networkd = ['tunnel = networkd']
  const instead = 'write tunnel = wg-quick and overlay = wg-quick for n1, or take this out'

  test.each<[string, string, [line: string, column: number, hint: string][]]>([
    ['a hook', meshText([], [...networkd, 'post-up = ls'], []), [['post-up = ls', 11, instead]]],
    [
      'of several the first',
      meshText([], [...networkd, 'pre-down[] = ls', 'pre-down[] = true'], []),
      [['pre-down[] = ls', 14, instead]],
    ],
    [
      'each that is cut short',
      meshText([], ['post-up[] = ls', 'post-up[] = "a # b"', "post-up[] = '#'"], []),
      [
        ['post-up[] = "a # b"', 13, 'change this or take it out: no other tool for it can either'],
        ["post-up[] = '#'", 13, 'change this or take it out: no other tool for it can either'],
      ],
    ],
    [
      "a group's",
      `${meshText([], networkd, [])}\n[group g]\nmembers = n1, n2\npost-up = ls`,
      [['post-up = ls', 11, instead]],
    ],
    [
      'the choice of a tool, where that is the fault',
      meshText([], ['overlay = networkd'], []),
      [['overlay = networkd', 11, 'write overlay = wg-quick for n1, or take this out']],
    ],
    [
      'for the whole mesh, once',
      `${meshText([], [], [], [])}\n[targets]\noverlay = networkd`,
      [['overlay = networkd', 11, 'write overlay = wg-quick for n1, or take this out']],
    ],
  ])('%s', (_, text, expected) => {
    expect(faults(text)).toEqual(expected)
  })

  test('and says how many more nodes have it', () => {
    const text = `${meshText([], [], [], [])}\n[targets]\noverlay = networkd`
    expect(diagnosticsAbout(text)[0]?.message).toMatch(/\(and 2 more nodes\)$/)
  })

  test("the mesh's name, at the mesh's key", () => {
    const text = meshText(['name = renderer'], ['tunnel = netplan'], [])
    expect(codesAbout(text)).toContain('unsupported name = renderer')
  })
})
