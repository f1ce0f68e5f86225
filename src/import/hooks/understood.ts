import { covers, familyOf, type Prefix } from '../../net/index.js'
import { addressIn, escaped } from '../values.js'
import type { Simple } from './commands.js'
import { detailsOf, deviceOf, elsewhere, ipIn, networkOf, valueAfter, wayOutIn } from './ip.js'

/** What the mesh does on a node, as far as a hook may do it too. */
export interface Surroundings {
  /** The tunnel's interface: `%i`, and what its files called it. */
  readonly tunnel: readonly string[]
  /** VXLAN devices of the files, in whose stead the mesh has its own. */
  readonly replaced: readonly string[]
  /** Networks that the generated file routes into the tunnel. */
  readonly routes: readonly Prefix[]
  /** Its own addresses in the tunnel, without lengths. */
  readonly addresses: readonly string[]
  /** Whether the mesh has its clients go out to the internet by it. */
  readonly exit: boolean
}

/**
 * - `drop`: the mesh does it itself, or what it is about is no longer there
 * - `keep`: it does what it did; with `look`, something to look at
 */
export type Meaning =
  | { readonly verdict: 'drop'; readonly why: string }
  | { readonly verdict: 'keep'; readonly look: string | null }

const keep: Meaning = { verdict: 'keep', look: null }
const drop = (why: string): Meaning => ({ verdict: 'drop', why })
const look = (text: string): Meaning => ({ verdict: 'keep', look: text })

/** What one simple command of a hook means to the mesh. */
export const meaningOf = ({ text, words }: Simple, around: Surroundings): Meaning => {
  const tool = (words[0] ?? '').replace(/^\/(usr\/)?s?bin\//, '')
  if (['true', ':', 'sleep', 'logger', 'upnpc'].includes(tool)) return keep
  const replaced = around.replaced.find(device => names(text, device))
  if (replaced !== undefined && /^(ip|bridge|brctl|ethtool|sysctl|echo|ifconfig|tc)$/.test(tool))
    return drop(aboutDevice(text, words, replaced))
  if (forwarding.test(text)) return drop('the mesh switches forwarding on itself, and it stays on')
  if (tool === 'iptables' || tool === 'ip6tables') return iptables(words, around)
  if (tool === 'nft') return look('it stays; the mesh has a table of its own beside it')
  if (tool === 'bridge' && words[1] === 'fdb')
    return look('it stays, though it names no device that the mesh knows')
  if (tool === 'ifconfig' && around.tunnel.includes(words[1] ?? '') && words.includes('mtu'))
    return drop('the mesh sets the MTU')
  if (keyOfFile.test(text)) return drop("the mesh's file has the key, or names where it is")
  return ip({ text, words }, around) ?? other(text, tool)
}

const names = (text: string, device: string): boolean =>
  new RegExp(`(?<![\\w-])${escaped(device)}(?![\\w-])`).test(text)

const forwarding =
  /^(?:sysctl (?:-[qw]+ )*(?:--write )?(?:net[./]ipv4[./]ip_forward|net[./]ipv[46][./]conf[./](?:all|default)[./]forwarding) ?= ?[01]|echo ["']?[01]["']? ?> ?\/proc\/sys\/net\/(?:ipv4\/ip_forward|ipv[46]\/conf\/(?:all|default)\/forwarding))$/

const aboutDevice = (text: string, words: readonly string[], device: string): string => {
  const bridge =
    valueAfter(words, 'master') ?? (words[0] === 'brctl' && words[1] === 'addif' ? words[2] : null)
  if (bridge)
    return `${device} is no longer there: hosts on the bridge ${bridge} shared one segment by it, and do not now; a [segment] is for that`
  const route = ipIn(words)
  if (route?.object === 'route') return `${device} is no longer there: ${text} has no equivalent`
  return `${device} is no longer there: the mesh makes a VXLAN device itself`
}

/** FORWARD and NAT stay; what the packet filter of the mesh stops, no other table lets through (nft(8), "accept"). */
const iptables = (words: readonly string[], { tunnel, exit }: Surroundings): Meaning => {
  const masquerade = words.includes('MASQUERADE') || words.includes('SNAT')
  const out = wayOutIn(words)
  if (masquerade && (out === null || !tunnel.includes(out)))
    return look(
      exit
        ? `it stays; of what comes out of the tunnel the packet filter of the mesh lets clients with full-tunnel through ${out ?? 'the uplink'} to the internet, and nobody else unless "forward" of the node names it`
        : `it stays; the packet filter of the mesh lets nobody from the tunnel through ${out ?? 'the uplink'} unless "forward" of the node names it`,
    )
  return keep
}

const ip = ({ words }: Simple, around: Surroundings): Meaning | null => {
  const command = ipIn(words)
  if (!command) return null
  const device = deviceOf(command)
  const own = device !== null && around.tunnel.includes(device)
  if (command.object === 'route') {
    if (elsewhere(command)) return keep
    const network = networkOf(command)
    const made =
      network && around.routes.some(route => familyOf(route) === familyOf(network) && covers(route, network))
    const details = detailsOf(command)
    if (made && own && details.length > 0)
      return look(`it stays: the tunnel has that route itself, without its ${details.join(' and ')}`)
    if (made && (own || device === null)) return drop('the tunnel has that route itself')
    return own && command.verb === 'add'
      ? look(`it stays: no route of the mesh's covers ${network ?? 'it'}`)
      : keep
  }
  if (command.object === 'link' && own) {
    if (command.verb === 'set' && command.rest.includes('mtu')) return drop('the mesh sets the MTU')
    if (command.verb === 'add') return drop('wg-quick makes the interface')
    return keep
  }
  if (command.object === 'address' && own) {
    const address = addressIn(command.rest.find(word => /\d/.test(word)) ?? '')
    const has = address !== null && around.addresses.includes(address.replace(/\/.*/, ''))
    return has ? drop('the tunnel has that address itself') : look('it stays: an address beside the mesh')
  }
  if (command.object === 'link' && command.verb === 'add' && command.rest.includes('vxlan'))
    return look('it stays, though the mesh makes a VXLAN device itself')
  if (command.object === 'link' && command.verb === 'add')
    return look('it stays: the mesh knows nothing of the device')
  return keep
}

/** Whether it adds a route to the main table that the tunnel has, or may have: to add one again fails, by any device. */
export const addsAgain = ({ words }: Simple, around: Surroundings): boolean => {
  const command = ipIn(words)
  if (command?.object !== 'route' || command.verb !== 'add' || elsewhere(command)) return false
  const [device, network] = [deviceOf(command), networkOf(command)]
  const other = device !== null && !around.tunnel.includes(device) && !device.includes('$')
  return network === null ? !other : around.routes.includes(network)
}

/** Whether it is a command by itself and not one that runs others. */
export const standsAlone = ({ words }: Simple): boolean =>
  !/^(.*\/)?(sh|bash|dash|eval|env|nohup|setsid|timeout|su|xargs)$/.test(words[0] ?? '')

const keyOfFile = /^wg set \S+ private-key \S+$/

const other = (text: string, tool: string): Meaning =>
  tool === 'wg' && /\b(peer|listen-port|private-key|fwmark)\b/.test(text)
    ? look('it stays, and changes what the file itself says of WireGuard')
    : tool === 'sysctl' || tool === 'echo' || tool === 'resolvectl' || tool === 'resolvconf'
      ? keep
      : look('it stays, not understood')
