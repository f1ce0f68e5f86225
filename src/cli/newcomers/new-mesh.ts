import { written } from '../../edit/index.js'
import { need } from '../output/report.js'

/** What is asked for a new mesh; the rest has defaults. */
export interface Wishes {
  readonly name: string
  readonly underlay: string | undefined
  readonly overlay: string | undefined
  readonly containers: string | undefined
  readonly vni: string | undefined
  readonly asn: string | undefined
  readonly port: string | undefined
  readonly 'path-mtu': string | undefined
  readonly 'container-runtime': string | undefined
  readonly presharedKeys: boolean
  /** How many nodes it begins with. */
  readonly nodes: number
}

/** Most nodes for which there is a default container pool. */
export const mostDefaultNodes = 2047

/**
 * The `[mesh]` of a new mesh.ini. Every key is written out, so that nothing about the mesh is implied.
 *
 * @param random 8 bytes: 5 for the IPv6 prefix, 3 for the VNI
 */
export const newMesh = (wishes: Wishes, random: Uint8Array): string => {
  const ula = uniqueLocal(random)
  const { name } = wishes
  const lines: [key: string, value: string, comment: string][] = [
    ['name', name, `the WireGuard interface; the VXLAN device is v${name}`],
    [
      'underlay',
      wishes.underlay ?? `10.79.0.0/16, ${ula}:ffff::/64`,
      'WireGuard addresses, the VTEPs: pool + id',
    ],
    [
      'overlay',
      wishes.overlay ?? `10.78.0.0/16, ${ula}:fffe::/64`,
      "addresses on the overlay (VXLAN), BGP's too: pool + id",
    ],
    [
      'containers',
      wishes.containers ?? containerPool(wishes.nodes, ula),
      "each node's bridge gets the id-th part",
    ],
    ['vni', wishes.vni ?? `${drawVni(random)}`, 'VXLAN network identifier, drawn at random'],
    ['asn', wishes.asn ?? '64512', 'AS number of all nodes, for private use'],
    ['port', wishes.port ?? '51820', 'UDP port of WireGuard'],
    ['path-mtu', wishes['path-mtu'] ?? '1500', 'smallest path MTU between any two nodes'],
  ]
  const runtime = wishes['container-runtime']
  if (runtime !== undefined) lines.push(['container-runtime', runtime, 'lxd, incus or none'])
  if (wishes.presharedKeys)
    lines.push(['preshared-keys', 'yes', 'one more key for each pair, from keys/preshared.seed'])
  const keyWidth = Math.max(10, ...lines.map(([key]) => key.length))
  const texts = lines.map(([key, value]) => need(written(key, value)))
  const valueWidth = Math.min(48, Math.max(...texts.map(text => text.length)))
  const entries = lines.map(
    ([key, , comment], index) =>
      `${key.padEnd(keyWidth)} = ${(texts[index] as string).padEnd(valueWidth)} ; ${comment}`,
  )
  return `${['[mesh]', ...entries].join('\n')}\n`
}

/** RFC 4193, section 3.2.2: fd, then 40 random bits: a /48 that nobody else has. */
const uniqueLocal = (random: Uint8Array): string => {
  const hex = Buffer.from(random.subarray(0, 5)).toString('hex')
  return [`fd${hex.slice(0, 2)}`, hex.slice(2, 6), hex.slice(6, 10)].map(withoutZeros).join(':')
}

const withoutZeros = (group: string): string => group.replace(/^0+(?=.)/, '')

/** 24 random bits, not among the small numbers that people pick by hand. */
const drawVni = (random: Uint8Array): number => {
  const drawn = Buffer.from(random).readUIntBE(5, 3)
  return drawn < 4096 ? drawn + 4096 : drawn
}

/** A part for each id: 256 in a /16, 2,048 in the /13; the IPv6 half ends below the two segments' /64s. */
const containerPool = (nodes: number, ula: string): string =>
  `${nodes <= 254 ? '10.77.0.0/16' : '10.64.0.0/13'} /24, ${ula}::/49 /64`
