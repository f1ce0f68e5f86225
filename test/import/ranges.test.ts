import { describe, expect, test } from 'vitest'
import { type Address, addressOf, familyOf, networkOf, type Prefix, rangeOf } from '../../src/net/index.js'
import {
  documentationRanges,
  metadataServices,
  reservedRanges,
  takenRanges,
} from '../../src/resolve/addresses/known-ranges.js'
import { privateTextFor, publicKeyFor } from '../oracles/keys.js'
import { imported, meshFrom } from './cases.js'

/** What is written in the files of two nodes, `paris` with something unusual, and `rome`. */
interface Written {
  readonly tunnel: string
  readonly segment: string
  readonly allowed: readonly string[]
  readonly network: string
}

const usual: Written = {
  tunnel: '10.9.0.1/24',
  segment: '10.8.0.1/24',
  allowed: [],
  network: '10.7.1.0/24',
}

const files = ({ tunnel, segment, allowed, network }: Written) => ({
  wgQuick: [
    wgQuick('paris', tunnel, segment, 'rome', ['10.9.0.2/32']),
    wgQuick('rome', '10.9.0.2/24', '10.8.0.2/24', 'paris', [tunnel.replace(/\/.*/, ''), ...allowed]),
  ],
  frr: [frr('paris', network), frr('rome', '10.7.2.0/24')],
})

const wgQuick = (
  node: string,
  tunnel: string,
  segment: string,
  peer: string,
  allowed: readonly string[],
) => ({
  file: `${node}.conf`,
  text: [
    '[Interface]',
    `PrivateKey = ${privateTextFor(node)}`,
    `Address = ${tunnel}`,
    'ListenPort = 51820',
    'PostUp = ip link add vmesh type vxlan id 77 dstport 4789 dev %i',
    `PostUp = ip addr add ${segment} dev vmesh`,
    '[Peer]',
    `# ${peer}`,
    `PublicKey = ${publicKeyFor(peer)}`,
    `AllowedIPs = ${allowed.join(', ')}`,
    `Endpoint = 5.9.0.${peer.length}:51820`,
  ].join('\n'),
})

const frr = (node: string, network: string) => ({
  file: `${node}-frr.conf`,
  text: [`hostname ${node}`, 'router bgp 64512', `network ${network}`, ''].join('\n'),
})

/** One near the beginning of a range, and its last. */
const addressesIn = (range: Prefix): Address[] => {
  const [first, last] = rangeOf(range)
  return [...new Set([first === last ? first : first + 1n, last])].map(integer =>
    addressOf(familyOf(range), integer),
  )
}

const tables = { reservedRanges, metadataServices, takenRanges, documentationRanges }

describe.each(Object.entries(tables))('what lies in %s', (_, table) => {
  test.each(table.map(({ prefix }) => [prefix]))('%s makes a mesh that check takes', range => {
    const [whole, usualPart, wide] = familyOf(range) === 'ipv4' ? [32, 24, 8] : [128, 64, 16]
    const takes = (written: Partial<Written>): void =>
      expect(meshFrom(imported(files({ ...usual, ...written }))).nodes).toHaveLength(2)
    for (const address of addressesIn(range)) {
      for (const length of [whole, usualPart]) {
        takes({ tunnel: `${address}/${length}` })
        takes({ segment: `${address}/${length}` })
      }
      for (const length of [whole, wide]) {
        takes({ allowed: [networkOf(address, length)] })
        takes({ network: networkOf(address, length) })
      }
    }
  })
})

describe('a service of a cloud', () => {
  test.each(['192.0.0.192', '100.100.100.200', '168.63.129.16', '169.254.169.254'])(
    '%s is no address of a node, and that is said',
    service => {
      const result = imported(files({ ...usual, tunnel: `${service}/32` }))
      expect(result.report).toContain(`paris: ${service} is `)
      expect(meshFrom(result).nodes.flatMap(({ underlay }) => underlay)).not.toContain(`${service}/32`)
    },
  )
})
