import { describe, expect, it } from 'vitest'
import { session } from './session.js'

const { run, ok, text, snapshot } = session()
const four = 'init --nodes a=203.0.113.1,b=203.0.113.2,c=203.0.113.3,d=203.0.113.4'

describe('exclude', () => {
  it('keeps pairs from peering in both files, and lets them again byte for byte', async () => {
    await ok(four)
    const before = text('mesh.ini')
    expect(await run(['exclude', 'add', 'a', 'b', 'c'])).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /\[relayed-pair\][\s\S]*a and b do not peer now\na and c do not peer now\n$/,
      ),
    })
    expect(text('mesh.ini')).toBe(`${before}\n[exclude]\na = b, c\n`)
    expect(await ok('showconf a')).not.toContain('\n# b\n')
    expect(await ok('showconf b')).not.toContain('\n# a\n')
    expect(await run(['exclude', 'add', 'b', 'a'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('b and a do not peer, as before'),
    })
    expect(text('mesh.ini')).toBe(`${before}\n[exclude]\na = b, c\n`)
    await ok('exclude remove b a')
    expect(await ok('showconf b')).toContain('\n# a\n')
    await ok('exclude remove c a d')
    expect(text('mesh.ini')).toBe(before)
  })

  it.each([
    ['exclude ad a b', 'did you mean "add"?'],
    ['exclude add a', 'exclude <action> <node> <others..>'],
    ['exclude add a a', 'name the node first'],
    ['exclude add a x', 'there is no node "x"'],
    ['exclude remove x a', 'there is no node "x"'],
  ])('%s is a wrong command line', async (line, hint) => {
    await ok(four)
    const before = snapshot()
    expect(await run(line.split(' '))).toMatchObject({ code: 2, stderr: expect.stringContaining(hint) })
    expect(snapshot()).toEqual(before)
  })
})
