import type { Prefix } from '../../net/index.js'
import { prefixIn } from '../values.js'

/** What an `ip` command does, as far as it is about a link, an address or a route. */
export interface IpCommand {
  readonly object: 'link' | 'address' | 'route' | 'rule' | 'neigh'
  readonly verb: string
  readonly rest: readonly string[]
}

const objects: Readonly<Record<string, IpCommand['object']>> = {
  l: 'link',
  link: 'link',
  a: 'address',
  addr: 'address',
  address: 'address',
  r: 'route',
  ro: 'route',
  route: 'route',
  ru: 'rule',
  rule: 'rule',
  n: 'neigh',
  neigh: 'neigh',
}

/** ip(8) with its abbreviations and options; `route add -net` of net-tools is the same. */
export const ipIn = (words: readonly string[]): IpCommand | null => {
  const [tool = '', ...args] = words[0] === 'sudo' || words[0] === 'exec' ? words.slice(1) : words
  const name = tool.replace(/^\/(usr\/)?s?bin\//, '')
  if (name === 'route' && args.some(word => word === 'add' || word === 'del')) return netTools(args)
  if (name !== 'ip') return null
  const at = args.findIndex(
    (word, index) => !word.startsWith('-') && !/^-f(amily)?$/.test(args[index - 1] ?? ''),
  )
  const bare = at < 0 ? [] : args.slice(at)
  const object = objects[bare[0] ?? '']
  return object === undefined
    ? null
    : { object, verb: verbs[bare[1] ?? ''] ?? bare[1] ?? 'show', rest: bare.slice(2) }
}

const verbs: Readonly<Record<string, string>> = { a: 'add', d: 'del', delete: 'del', r: 'replace', s: 'set' }

const netTools = (args: readonly string[]): IpCommand => {
  const after = (word: string): string | undefined => args[args.indexOf(word) + 1]
  const mask = args.includes('netmask') ? `/${after('netmask')}` : ''
  const target = args.find(word => /^[0-9a-f.:]+(\/\d+)?$/i.test(word)) ?? ''
  const length = mask === '' ? '' : `/${lengthOf(mask.slice(1))}`
  const device = args.includes('dev') ? ['dev', after('dev') ?? ''] : []
  const gateway = args.includes('gw') ? ['via', after('gw') ?? ''] : []
  const verb = args.includes('add') ? 'add' : 'del'
  return { object: 'route', verb, rest: [`${target}${length}`, ...gateway, ...device] }
}

/** The bits of a mask. */
export const lengthOf = (mask: string): number =>
  mask
    .split('.')
    .map(part => Number(part).toString(2))
    .join('')
    .replace(/0/g, '').length

/** The value behind a word of the command. */
export const valueAfter = (rest: readonly string[], word: string): string | null =>
  rest.includes(word) ? (rest[rest.indexOf(word) + 1] ?? null) : null

/** The device that it is about: `dev NAME`, or for a link the first word that is no option. */
export const deviceOf = ({ object, rest }: IpCommand): string | null =>
  valueAfter(rest, 'dev') ??
  (object === 'link' ? (valueAfter(rest, 'name') ?? rest.find(word => word !== 'up') ?? null) : null)

/** The network of a route in the main table; `default` is one of all. */
export const networkOf = ({ rest }: IpCommand): Prefix | null => {
  const named = /^(dev|via|table|metric|preference|src|mtu|advmss|proto|protocol|scope|vrf|window|rtt)$/
  const [first = ''] = rest.filter(
    (word, index) =>
      !/^(unicast|to|onlink)$/.test(word) && !named.test(word) && !named.test(rest[index - 1] ?? ''),
  )
  return first === 'default' ? prefixIn('0.0.0.0/0') : prefixIn(padded(first))
}

/** ip(8) takes `192.168.7/24` for `192.168.7.0/24`. */
const padded = (text: string): string => {
  const [address = '', length] = text.split('/')
  const parts = address.split('.')
  return length === undefined || !/^[\d.]+$/.test(address) || parts.length > 3
    ? text
    : `${[...parts, '0', '0', '0'].slice(0, 4).join('.')}/${length}`
}

/** What a route says beside where it goes: the mesh's own has none of it. */
export const detailsOf = ({ rest }: IpCommand): string[] =>
  rest.filter(word => /^(src|mtu|advmss|metric|preference|window|rtt|initcwnd|quickack)$/.test(word))

/** Whether it speaks of another table than the main one. */
export const elsewhere = ({ rest }: IpCommand): boolean =>
  rest.some((word, index) => /^(table|vrf)$/.test(word) && rest[index + 1] !== 'main')

/** The interface that packets of an iptables rule leave by; `null` where it names none, or any but one (`! -o wg0`). */
export const wayOutIn = (words: readonly string[]): string | null => {
  const at = words.findIndex(word => word === '-o' || word === '--out-interface')
  return at < 0 || words[at - 1] === '!' ? null : (words[at + 1] ?? null)
}
