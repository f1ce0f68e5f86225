import { type Result, resultOf } from '../diagnostics/index.js'
import { written } from '../edit/index.js'
import { addressPart, contains, type InterfaceAddress, lengthPart, type Prefix } from '../net/index.js'
import { defaults } from '../resolve/defaults.js'
import type { Draft, DraftNode } from './draft.js'

type Entry = readonly [key: string, ...values: string[]]

/** The text of the mesh.ini that says what the draft means. */
export const printDraft = (draft: Draft, origin: string): Result<string> => {
  const sections: string[] = [`; Imported from ${origin}. Addresses, keys and MACs are pinned as they were.`]
  const all: (readonly [string, readonly Entry[]])[] = [
    ['mesh', meshEntries(draft)],
    ...draft.nodes.map(node =>
      node.via === null
        ? ([`node ${node.label}`, nodeEntries(node, draft)] as const)
        : ([`client ${node.label}`, clientEntries(node, node.via)] as const),
    ),
    ...(draft.exclude.length > 0 ? [['exclude', excludeEntries(draft)] as const] : []),
  ]
  for (const [header, entries] of all) {
    const lines: string[] = []
    for (const [key, ...values] of entries)
      for (const value of values) {
        const text = written(key, value)
        if (!text.ok) return text
        lines.push(`${(values.length > 1 ? `${key}[]` : key).padEnd(width(entries))} = ${text.value}`)
      }
    sections.push([`[${header}]`, ...lines].join('\n'))
  }
  const [comment, ...rest] = sections
  return resultOf([], () => `${comment}\n${rest.join('\n\n')}\n`)
}

const width = (entries: readonly Entry[]): number =>
  Math.max(10, ...entries.map(([key, ...values]) => key.length + (values.length > 1 ? 2 : 0)))

const meshEntries = (draft: Draft): Entry[] => [
  ['name', draft.name],
  ['underlay', draft.underlay.join(', ')],
  ['overlay', draft.overlay.join(', ')],
  ['containers', 'none'],
  ...given('vni', draft.vni),
  ['asn', `${defaults.asn}`],
  ['port', `${draft.port}`],
  ...given('vxlan-port', draft.vxlanPort),
  ['path-mtu', `${draft.pathMtu}`],
  ...(draft.ipv4Only ? [['families', 'ipv4'] as const] : []),
]

const nodeEntries = (node: DraftNode, draft: Draft): Entry[] => [
  ['id', `${node.id}`],
  ['endpoint', node.endpoint],
  ...given('site', node.site),
  ...given(`endpoint@${node.site}`, node.endpointAtSite),
  ...given('public-key', node.publicKey),
  ...(node.keyOnNode ? [['key-on-node', 'yes'] as const] : []),
  ...given('families', node.families),
  ...given('hostname', node.hostname),
  ...given('listen-port', node.listenPort === draft.port ? null : node.listenPort),
  ...listed('underlay-address', node.underlay.map(addressPart)),
  ...listed(
    'overlay-address',
    node.overlay.map(address => pinText(address, draft.overlay)),
  ),
  ...given('mac', node.mac),
  ...listed('allowed-ips', node.allowedIps),
  ...(node.exit ? [['exit', 'yes'] as const] : []),
  ...given('fwmark', node.fwmark === null ? null : `0x${node.fwmark.toString(16)}`),
  ...given('keepalive', node.keepalive),
  ...hook('pre-up', node.hooks.preUp),
  ...hook('post-up', node.hooks.postUp),
  ...hook('pre-down', node.hooks.preDown),
  ...hook('post-down', node.hooks.postDown),
]

const clientEntries = (node: DraftNode, via: string): Entry[] => [
  ['id', `${node.id}`],
  ['via', via],
  ...given('public-key', node.publicKey),
  ['key-on-client', 'yes'],
  ...(node.fullTunnel ? [['full-tunnel', 'yes'] as const] : []),
  ...listed('underlay-address', node.underlay.map(addressPart)),
]

const given = (key: string, value: string | number | null): Entry[] =>
  value === null ? [] : [[key, `${value}`]]

const listed = (key: string, values: readonly string[]): Entry[] =>
  values.length === 0 ? [] : [[key, values.join(', ')]]

const hook = (key: string, commands: readonly string[]): Entry[] =>
  commands.length === 0 ? [] : [[key, ...commands]]

/** An address that has its pool's length says no length of its own. */
const pinText = (address: InterfaceAddress, pools: readonly Prefix[]): string =>
  pools.some(pool => contains(pool, addressPart(address)) && lengthPart(pool) === lengthPart(address))
    ? addressPart(address)
    : address

const excludeEntries = ({ exclude }: Draft): Entry[] => {
  const others = new Map<string, string[]>()
  for (const [one, other] of exclude) others.set(one, [...(others.get(one) ?? []), other])
  return [...others].map(([name, list]) => [name, list.join(', ')])
}
