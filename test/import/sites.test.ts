import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { endpointFor } from '../../src/model/dialing.js'
import { privateTextFor, publicKeyFor } from '../oracles/keys.js'
import { forAll } from '../support/property.js'
import { imported, meshFrom } from './cases.js'

/** Somebody's nodes: who is in one network, and who has an address at the internet. */
interface Place {
  readonly name: string
  readonly lan: number | null
  readonly online: boolean
}

const local = (name: string, lan: number): string => `192.168.${lan}.${name.slice(1)}:51820`
const online = (name: string): string => `203.0.113.${name.slice(1)}:51820`

/** What somebody wrote who knows where they are. */
const dialled = (from: Place, to: Place): string | null => {
  if (from.lan !== null && from.lan === to.lan) return local(to.name, to.lan)
  return to.online ? online(to.name) : null
}

const filesOf = (places: readonly Place[], dials = dialled) =>
  places.map(place => ({
    file: `${place.name}.conf`,
    text: [
      '[Interface]',
      `PrivateKey = ${privateTextFor(place.name)}`,
      `Address = 10.9.0.${place.name.slice(1)}/24`,
      'ListenPort = 51820',
      ...places
        .filter(other => other !== place)
        .flatMap(other => {
          const endpoint = dials(place, other)
          return [
            '[Peer]',
            `# ${other.name}`,
            `PublicKey = ${publicKeyFor(other.name)}`,
            `AllowedIPs = 10.9.0.${other.name.slice(1)}/32`,
            ...(endpoint === null ? [] : [`Endpoint = ${endpoint}`]),
          ]
        }),
    ].join('\n'),
  }))

const place = (number: number, lan: number | null, isOnline = false): Place => ({
  name: `n${number}`,
  lan,
  online: isOnline,
})

/** The keys of mesh.ini that say where a node is dialled. */
const linesOf = (places: readonly Place[], dials = dialled): string[] =>
  imported({ wgQuick: filesOf(places, dials) })
    .text.split('\n')
    .filter(line => /^(endpoint|site)/.test(line))
    .map(line => line.replace(/ += /, ' = '))

describe('where nodes are, by what their files dial', () => {
  test('all pairs dial what they dialled, whoever is where', () =>
    forAll(
      fc.array(fc.record({ lan: fc.constantFrom(null, 1, 2, 3), online: fc.boolean() }), {
        minLength: 2,
        maxLength: 7,
      }),
      nodes => {
        const places = nodes.map(({ lan, online }, at) => place(at + 1, lan, online))
        const mesh = meshFrom(imported({ wgQuick: filesOf(places) }))
        const node = ({ name }: Place) => {
          const found = mesh.nodes.find(one => one.name === name)
          if (!found) throw new Error(`${name} is gone`)
          return found
        }
        for (const from of places)
          for (const to of places)
            if (from !== to)
              expect(endpointFor(node(from), node(to))?.endpoint ?? null, `${from.name} ${to.name}`).toBe(
                dialled(from, to),
              )
      },
    ))

  test.each([
    [
      'two behind one router',
      [place(1, 1), place(2, 1), place(3, null, true)],
      [
        'endpoint = none',
        'site = lan',
        'endpoint@lan = 192.168.1.1',
        'endpoint = none',
        'site = lan',
        'endpoint@lan = 192.168.1.2',
        'endpoint = 203.0.113.3',
      ],
    ],
    ['all in one network', [place(1, 1), place(2, 1)], ['endpoint = 192.168.1.1', 'endpoint = 192.168.1.2']],
    [
      'all online',
      [place(1, null, true), place(2, null, true)],
      ['endpoint = 203.0.113.1', 'endpoint = 203.0.113.2'],
    ],
  ] as const)('%s', (_, places, expected) => {
    expect(linesOf(places)).toEqual(expected)
  })

  test('one whose file does not know the others is no reason for a site', () => {
    const [one, other, stranger] = [place(1, 1), place(2, 1), place(3, 2)] as const
    const files = filesOf([one, other])
    expect(imported({ wgQuick: [...files, ...filesOf([stranger])] }).text).not.toContain('site')
  })

  test('where those of one network do not agree, the report says who dials otherwise now', () => {
    const places = [1, 2, 3, 4].map(number => place(number, number < 4 ? 1 : null, true))
    const odd = (from: Place, to: Place) =>
      from.name === 'n3' && to.name === 'n1' ? online('n1') : dialled(from, to)
    const { report, text } = imported({ wgQuick: filesOf(places, odd) })
    expect(text).toMatch(/^endpoint *= 203\.0\.113\.1$/m)
    expect(report).toMatch(
      /n1: it was dialled at 203\.0\.113\.1:51820 by n3 and at 192\.168\.1\.1:51820.* by n2: those at lan dial 203\.0\.113\.1:51820 now, and n2 must reach that/,
    )
  })

  test('the report says who is taken to be where, and that no relay is needed', () => {
    const { report } = imported({ wgQuick: filesOf([place(1, 1), place(2, 1), place(3, null, true)]) })
    expect(report).toMatch(
      /n1: it was dialled at 192\.168\.1\.1:51820.* by n2: taken to be at one site, lan, with n2/,
    )
    expect(report).not.toMatch(/cannot dial each other|neither can dial|no file has an endpoint for it/)
  })
})
