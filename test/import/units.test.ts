import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generate, meshFolder } from '../../src/generate.js'
import type { ForeignSources } from '../../src/import/index.js'
import { textOf } from '../../src/render/chunks.js'
import { tunnels } from '../arbitraries/tunnels.js'
import { forAll } from '../support/property.js'
import { imported, meshFrom } from './cases.js'

const drawn = tunnels({ publicAddress: number => `5.9.0.${number}`, wholeMachine: false, most: 3 })

/** A section of a file for wg-quick, without its hooks. */
interface Part {
  readonly peer: boolean
  readonly entries: readonly (readonly [key: string, value: string])[]
}

const partsOf = (text: string): Part[] =>
  text
    .split(/\r?\n(?=\[)/)
    .filter(part => part.startsWith('['))
    .map(part => ({
      peer: part.startsWith('[Peer]'),
      entries: part.split(/\r?\n/).flatMap((line): [string, string][] => {
        const [, key = '', value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? []
        return key === '' || /^(P(re|ost)(Up|Down)|Table|SaveConfig)$/.test(key) ? [] : [[key, value]]
      }),
    }))

const valuesOf = ({ entries }: Part, key: string): string[] =>
  entries.filter(([name]) => name === key).flatMap(([, value]) => value.split(/[\s,]+/))

/** Lines that nothing in mesh.ini stands for, each where a unit may have it. */
const beside = {
  netdev: ['Description=made by hand', 'MACAddress=02:00:00:00:00:01'],
  WireGuard: ['RouteMetric=50'],
  WireGuardPeer: ['RouteMetric=60', 'RouteTable=77'],
  network: [
    '[Network]\nIPForward=yes',
    '[Network]\nDescription=by hand',
    '[Network]\nIPMasquerade=ipv4',
    '[Link]\nRequiredForOnline=no',
    '[Route]\nDestination=172.30.9.0/24\nTable=99',
    '[Route]\nDestination=172.30.8.0/24\nMetric=7',
    '[RoutingPolicyRule]\nTo=172.30.9.0/24\nTable=99',
    '[Address]\nAddress=10.99.0.1/24\nScope=link',
  ],
  files: ['[Match]\nName=eth0\n[Network]\nAddress=198.51.100.7/24\n', '[NetDev]\nName=br7\nKind=bridge\n'],
} as const

const networkd = fc.record({
  netdev: fc.subarray([...beside.netdev]),
  own: fc.subarray([...beside.WireGuard]),
  peer: fc.subarray([...beside.WireGuardPeer]),
  network: fc.subarray([...beside.network]),
  files: fc.subarray([...beside.files]),
})

const extra = {
  tunnel: [
    '      dhcp4: true',
    '      optional: true',
    '      link-local: [ipv4]',
    '      activation-mode: manual',
    '      nameservers:\n        search: [example.net]',
    '      routes:\n        - to: 172.30.9.0/24\n          table: 99',
    '      routes:\n        - to: 172.30.8.0/24\n          metric: 7',
    '      routing-policy:\n        - from: 172.30.9.0/24\n          table: 98',
  ],
  elsewhere: [
    '  ethernets:\n    eth0:\n      dhcp4: true',
    '  bridges:\n    br7:\n      addresses: [10.98.0.1/24]',
  ],
} as const

const netplan = fc.record({
  tunnel: fc.uniqueArray(fc.constantFrom(...extra.tunnel), {
    selector: text => text.split(':')[0],
    maxLength: 4,
  }),
  lifetime: fc.boolean(),
  elsewhere: fc.subarray([...extra.elsewhere]),
})

type Extra<T> = T extends fc.Arbitrary<infer V> ? V : never

const asUnits = (name: string, text: string, more: Extra<typeof networkd>) => {
  const [own, ...peers] = partsOf(text) as [Part, ...Part[]]
  const one = (part: Part, key: string, word = key): string[] =>
    valuesOf(part, key).map(value => `${word}=${value}`)
  const mtu = valuesOf(own, 'MTU').map(value => `MTUBytes=${value}`)
  return [
    {
      file: `${name}/wg0.netdev`,
      text: [
        ['[NetDev]', 'Name=wg0', 'Kind=wireguard', ...mtu, ...more.netdev],
        [
          '[WireGuard]',
          ...one(own, 'PrivateKey'),
          ...one(own, 'ListenPort'),
          ...one(own, 'FwMark', 'FirewallMark'),
        ],
        more.own,
        ...peers.map(peer => [
          '[WireGuardPeer]',
          ...['PublicKey', 'PresharedKey', 'AllowedIPs', 'Endpoint', 'PersistentKeepalive'].flatMap(key =>
            one(peer, key),
          ),
          ...more.peer,
        ]),
      ]
        .map(lines => lines.join('\n'))
        .join('\n'),
    },
    {
      file: `${name}/wg0.network`,
      text: ['[Match]', 'Name=wg0', '[Network]', ...one(own, 'Address'), ...more.network].join('\n'),
    },
    ...more.files.map((unit, index) => ({
      file: `${name}/other${index}.${unit.startsWith('[Match]') ? 'network' : 'netdev'}`,
      text: unit,
    })),
  ]
}

const asPlan = (name: string, text: string, more: Extra<typeof netplan>) => {
  const [own, ...peers] = partsOf(text) as [Part, ...Part[]]
  const one = (part: Part, key: string, indent: string, word: string): string[] =>
    valuesOf(part, key).map(value => `${indent}${word}: ${value}`)
  const list = (part: Part, key: string, indent: string): string[] =>
    valuesOf(part, key).map(value => `${indent}- "${value}"`)
  return {
    file: `${name}/50-mesh.yaml`,
    text: [
      'network:',
      '  version: 2',
      '  renderer: networkd',
      '  tunnels:',
      '    wg0:',
      '      mode: wireguard',
      ...one(own, 'PrivateKey', '      ', 'key'),
      ...one(own, 'ListenPort', '      ', 'port'),
      ...one(own, 'FwMark', '      ', 'mark'),
      ...one(own, 'MTU', '      ', 'mtu'),
      '      addresses:',
      ...list(own, 'Address', '        '),
      ...(more.lifetime ? ['        - 10.97.0.1/24:', '            lifetime: 0'] : []),
      ...more.tunnel,
      '      peers:',
      ...peers.flatMap(peer => [
        '        - keys:',
        ...one(peer, 'PublicKey', '            ', 'public'),
        ...one(peer, 'PresharedKey', '            ', 'shared'),
        '          allowed-ips:',
        ...list(peer, 'AllowedIPs', '            '),
        ...one(peer, 'Endpoint', '          ', 'endpoint'),
        ...one(peer, 'PersistentKeepalive', '          ', 'keepalive'),
      ]),
      ...more.elsewhere,
    ].join('\n'),
  }
}

/** All that an import leaves to read: mesh.ini, the report and the files of the nodes. */
const resultOf = (sources: ForeignSources): string => {
  const result = imported(sources)
  const trees = [...generate(meshFrom(result))]
    .filter(({ node }) => node !== meshFolder)
    .flatMap(tree => tree.files.map(({ content }) => textOf(content)))
  return [result.report, result.text, ...trees].join('\n')
}

/** What the sections of a file for wg-quick say, each in words of which one must be found again. */
const saidBy = (text: string): string[][] =>
  partsOf(text).flatMap(({ entries }) =>
    entries.flatMap(([key, value]) => {
      if (key === 'PersistentKeepalive') return [[`keepalive  = ${value}`, `PersistentKeepalive = ${value}`]]
      if (key === 'MTU') return [[`MTU = ${value}`, `WireGuard ${value}`]]
      if (key === 'Endpoint') return [[value, value.replace(/:\d+$/, '')]]
      return value.split(/[\s,]+/).map(part => [part, part.replace(/\/\d+$/, '')])
    }),
  )

const expectAll = (all: string, name: string, wanted: readonly (readonly string[])[]): void => {
  for (const texts of wanted)
    expect([name, texts, texts.some(text => all.includes(text))]).toEqual([name, texts, true])
}

const nodeOf = (file: string): string => file.replace(/[./].*$/, '')

describe('files of systemd-networkd', () => {
  test('lose nothing: what a line says is in the files, or in the report', () => {
    forAll(fc.tuple(drawn, networkd), ([{ files }, more]) => {
      const all = resultOf({ networkd: files.flatMap(({ file, text }) => asUnits(nodeOf(file), text, more)) })
      for (const { file, text } of files) {
        expectAll(all, file, saidBy(text))
        expectAll(
          all,
          file,
          [
            ...more.netdev,
            ...more.own,
            ...more.peer,
            ...more.network.flatMap(part => part.split('\n').slice(1)),
          ].map(line => [line.split('=')[1] as string]),
        )
        expectAll(
          all,
          file,
          more.files.map((_, index) => [`other${index}.`]),
        )
      }
    })
  })
})

describe('files of netplan', () => {
  test('lose nothing: what a line says is in the files, or in the report', () => {
    forAll(fc.tuple(drawn, netplan), ([{ files }, more]) => {
      const all = resultOf({ netplan: files.map(({ file, text }) => asPlan(nodeOf(file), text, more)) })
      for (const { file, text } of files) {
        expectAll(all, file, saidBy(text))
        expectAll(
          all,
          file,
          more.tunnel.map(part => [
            part
              .split(/[\s:[\]]+/)
              .filter(Boolean)
              .at(-1) as string,
          ]),
        )
        for (const part of more.tunnel) expect(all).toContain(part.trim().split(':')[0])
        if (more.lifetime) expect(all).toContain('10.97.0.1/24')
        for (const part of more.elsewhere) expect(all).toContain(/\w+(?=:\n {6})/.exec(part)?.[0])
      }
    })
  })
})
