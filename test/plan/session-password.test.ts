import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { generate, type Mesh, planner, textOf } from '../../src/index.js'
import { keyRingFor, presharedSeed } from '../support/keys.js'
import { codesAbout, meshText, resolved } from '../support/resolved.js'

const on = ['session-password = yes']

/** By another implementation than ours. */
const expected = createHmac('sha512', presharedSeed)
  .update('BGP session password')
  .digest()
  .subarray(0, 32)
  .toString('base64url')

const networks = '\n[segment dmz]\n\n[tenant blue]\ncontainers = 10.91.0.0/16 /24\n'
const reflectors = [['reflector = yes'], ['reflector = yes'], [], []]
const meshes: readonly (readonly [what: string, text: string])[] = [
  ['everybody with everybody', meshText(on, [], [], [])],
  ['with reflectors', meshText(on, ...reflectors)],
  ['with EVPN', meshText(on, [], [], []) + networks],
  ['with reflectors and EVPN', meshText(on, ...reflectors) + networks],
  ['without VXLAN', meshText([...on, 'mode = l3'], ...reflectors) + networks.replace('[segment dmz]\n', '')],
  ['with an old FRR', meshText(on, ['frr = 7.2'], [], []) + networks],
]

const plansOf = (mesh: Mesh) => mesh.nodes.map(planner(mesh))

const confsOf = (mesh: Mesh) =>
  [...generate(mesh)].flatMap(({ files }) => files.filter(({ path }) => path === 'etc/frr/frr.conf'))

/** Addresses of neighbors, each with the password that it or its group has. */
const passwordsIn = (conf: string): (readonly [string, string | undefined])[] => {
  const words = new Map(
    [...conf.matchAll(/^ neighbor (\S+) password (.+)$/gm)].map(([, who = '', word]) => [who, word]),
  )
  return [...conf.matchAll(/^ neighbor (\S*[.:]\S*) peer-group (\S+)$/gm)].map(([, who = '', group = '']) => [
    who,
    words.get(who) ?? words.get(group),
  ])
}

describe('session-password', () => {
  test('comes from the seed, and is the same for all', () => {
    const mesh = resolved(meshText(on, [], [], []))
    expect(mesh.sessionPassword?.reveal()).toBe(expected)
    expect(plansOf(mesh).map(({ routing }) => routing.password?.reveal())).toEqual(Array(3).fill(expected))
    const text = meshText(on, [], [], [])
    const other = resolved(text, { ...keyRingFor(text), presharedSeed: new Uint8Array(32) })
    expect(other.sessionPassword?.reveal()).not.toBe(expected)
  })

  test('fits what TCP takes, and what FRR reads as one word', () => {
    // RFC 2385 and TCP_MD5SIG_MAXKEYLEN: at most 80 characters.
    expect(expected).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  test.each(meshes)('is said for every neighbor: %s', (_, text) => {
    const confs = confsOf(resolved(text))
    expect(confs.length).toBeGreaterThan(2)
    for (const { content, secret, mode } of confs) {
      const found = passwordsIn(textOf(content))
      expect(found.length).toBeGreaterThan(0)
      expect(found.filter(([, password]) => password !== expected)).toEqual([])
      expect([secret, mode]).toEqual([true, 0o600])
    }
  })

  test.each(meshes)('stands in no other file: %s', (_, text) => {
    for (const { node, files } of generate(resolved(text)))
      for (const { path, content } of files)
        expect([node, path, textOf(content).includes(expected)]).toEqual([
          node,
          path,
          path === 'etc/frr/frr.conf',
        ])
  })

  test.each(meshes)('is hidden where all secrets are, and nothing else changes: %s', (_, text) => {
    const keys = text.split('\n').flatMap(line => {
      const name = /^\[node (\S+)\]/.exec(line)?.[1]
      return name ? [line, `public-key = ${publicKeyIn(text, name)}`] : [line]
    })
    const hidden = confsOf(resolved(keys.join('\n'), 'hidden')).map(({ content }) => textOf(content))
    const shown = confsOf(resolved(text)).map(({ content }) => textOf(content))
    expect(hidden).toEqual(shown.map(conf => conf.replaceAll(expected, '(hidden)')))
    expect(hidden.join('')).toContain('password (hidden)')
  })

  test('is not in a plan that is printed', () => {
    const text = JSON.stringify(plansOf(resolved(meshText(on, [], []))))
    expect(text).not.toContain(expected)
    expect(text).toContain('"password":"(hidden)"')
  })

  test('is nowhere unless asked for, though there is a seed', () => {
    for (const lines of [[], ['preshared-keys = yes'], ['session-password = no']]) {
      const mesh = resolved(meshText(lines, [], []))
      expect(mesh.sessionPassword).toBeNull()
      for (const { content, secret } of confsOf(mesh)) {
        expect(textOf(content)).not.toContain('password')
        expect(secret).toBe(false)
      }
    }
  })

  test('brings no preshared keys', () => {
    const mesh = resolved(meshText(on, [], []))
    expect(plansOf(mesh).map(({ tunnel }) => tunnel.presharedKeys)).toEqual([null, null])
    const both = resolved(meshText([...on, 'preshared-keys = yes'], [], []))
    const [key] = plansOf(both)[0]?.tunnel.presharedKeys ?? []
    expect(key?.reveal()).toBeDefined()
    expect(key?.reveal()).not.toContain(expected.slice(0, 20))
  })

  test('needs the seed, and says so at its own key', () => {
    const text = meshText(['preshared-keys = no', ...on], [], [])
    expect(codesAbout(text, { ...keyRingFor(text), presharedSeed: null })).toEqual([
      'preshared-seed session-password = yes',
    ])
  })
})

const publicKeyIn = (text: string, name: string): string =>
  resolved(text).nodes.find(node => node.name === name)?.publicKey ?? ''
