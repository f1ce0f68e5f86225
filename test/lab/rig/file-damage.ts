import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type Draw, one } from './draw.js'
import { type Host, mesh } from './host.js'

/** What a hand has done to a file on a node. */
export interface FileDamage {
  readonly what: string
  readonly host: Host
  readonly path: string
  readonly before: string
  readonly after: string
}

/** Changes a file's text, or leaves it as it is where it has no such place. */
interface Kind {
  readonly what: string
  readonly path: RegExp
  readonly change: (text: string, draw: Draw) => string
}

const quick = new RegExp(`^etc/wireguard/${mesh}\\.conf$`)
const frr = /^etc\/frr\/frr\.conf$/
const fdb = new RegExp(`^etc/ciab/${mesh}\\.fdb$`)
const nft = new RegExp(`^etc/ciab/${mesh}\\.nft$`)

/** In one place of those that match. */
const replacing = (what: string, path: RegExp, pattern: RegExp, by: string): Kind => ({
  what,
  path,
  change: (text, draw) => {
    const found = [...text.matchAll(pattern)]
    if (found.length === 0) return text
    const match = one(draw, found)
    return (
      text.slice(0, match.index) +
      match[0].replace(new RegExp(pattern.source, pattern.flags.replace('g', '')), by) +
      text.slice(match.index + match[0].length)
    )
  },
})

const kinds: readonly Kind[] = [
  replacing(
    'a wrong key',
    quick,
    /^PublicKey = .*$/gm,
    'PublicKey = egA9+SiTSGhQar7Vr7wqXFf4NAo5Tm1BegaBT+Lj6Dg=',
  ),
  replacing('a peer is not there', quick, /^\[Peer\]\n(?:(?!\[).*\n?)*/gm, ''),
  replacing('an allowed IP is missing', quick, /^AllowedIPs = [\d.]+\/32, /gm, 'AllowedIPs = '),
  replacing('an allowed IP of IPv6 is missing', quick, /, [0-9a-f:]+\/128/g, ''),
  {
    what: 'two peers have the same allowed IP',
    path: quick,
    change: (text, draw) => {
      const found = [...text.matchAll(/^AllowedIPs = ([\d.]+\/32)/gm)]
      if (found.length < 2) return text
      const [from, to] = draw(2) === 0 ? [found[0], found[1]] : [found[1], found[0]]
      return text.replace(to?.[0] as string, `${to?.[0]}, ${from?.[1]}`)
    },
  },
  replacing('an endpoint is missing', quick, /^Endpoint = .*\n/gm, ''),
  replacing('another tunnel address', quick, /^Address = [\d.]+/gm, 'Address = 10.79.0.99'),
  replacing('another VNI', quick, / vxlan id \d+/g, ' vxlan id 4711'),
  replacing('another port of VXLAN', quick, / dstport 4789/g, ' dstport 4790'),
  replacing('another address on the overlay', quick, /address add 10\.78\.0\.\d+/g, 'address add 10.78.0.99'),
  replacing('no flooding to one node', fdb, /^fdb append .*\n/gm, ''),
  replacing('no entry for a MAC address', fdb, /^fdb replace .*\n/gm, ''),
  replacing(
    'a list off by one',
    frr,
    /^ip prefix-list (?!own)(\S+) seq (\d+) permit .*$/gm,
    'ip prefix-list $1 seq $2 permit 10.9.9.0/24',
  ),
  replacing(
    'a list of IPv6 off by one',
    frr,
    /^ipv6 prefix-list (?!own)(\S+) seq (\d+) permit .*$/gm,
    'ipv6 prefix-list $1 seq $2 permit fd09::/64',
  ),
  replacing('a list that is not there', frr, /^ip(?:v6)? prefix-list .*\n/gm, ''),
  replacing('a network is not announced', frr, /^ {2}network .*\n/gm, ''),
  replacing('another AS for others', frr, / remote-as \d+/g, ' remote-as 64513'),
  replacing('another AS', frr, /^router bgp \d+$/gm, 'router bgp 64514'),
  replacing('another source', frr, / update-source \S+/g, ' update-source 10.78.0.99'),
  replacing('a neighbor is not there', frr, /^ neighbor (\S+) peer-group .*\n(?: neighbor \1 .*\n)*/gm, ''),
  replacing('no activate', frr, /^ {2}neighbor \S+ activate\n/gm, ''),
  replacing('a route-map that denies', frr, /^route-map (\S+) permit/gm, 'route-map $1 deny'),
  replacing('a rule of the packet filter is gone', nft, /^\t\t.* (?:drop|return|accept)\n/gm, ''),
  {
    what: 'two rules of the packet filter have changed places',
    path: nft,
    change: (text, draw) => {
      const found = [...text.matchAll(/^(\t\t.* (?:drop|return)\n)(\t\t.* (?:drop|return)\n)/gm)]
      if (found.length === 0) return text
      const match = one(draw, found)
      return text.replace(match[0], `${match[2]}${match[1]}`)
    },
  },
]

/** Draws until one fits, and the tool that reads the file takes it. */
export const drawFileDamage = (draw: Draw, hosts: readonly Host[], only = /(?:)/): FileDamage => {
  for (;;) {
    const host = one(draw, hosts)
    const {
      what,
      path: pattern,
      change,
    } = one(
      draw,
      kinds.filter(kind => only.test(kind.what)),
    )
    const path = pathsOf(host).find(path => pattern.test(path))
    if (path === undefined) continue
    const before = readFileSync(`${host.machine.root}/${path}`, 'utf8')
    // What of ARP is looked at decides which machine has an address, not which packets pass.
    const [head = '', ...rest] = before.split(/(?=^# On the overlay nobody says by ARP)/m)
    const after = change(head, draw) + rest.join('')
    if (after === before) continue
    if (nft.test(path) && host.machine.run(['nft', '-c', '-f', '-'], { input: after }).status !== 0) continue
    return { what: `${host.name}: ${what}: ${lineThatDiffers(before, after)}`, host, path, before, after }
  }
}

const pathsOf = ({ machine }: Host): string[] =>
  ['etc/wireguard', 'etc/frr', 'etc/ciab'].flatMap(directory =>
    readdirSync(`${machine.root}/${directory}`).map(name => `${directory}/${name}`),
  )

/** From where the two part, with the words before. */
const lineThatDiffers = (before: string, after: string): string => {
  const [lines, others] = [before.split('\n'), after.split('\n')]
  const at = lines.findIndex((line, number) => line !== others[number])
  const [line = '', other = ''] = [lines[at], others[at]]
  const parts = [...line].findIndex((letter, place) => letter !== other[place])
  return line.slice(Math.max(0, parts - 40), parts + 60).trim()
}

export const lay = ({ host, path, after }: FileDamage): void =>
  writeFileSync(`${host.machine.root}/${path}`, after)

export const mend = ({ host, path, before }: FileDamage): void =>
  writeFileSync(`${host.machine.root}/${path}`, before)
