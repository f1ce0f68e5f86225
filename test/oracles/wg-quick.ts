/** A reader of wg-quick's files that knows wg-quick(8) and nothing of ciab-gen. */
export interface WgQuickFile {
  readonly interface: ReadonlyMap<string, readonly string[]>
  readonly peers: readonly WgPeer[]
}

export interface WgPeer {
  readonly publicKey: string
  readonly allowedIps: readonly string[]
  readonly endpoint: string | null
  readonly keepalive: number | null
  readonly presharedKey: string | null
}

const interfaceKeys = new Set([
  ...['PrivateKey', 'ListenPort', 'FwMark', 'Address', 'MTU', 'Table', 'DNS', 'SaveConfig'],
  ...['PreUp', 'PostUp', 'PreDown', 'PostDown'],
])
const peerKeys = new Set(['PublicKey', 'PresharedKey', 'AllowedIPs', 'Endpoint', 'PersistentKeepalive'])

/** Throws on a line that wg-quick would not know, and on a key of wg's that stands twice. */
export const readWgQuick = (text: string): WgQuickFile => {
  const sections: { readonly header: string; readonly keys: Map<string, string[]> }[] = []
  for (const raw of text.split('\n')) {
    const line = raw.replace(/#.*/, '').trim()
    if (line === '') continue
    const header = /^\[(\w+)\]$/.exec(line)?.[1]
    if (header) {
      sections.push({ header, keys: new Map() })
      continue
    }
    const [, key = '', value = ''] = /^([^=]*?)\s*=\s*(.*)$/.exec(line) ?? []
    const section = sections.at(-1)
    const known = section?.header === 'Interface' ? interfaceKeys : peerKeys
    if (!section || !known.has(key) || value === '') throw new Error(`wg-quick does not know: ${line}`)
    const values = section.keys.get(key) ?? []
    if (values.length > 0 && !/^(Pre|Post)(Up|Down)$/.test(key)) throw new Error(`${key} stands twice`)
    section.keys.set(key, [...values, value])
  }
  const [first, ...peers] = sections
  if (first?.header !== 'Interface') throw new Error('the file does not begin with [Interface]')
  if (peers.some(({ header }) => header !== 'Peer')) throw new Error('a section is not [Peer]')
  return { interface: first.keys, peers: peers.map(({ keys }) => readPeer(keys)) }
}

const readPeer = (keys: ReadonlyMap<string, readonly string[]>): WgPeer => {
  const one = (key: string): string | null => keys.get(key)?.[0] ?? null
  const keepalive = one('PersistentKeepalive')
  return {
    publicKey: one('PublicKey') ?? '',
    allowedIps: (one('AllowedIPs') ?? '').split(',').map(part => part.trim()),
    endpoint: one('Endpoint'),
    keepalive: keepalive === null ? null : Number(keepalive),
    presharedKey: one('PresharedKey'),
  }
}
