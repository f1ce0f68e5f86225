import type { Span } from '../../diagnostics/index.js'
import type { TunnelEntry, TunnelSection } from '../../readers/index.js'
import type { NodeFiles, Peer } from '../node.js'
import { flood } from '../overlay.js'
import type { Said } from '../said.js'
import { bare } from '../world.js'
import { type Fact, hidden, type Names, shown } from './fact.js'

/** What a node's WireGuard interface, its peers, its VXLAN device and that one's forwarding entries are. */
export const tunnelFacts = (node: NodeFiles, names: Names): Fact[] => [
  ...interfaceFacts(node),
  ...node.peers.flatMap((peer, at) => peerFacts(node, peer, at, names)),
  ...overlayFacts(node),
  ...node.forwarding.map(({ mac, destination, span }): Fact => {
    const to = names.get(destination) ?? destination
    const what = mac === flood ? 'broadcasts' : mac
    return {
      key: `fdb ${mac} ${destination}`,
      value: '',
      under: null,
      group: 'fdb',
      span,
      has: `${node.name} has a forwarding entry for ${what} to ${to}`,
      lacks: `${node.name} lacks the forwarding entry for ${what} to ${to}`,
    }
  }),
]

/** One of a kind. */
const single = (node: NodeFiles, key: string, said: Said | null, words: string): Fact[] =>
  said
    ? [
        {
          key,
          value: said.value,
          under: null,
          group: 'interface',
          span: placeOf(node, said),
          has: `${node.name} ${words} ${said.value}`,
          lacks: `${node.name} does not say that it ${words} ${said.value}`,
        },
      ]
    : []

/** The reader of netplan's files has one place for all of a tunnel: the line with the value is in it. */
const placeOf = (node: NodeFiles, { value, span }: Said): Span => {
  if (span.line !== node.span.line || !span.file.endsWith('.yaml')) return span
  const lines = node.files.find(({ file }) => file === span.file)?.text.split('\n') ?? []
  const at = lines.findIndex(
    (line, index) => index >= span.line - 1 && line.trim().replaceAll('"', '').endsWith(value),
  )
  return at < 0
    ? span
    : { file: span.file, line: at + 1, column: 1, length: Math.max(1, (lines[at] ?? '').length) }
}

/** Keys that have facts of their own, and those that are nobody's business. */
const told = new Set(['privatekey', 'listenport', 'mtu', 'address', 'publickey', 'allowedips', 'endpoint'])

const interfaceFacts = (node: NodeFiles): Fact[] => [
  ...(node.publicKey === null
    ? []
    : [
        {
          key: 'private key',
          value: node.publicKey,
          under: null,
          group: 'interface',
          span: entryOf(node, 'privatekey')?.span ?? node.span,
          has: `${node.name} has another private key`,
          lacks: '',
        },
      ]),
  ...single(node, 'port', node.port, 'listens on'),
  ...single(node, 'mtu', node.mtu, 'has for the MTU of its tunnel'),
  ...node.addresses.map(
    ({ value, span }): Fact => ({
      key: `address ${value}`,
      value: '',
      under: null,
      group: 'interface',
      span: placeOf(node, { value, span }),
      has: `${node.name} has ${value} on its tunnel`,
      lacks: `${node.name} lacks ${value} on its tunnel`,
    }),
  ),
  ...node.tunnel.sections
    .filter(({ kind }) => kind === 'interface')
    .flatMap(({ entries }) => entries)
    .filter(({ key }) => !told.has(key))
    .map((entry): Fact => {
      const text = shown(`${entry.key} = ${entry.value}`)
      return {
        key: `interface ${entry.key} ${entry.value}`,
        value: '',
        under: null,
        group: 'interface',
        span: entry.span,
        has: `${node.name} has "${text}" for its tunnel`,
        lacks: `${node.name} lacks "${text}" for its tunnel`,
      }
    }),
]

const entryOf = (node: NodeFiles, key: string): TunnelEntry | undefined =>
  node.tunnel.sections.find(({ kind }) => kind === 'interface')?.entries.find(entry => entry.key === key)

const peerFacts = (node: NodeFiles, peer: Peer, at: number, names: Names): Fact[] => {
  const [first] = peer.allowed
  const other =
    peer.allowed.flatMap(({ value }) => names.get(bare(value)) ?? [])[0] ??
    (peer.key && names.get(peer.key.value)) ??
    first?.value ??
    `number ${at + 1}`
  const own = `peer ${other}`
  const part = (key: string, said: Said, value: string, has: string, lacks: string): Fact => ({
    key: `${own} ${key}`,
    value,
    under: own,
    group: own,
    span: said.span,
    has: `${node.name} ${has}`,
    lacks: `${node.name} ${lacks}`,
  })
  return [
    {
      key: own,
      value: '',
      under: null,
      group: 'peers',
      span: peer.span,
      has: `${node.name} has peer ${other}`,
      lacks: `${node.name} lacks peer ${other}`,
    },
    ...(peer.key
      ? [
          part(
            'key',
            peer.key,
            peer.key.value,
            `has another public key for ${other}`,
            `has no key for ${other}`,
          ),
        ]
      : []),
    ...(peer.endpoint
      ? [
          part(
            'endpoint',
            peer.endpoint,
            peer.endpoint.value,
            `dials ${other} at ${peer.endpoint.value}`,
            `does not dial ${other}`,
          ),
        ]
      : []),
    ...peer.allowed.map(said =>
      part(
        `allows ${said.value}`,
        said,
        '',
        `takes ${said.value} from ${other} by the tunnel, and sends it there,`,
        `does not take ${said.value} from ${other} by the tunnel`,
      ),
    ),
    ...(sectionOf(node, peer)?.entries ?? [])
      .filter(({ key }) => !told.has(key) && !key.startsWith('presharedkey'))
      .map(({ key, value, span }) =>
        part(
          key,
          { value, span },
          value,
          `has ${key} ${shown(value)} for ${other}`,
          `has no ${key} for ${other}`,
        ),
      ),
    ...(peer.shared === null
      ? []
      : [
          part(
            'presharedkey',
            { value: '', span: presharedAt(node, peer) },
            peer.shared ?? hidden,
            `has another preshared key for ${other}`,
            `has no preshared key for ${other}`,
          ),
        ]),
  ]
}

const presharedAt = (node: NodeFiles, peer: Peer): Span =>
  sectionOf(node, peer)?.entries.find(({ key }) => key.startsWith('presharedkey'))?.span ?? peer.span

const sectionOf = (node: NodeFiles, { span }: Peer): TunnelSection | undefined =>
  node.tunnel.sections.find(section => section.span === span)

const overlayFacts = (node: NodeFiles): Fact[] => {
  const { overlay } = node
  if (!overlay) return []
  const own = `overlay ${overlay.name}`
  const part = (key: string, said: Said | null, words: string): Fact[] =>
    said
      ? [
          {
            key: `${own} ${key}`,
            value: said.value,
            under: own,
            group: own,
            span: said.span,
            has: `${node.name} ${words} ${said.value} on ${overlay.name}`,
            lacks: `${node.name} says nothing of the ${key} of ${overlay.name}`,
          },
        ]
      : []
  return [
    {
      key: own,
      value: '',
      under: null,
      group: 'interface',
      span: overlay.span,
      has: `${node.name} has the VXLAN device ${overlay.name}`,
      lacks: `${node.name} lacks the VXLAN device ${overlay.name}`,
    },
    ...part('VNI', overlay.vni, 'has VNI'),
    ...part('port', overlay.port, 'has port'),
    ...part('MTU', overlay.mtu, 'has an MTU of'),
    ...part('MAC address', overlay.mac, 'has the MAC address'),
    ...part('local address', overlay.local, 'sends from'),
    ...overlay.addresses.map(
      ({ value, span }): Fact => ({
        key: `${own} address ${value}`,
        value: '',
        under: own,
        group: own,
        span,
        has: `${node.name} has ${value} on ${overlay.name}`,
        lacks: `${node.name} lacks ${value} on ${overlay.name}`,
      }),
    ),
  ]
}
