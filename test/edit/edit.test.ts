import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/diagnostics/index.js'
import {
  appendNode,
  joinGroup,
  nextId,
  nodeNames,
  removeNode,
  renameNode,
  setKey,
  unsetKey,
  written,
} from '../../src/edit/index.js'
import { scan } from '../../src/parse/scan.js'
import { fc } from '../support/property.js'

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value
}

const mesh = `; a mesh of three
[mesh]
name       = ciabmesh            ; the interface
port       = 51820

# the first
[node node1]
id         = 1
endpoint   = 203.0.113.1 ; Frankfurt

[node node2]
id         = 2
endpoint   = none

[node node3]
id         = 3
endpoint   = "203.0.113.3"

[exclude]
node1      = node2, node3

[group far]
members    = node2, node3
keepalive  = 25
`

describe('appendNode', () => {
  it('adds an aligned section behind one blank line', () => {
    expect(
      value(
        appendNode(mesh, 'node4', [
          ['id', '4'],
          ['endpoint', 'none'],
        ]),
      ),
    ).toBe(`${mesh}\n[node node4]\nid         = 4\nendpoint   = none\n`)
  })

  it.each([
    ['LF', (text: string) => text],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['no final line end', (text: string) => text.trimEnd()],
    ['CRLF, no final line end', (text: string) => text.trimEnd().replaceAll('\n', '\r\n')],
    ['blank lines at the end', (text: string) => `${text}\n\n`],
    ['a comment at the end', (text: string) => `${text}# the end`],
    ['a comment and a line end', (text: string) => `${text}# the end\n`],
  ])('is undone by removeNode but for next-id: %s', (_, shape) => {
    const before = shape(mesh)
    const added = value(
      appendNode(before, 'x', [
        ['id', '9'],
        ['endpoint', '198.51.100.1'],
      ]),
    )
    expect(added).not.toBe(before)
    const after = value(removeNode(added, 'x'))
    expect(after.replace(/next-id += 10\r?\n/, '')).toBe(before)
    expect(nextId(after)).toBe(10)
  })
})

describe('removeNode', () => {
  it('takes the comments above, the mentions and nothing else', () => {
    expect(value(removeNode(mesh, 'node1'))).toBe(
      mesh
        .replace(/\n# the first\n\[node node1\]\nid +=.*\nendpoint.*\n/, '')
        .replace('node1      = node2, node3\n', ''),
    )
    const without2 = value(removeNode(mesh, 'node2'))
    expect(without2).toContain('node1      = node3\n')
    expect(without2).toContain('members    = node3\n')
    expect(without2).not.toContain('next-id')
  })

  it('leaves next-id when the highest id goes, and keeps a higher one', () => {
    const once = value(removeNode(mesh, 'node3'))
    expect(once).toContain('port       = 51820\nnext-id    = 4\n')
    expect(once).toContain('members    = node2\n')
    const twice = value(removeNode(once, 'node2'))
    expect(twice).toContain('next-id    = 4\n')
    expect(twice).not.toContain('members')
  })

  it('keeps a comment that touches the next section, and one after a blank line', () => {
    const text =
      '[mesh]\n\n[node a]\nid = 1\n; of a\n\n; a heading\n\n[node b]\nid = 2\n; of c\n[node c]\nid = 3\n'
    expect(value(removeNode(text, 'a'))).toBe(
      '[mesh]\n\n; a heading\n\n[node b]\nid = 2\n; of c\n[node c]\nid = 3\n',
    )
    expect(value(removeNode(text, 'b'))).toBe(
      '[mesh]\n\n[node a]\nid = 1\n; of a\n\n; a heading\n\n; of c\n[node c]\nid = 3\n',
    )
  })

  it.each([
    ['members = a, b, c', 'b', 'members = a, c'],
    ['members = a,b,c ; all', 'c', 'members = a,b ; all'],
    ['members = "a, b, c"', 'a', 'members = "b, c"'],
    ['members = "a, b, c"', 'c', 'members = "a, b"'],
    ['members = "a, \\u0062, c"', 'b', 'members = a, c'],
    ['members = b', 'b', ''],
    ['members[] = a\nmembers[] = b', 'b', 'members[] = a'],
    ['members = ab, b, ba', 'b', 'members = ab, ba'],
  ])('%s without %s', (before, name, after) => {
    expect(value(removeNode(`[group g]\n${before}\n[node ${name}]\n`, name)).trimEnd()).toBe(
      `[group g]\n${after}`.trimEnd(),
    )
  })
})

describe('renameNode', () => {
  it('renames header, exclude and groups only', () => {
    const renamed = renameNode(mesh, 'node2', 'berlin')
    expect(renamed).toBe(
      mesh
        .replace('[node node2]', '[node berlin]')
        .replace('= node2, node3\n\n[group', '= berlin, node3\n\n[group')
        .replace('members    = node2', 'members    = berlin'),
    )
    expect(renameNode(renamed, 'berlin', 'node2')).toBe(mesh)
    expect(renameNode(mesh, 'node1', 'n')).toContain('\nn      = node2, node3')
  })

  it('does not take the word node for the name', () => {
    expect(renameNode('[mesh]\n[ node   node ]\nid=1\n', 'node', 'x')).toBe('[mesh]\n[ node   x ]\nid=1\n')
  })
})

describe('setKey', () => {
  it.each([
    ['port', ['4500'], 'port       = 51820', 'port       = 4500'],
    ['name', ['mymesh'], 'name       = ciabmesh            ; the', 'name       = mymesh            ; the'],
  ])('replaces %s in place', (key, values, before, after) => {
    expect(value(setKey(mesh, 'mesh', key, values))).toBe(mesh.replace(before, after))
  })

  it('appends a key aligned like its neighbor', () => {
    expect(value(setKey(mesh, 'mesh', 'path-mtu', ['1460']))).toContain(
      'port       = 51820\npath-mtu   = 1460\n',
    )
    expect(value(setKey(mesh, 'mesh', 'container-runtime', ['lxd']))).toContain('\ncontainer-runtime = lxd\n')
    expect(value(setKey('[mesh]\na=1', 'mesh', 'b', ['2']))).toBe('[mesh]\na=1\nb=2')
    expect(value(setKey('[mesh]\r\n  a = 1\r\n', 'mesh', 'b', ['2']))).toBe(
      '[mesh]\r\n  a = 1\r\n  b = 2\r\n',
    )
    expect(value(setKey('[mesh]', 'mesh', 'b', ['2']))).toBe('[mesh]\nb = 2')
    expect(value(setKey('[mesh]\n', 'targets', 'routing', ['none']))).toBe(
      '[mesh]\n\n[targets]\nrouting = none\n',
    )
  })

  it('writes, changes and shortens lists', () => {
    const one = value(setKey(mesh, 'node node1', 'post-up', ['sh -c "a; b"']))
    expect(one).toContain(String.raw`post-up    = "sh -c \"a; b\""`)
    const two = value(setKey(one, 'node node1', 'post-up', ['true', 'false # no']))
    expect(two).toContain('post-up[]  = true\npost-up[]  = "false # no"\n')
    const other = value(setKey(two, 'node node1', 'post-up', ['x']))
    expect(other).toContain('post-up[]  = x\n')
    expect(other.match(/post-up/g)).toHaveLength(1)
    expect(unsetKey(two, 'node node1', 'post-up')).toBe(mesh)
  })

  it('fills in an empty value', () => {
    expect(value(setKey('[mesh]\nport =\nasn = 1\n', 'mesh', 'port', ['5']))).toBe(
      '[mesh]\nport = 5\nasn = 1\n',
    )
  })

  it.each(['a\nb', 'a\r\n[x]', '\u0000', ''])('refuses %j', text => {
    expect(setKey(mesh, 'mesh', 'name', [text])).toMatchObject({ ok: false })
  })
})

describe('joinGroup', () => {
  it.each([
    ['members = a', 'members = a, x'],
    ['members = "a, b"', 'members = "a, b, x"'],
    ['members = a ; c', 'members = a, x ; c'],
    ['members[] = a', 'members[] = a\nmembers[] = x'],
    ['keepalive = 5', 'keepalive = 5\nmembers   = x'],
  ])('%s', (before, after) => {
    expect(value(joinGroup(`[group g]\n${before}\n`, 'g', 'x'))).toBe(`[group g]\n${after}\n`)
  })
})

describe('any text', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const result = written('k', text)
        if (!result.ok) return
        const entry = scan(`[x]\nk = ${result.value} ; c`, '').sections[0]?.entries[0]
        expect(entry?.value).toBe(text.trim())
      }),
    )
  })

  it('keeps every byte that an edit does not touch', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '[mesh]',
        '[node a]',
        '[node b]',
        '[group g]',
        '[exclude]',
        'members = a, b',
        'a = b',
        'id = 3',
        '',
        '; c',
        '  x=y',
      ),
      fc.string(),
    )
    const text = fc
      .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'))
      .map(([lines, end]) => lines.join(end))
    fc.assert(
      fc.property(text, source => {
        const added = value(appendNode(source, 'zz', [['id', '99']]))
        const named = nodeNames(source)
        const again = value(removeNode(added, 'zz'))
        // Without a [mesh] there is none to say next-id in, so one is made.
        if (/^\[mesh\]\r?$/m.test(source) && !source.includes('next-id'))
          expect(again.replace(/[^\n]*next-id[^\n]*100\r?(\n|$)/, '').trimEnd()).toBe(source.trimEnd())
        for (const name of named.filter(name => /^\w+$/.test(name))) {
          value(removeNode(source, name))
          renameNode(source, name, 'other')
        }
        value(setKey(source, 'mesh', 'k', ['v']))
        unsetKey(source, 'mesh', 'id')
      }),
      { numRuns: 2000 },
    )
  })
})
