import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import { type Diagnostic, type Result, resultOf, type Span } from '../diagnostics/index.js'
import { withoutMarks } from './comments.js'
import type { Beside, FileText } from './networkd.js'
import type { Comment, TunnelEntry, TunnelFile, TunnelSection, VxlanDevice } from './tunnel-file.js'

const largest = 1024 * 1024

/** Reads netplan's files (netplan(5)): each file with a WireGuard tunnel is a node, with the others that lie beside it. */
export const readNetplan = (files: readonly FileText[], beside: Beside): Result<TunnelFile[]> => {
  const diagnostics: Diagnostic[] = []
  const documents: Plan[] = []
  for (const { file, text } of files) {
    const read = planIn(file, text)
    if (read.ok) documents.push(read.value)
    else diagnostics.push(...read.diagnostics)
  }
  const tunnels = documents.filter(plan => devices(plan, 'tunnels', 'wireguard').length > 0)
  for (const plan of tunnels)
    if (devices(plan, 'tunnels', 'wireguard').length > 1) diagnostics.push(several(plan.file))
  if (diagnostics.length === 0 && tunnels.length === 0) diagnostics.push(noTunnel(files[0]?.file ?? ''))
  return resultOf(diagnostics, () =>
    tunnels.map(plan => {
      const near = documents.filter(
        other => !tunnels.includes(other) && folderOf(other.file) === folderOf(plan.file),
      )
      return tunnelOf(plan, near, beside)
    }),
  )
}

const folderOf = (file: string): string => file.split('/').slice(0, -1).join('/')

interface Plan extends FileText {
  readonly network: YAMLMap
  readonly spanOf: (node: unknown) => Span
}

const planIn = (file: string, text: string): Result<Plan> => {
  const counter = new LineCounter()
  const first = { file, line: 1, column: 1, length: 1 }
  const failed = (message: string, span: Span): Result<Plan> =>
    resultOf<Plan>(
      [
        {
          severity: 'error',
          code: 'import-syntax',
          message,
          span,
          hint: 'give the file as netplan reads it',
        },
      ],
      () => ({}) as Plan,
    )
  if (text.length > largest) return failed('the file is far too large for netplan', first)
  const document = parseDocument(text.replace(/^\ufeff/, ''), { lineCounter: counter, uniqueKeys: false })
  const [error] = document.errors
  if (error) {
    const { line, col } = counter.linePos(error.pos[0])
    return failed(`the file is not YAML: ${error.message.split('\n')[0]}`, {
      file,
      line,
      column: col,
      length: 1,
    })
  }
  const network = document.get('network')
  if (!isMap(network)) return failed('the file has no "network:", as netplan\'s have', first)
  const spanOf = (node: unknown): Span => {
    const at = (node as Node | null)?.range?.[0]
    if (at === undefined) return first
    const { line, col } = counter.linePos(at)
    return { file, line, column: col, length: 1 }
  }
  return resultOf([], () => ({ file, text, network, spanOf }))
}

/** Devices of a kind, by name. */
const devices = ({ network }: Plan, group: string, mode: string | null): [string, YAMLMap][] => {
  const all = network.get(group)
  if (!isMap(all)) return []
  return all.items.flatMap(({ key, value }): [string, YAMLMap][] =>
    isMap(value) && (mode === null || value.get('mode') === mode) ? [[textOf(key) ?? '', value]] : [],
  )
}

const textOf = (node: unknown): string | null => {
  const value = isScalar(node) ? node.value : node
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? `${value}`
    : null
}

const listOf = (map: YAMLMap, key: string): readonly unknown[] => {
  const value = map.get(key)
  return isSeq(value) ? value.items : value === undefined || value === null ? [] : [value]
}

/** An address may carry options: `- 10.0.0.1/24: {lifetime: 0}`. */
const addressesOf = (map: YAMLMap): unknown[] =>
  listOf(map, 'addresses').map(item => (isMap(item) ? item.items[0]?.key : item))

const tunnelOf = (plan: Plan, near: readonly Plan[], beside: Beside): TunnelFile => {
  const [name, map] = devices(plan, 'tunnels', 'wireguard')[0] as [string, YAMLMap]
  const span = plan.spanOf(map)
  const said = (key: string, node: unknown, at = span): TunnelEntry[] => {
    const value = textOf(node)
    return value === null || value === ''
      ? []
      : [{ key, value, span: isScalar(node) ? plan.spanOf(node) : at }]
  }
  const keys = map.get('keys')
  const key = textOf(map.get('key')) ?? (isMap(keys) ? textOf(keys.get('private')) : null)
  const keyFile = key?.startsWith('/') ? key : null
  const found = keyFile === null ? key : beside(plan.file, keyFile)
  const peers = listOf(map, 'peers').filter(isMap)
  const comments = commentsIn(plan)
  // A line has one at most.
  const byLine = new Map(comments.map(comment => [comment.span.line, comment]))
  const owned = peers.map(peer => commentsOf(plan, peer, byLine))
  return {
    file: plan.file,
    name,
    sections: [
      {
        kind: 'interface',
        span,
        entries: [
          ...said('privatekey', found),
          ...said('listenport', map.get('port', true)),
          ...said('fwmark', map.get('mark', true)),
          ...said('mtu', map.get('mtu', true)),
          ...addressesOf(map).flatMap(address => said('address', address)),
          ...dnsOf(map).flatMap(server => said('dns', server)),
          { key: 'table', value: 'off', span },
        ],
        above: [],
        inside: [],
      },
      ...peers.map((peer, index): TunnelSection => {
        const pair = peer.get('keys')
        const shared = sharedOf(peer)
        const at = plan.spanOf(peer)
        return {
          kind: 'peer',
          span: at,
          entries: [
            ...(isMap(pair) ? said('publickey', pair.get('public', true), at) : []),
            ...said('presharedkey', shared?.startsWith('/') ? beside(plan.file, shared) : shared, at),
            ...said('endpoint', peer.get('endpoint', true), at),
            ...said('persistentkeepalive', peer.get('keepalive', true), at),
            ...listOf(peer, 'allowed-ips').flatMap(item => said('allowedips', item, at)),
          ],
          above: owned[index] ?? [],
          inside: [],
        }
      }),
    ],
    comments,
    keyFile: found === null ? keyFile : null,
    missing: peers.flatMap(peer => {
      const shared = sharedOf(peer)
      return shared?.startsWith('/') && beside(plan.file, shared) === null ? [shared] : []
    }),
    devices: [plan, ...near].flatMap(other => devices(other, 'tunnels', 'vxlan').map(vxlanOf)),
    routes: listOf(map, 'routes')
      .filter(isMap)
      .flatMap(route => (route.has('table') ? [] : (textOf(route.get('to')) ?? []))),
    rest: [plan, ...near].flatMap(other => restOf(other, name)),
  }
}

const sharedOf = (peer: YAMLMap): string | null => {
  const pair = peer.get('keys')
  return isMap(pair) ? textOf(pair.get('shared')) : null
}

const dnsOf = (map: YAMLMap): string[] => {
  const servers = map.get('nameservers')
  return isMap(servers) ? listOf(servers, 'addresses').flatMap(item => textOf(item) ?? []) : []
}

const vxlanOf = ([name, map]: [string, YAMLMap]): VxlanDevice => ({
  name,
  vni: textOf(map.get('id')),
  port: textOf(map.get('port')),
  mtu: textOf(map.get('mtu')),
  mac: textOf(map.get('macaddress')),
  addresses: addressesOf(map).flatMap(address => textOf(address) ?? []),
})

const commentsIn = ({ file, text }: Plan): Comment[] =>
  text.split(/\r?\n/).flatMap((line, index): Comment[] => {
    const match = /(?:^|\s)#.*/.exec(line.replace(/"[^"]*"|'[^']*'/g, quoted => ' '.repeat(quoted.length)))
    if (!match) return []
    const behind = line.slice(0, match.index).trim() === '' ? null : 'line'
    return [{ text: withoutMarks(match[0]), behind, span: { file, line: index + 1, column: 1, length: 1 } }]
  })

/** Those on the lines right above the peer, and on its first. */
const commentsOf = (plan: Plan, peer: YAMLMap, comments: ReadonlyMap<number, Comment>): Comment[] => {
  const { line } = plan.spanOf(peer)
  const owned = [comments.get(line)].flatMap(comment => comment ?? [])
  for (let above = line - 1; above > 0; above--) {
    const comment = comments.get(above)
    if (comment?.behind !== null) break
    owned.unshift(comment)
  }
  return owned
}

/** What stands beside the tunnel and the VXLAN devices, and what of these is not taken above: a line each. */
const restOf = ({ network }: Plan, name: string): string[] =>
  network.items.flatMap(({ key, value }) => {
    const group = textOf(key) ?? ''
    if (group === 'version' || group === 'renderer') return []
    if (!isMap(value)) return [group]
    return value.items.flatMap(item => {
      const device = textOf(item.key) ?? ''
      const mode = isMap(item.value) ? item.value.get('mode') : null
      const at = `${group}: ${device}`
      if (group !== 'tunnels' || (mode !== 'vxlan' && device !== name)) return [at]
      return untaken(item.value, mode === 'vxlan' ? vxlanTaken : wireguardTaken).map(line => `${at}: ${line}`)
    })
  })

const untaken = (node: unknown, taken: RegExp, path = ''): string[] => {
  if (isMap(node))
    return node.items.flatMap(({ key, value }) => {
      const below = [path, textOf(key)].filter(Boolean).join(': ')
      return below === 'routes' ? routesBeside(value) : untaken(value, taken, below)
    })
  if (isSeq(node)) return node.items.flatMap(item => untaken(item, taken, path))
  const value = textOf(node)
  return value === null || taken.test(path) || /^dhcp[46]: (false|no)$/.test(`${path}: ${value}`)
    ? []
    : [`${path}: ${/^[\w+/]{43}=$/.test(value) ? '(a key)' : value}`]
}

/** Of a route more than where it goes. */
const routesBeside = (routes: unknown): string[] =>
  (isSeq(routes) ? routes.items : []).flatMap(route =>
    isMap(route) && route.items.some(({ key }) => !/^(to|scope)$/.test(textOf(key) ?? ''))
      ? [`routes: ${route.items.map(({ key, value }) => `${textOf(key)} ${textOf(value)}`).join(', ')}`]
      : [],
  )

const wireguardTaken =
  /^(mode|port|mark|mtu|key|keys: private|addresses|nameservers: addresses|peers: (keys: (public|shared)|endpoint|keepalive|allowed-ips))$/
const vxlanTaken = /^(mode|id|port|mtu|macaddress|addresses|link|local)$/

const several = (file: string): Diagnostic => ({
  severity: 'error',
  code: 'import-kind',
  message: 'the file has several WireGuard interfaces; a node of a mesh has one for all its peers',
  span: { file, line: 1, column: 1, length: 1 },
  hint: 'copy the file, and leave the tunnel of the mesh in it',
})

const noTunnel = (file: string): Diagnostic => ({
  severity: 'error',
  code: 'import-kind',
  message: 'none of the files has a tunnel with mode: wireguard',
  span: { file, line: 1, column: 1, length: 1 },
  hint: 'give the files of /etc/netplan of each node, each node in a folder of its own',
})
