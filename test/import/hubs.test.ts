import { describe, expect, test } from 'vitest'
import { privateTextFor, publicKeyFor } from '../oracles/keys.js'
import { imported } from './cases.js'

interface Peer {
  readonly name: string
  readonly endpoint?: string
  readonly allowed?: string
}

const fileOf = (name: string, number: number, peers: readonly Peer[]) => ({
  file: `${name}.conf`,
  text: [
    '# ENDPOINT 203.0.113.1',
    '[Interface]',
    `PrivateKey = ${privateTextFor(name)}`,
    `Address = 10.9.0.${number}/24`,
    'ListenPort = 51820',
    ...peers.flatMap(({ name, endpoint, allowed }, index) => [
      '[Peer]',
      `# ${name}`,
      `PublicKey = ${publicKeyFor(name)}`,
      `AllowedIPs = ${allowed ?? `10.9.0.${index + 2}/32`}`,
      ...(endpoint === undefined ? [] : [`Endpoint = ${endpoint}`]),
    ]),
  ].join('\n'),
})

const meanwhile = (...files: ReturnType<typeof fileOf>[]): string[] =>
  imported({ wgQuick: files })
    .findings.filter(({ kind }) => kind === 'meanwhile')
    .map(({ text }) => text)

describe('ways through a hub', () => {
  const paris = { name: 'paris', endpoint: '203.0.113.2:51820' }
  const rome = { name: 'rome', endpoint: '203.0.113.3:51820' }
  const phone = { name: 'phone' }

  test('nodes that can dial each other are named: the hub lets them through no more', () => {
    expect(meanwhile(fileOf('hub', 1, [paris, rome, phone]))).toContainEqual(
      expect.stringMatching(/^this does not: paris and rome by way of node1, if it did: /),
    )
  })

  test('clients go on by it', () => {
    expect(meanwhile(fileOf('hub', 1, [paris, phone])).join('\n')).not.toMatch(/by way of/)
  })

  test('so do nodes whose files say that they have each other by nothing else', () => {
    const files = [
      fileOf('hub', 1, [paris, rome]),
      fileOf('paris', 2, [{ name: 'hub', allowed: '10.9.0.0/24' }]),
      fileOf('rome', 3, [{ name: 'hub', allowed: '10.9.0.0/24' }]),
    ]
    expect(meanwhile(...files).join('\n')).not.toMatch(/by way of/)
  })
})
