import { type Diagnostic, type Result, resultOf } from '../diagnostics/index.js'
import { attachComments } from './comments.js'
import { readUnit, type UnitSection, unitValues } from './sections.js'
import type { TunnelEntry, TunnelFile, TunnelSection, VxlanDevice } from './tunnel-file.js'

/** A file and its text. */
export interface FileText {
  readonly file: string
  readonly text: string
}

/** What a file holds that another one names by its path, such as a key; `null` where it is not there. */
export type Beside = (file: string, path: string) => string | null

interface Unit extends FileText {
  readonly sections: readonly UnitSection[]
}

/**
 * Reads systemd-networkd's files (systemd.netdev(5), systemd.network(5)): each .netdev of a WireGuard interface is a node, with
 * the other files that lie beside it.
 */
export const readNetworkd = (files: readonly FileText[], beside: Beside): Result<TunnelFile[]> => {
  const units = files.map(({ file, text }): Unit => ({ file, text, sections: readUnit(file, text).sections }))
  const tunnels = units.filter(unit => valueIn(unit, 'NetDev', 'Kind') === 'wireguard')
  const diagnostics: Diagnostic[] = []
  const ownersOf = ownersAmong(tunnels)
  /** By tunnel, what belongs to it. */
  const owned = new Map(tunnels.map((tunnel): [Unit, Unit[]] => [tunnel, []]))
  if (tunnels.length === 0) diagnostics.push(noTunnel(files[0]?.file ?? ''))
  for (const unit of units)
    if (!owned.has(unit) && ownersOf(unit).length !== 1) diagnostics.push(stray(unit.file))
  return resultOf(diagnostics, () => {
    for (const unit of units) {
      const [owner] = ownersOf(unit)
      if (owner && owner !== unit) owned.get(owner)?.push(unit)
    }
    return tunnels.map(tunnel => tunnelOf(tunnel, owned.get(tunnel) ?? [], beside))
  })
}

const valuesIn = ({ sections }: Unit, header: string, key: string): string[] =>
  sections.filter(section => section.header === header).flatMap(section => unitValues(section, key))

const valueIn = (unit: Unit, header: string, key: string): string | null =>
  valuesIn(unit, header, key).at(-1) ?? null

const folderOf = (file: string): string => file.split('/').slice(0, -1).join('/')
const baseOf = (file: string): string => file.split('/').at(-1) as string
const stemOf = (file: string): string => baseOf(file).replace(/\.\w+$/, '')

/** Whose a file is: of the tunnels in its folder the one that is called like it, or the only one. */
const ownersAmong = (tunnels: readonly Unit[]): ((unit: Unit) => readonly Unit[]) => {
  const near = new Map<string, Unit[]>()
  const called = new Map<string, Unit[]>()
  const calledBy = ({ file }: Unit): string => `${folderOf(file)}/${stemOf(file)}`
  for (const tunnel of tunnels)
    for (const [those, key] of [
      [near, folderOf(tunnel.file)] as const,
      [called, calledBy(tunnel)] as const,
    ]) {
      const some = those.get(key)
      if (some) some.push(tunnel)
      else those.set(key, [tunnel])
    }
  return unit => {
    const namesakes = called.get(calledBy(unit)) ?? []
    return namesakes.length === 1 ? namesakes : (near.get(folderOf(unit.file)) ?? [])
  }
}

const tunnelOf = (unit: Unit, others: readonly Unit[], beside: Beside): TunnelFile => {
  const name = valueIn(unit, 'NetDev', 'Name')
  const { lines } = readUnit(unit.file, unit.text)
  const attached = attachComments(lines, unit.sections.length)
  const own = others.filter(other => valuesIn(other, 'Match', 'Name').includes(name ?? ''))
  const keyFile = valueIn(unit, 'WireGuard', 'PrivateKeyFile')
  const key = keyFile === null ? null : beside(unit.file, keyFile)
  const span = unit.sections.find(({ header }) => header === 'WireGuard')?.span ?? {
    file: unit.file,
    line: 1,
    column: 1,
    length: 1,
  }
  const entries = (section: UnitSection, words: Readonly<Record<string, string>>): TunnelEntry[] =>
    section.entries.flatMap(entry => {
      const key = words[entry.key]
      return key === undefined || entry.value === '' ? [] : [{ key, value: entry.value, span: entry.span }]
    })
  const said = (key: string, value: string | null | undefined): TunnelEntry[] =>
    value === null || value === undefined ? [] : [{ key, value, span }]
  const sections = unit.sections.flatMap((section, index): TunnelSection[] => {
    const comments = {
      above: attached.above[index] ?? [],
      inside: attached.inside[index] ?? [],
    }
    if (section.header === 'WireGuardPeer') {
      const path = unitValues(section, 'PresharedKeyFile').at(-1)
      const shared = path === undefined ? null : beside(unit.file, path)
      return [
        {
          kind: 'peer',
          span: section.span,
          entries: [...entries(section, peerWords), ...said('presharedkey', shared)],
          ...comments,
        },
      ]
    }
    if (section.header !== 'WireGuard') return []
    return [
      {
        kind: 'interface',
        span: section.span,
        entries: [
          ...entries(section, interfaceWords).filter(({ value }) => value !== 'auto'),
          ...said('privatekey', key),
          ...said('table', valueIn(unit, 'WireGuard', 'RouteTable') ?? 'off'),
          ...said(
            'mtu',
            own.map(other => valueIn(other, 'Link', 'MTUBytes')).find(Boolean) ??
              valueIn(unit, 'NetDev', 'MTUBytes'),
          ),
          ...own.flatMap(other =>
            [...valuesIn(other, 'Network', 'Address'), ...valuesIn(other, 'Address', 'Address')].flatMap(
              value => said('address', value),
            ),
          ),
          ...own.flatMap(other => valuesIn(other, 'Network', 'DNS').flatMap(value => said('dns', value))),
        ],
        ...comments,
      },
    ]
  })
  const devices = others.filter(other => deviceOf(other, others).length > 0)
  const names = [name, ...devices.map(device => valueIn(device, 'NetDev', 'Name'))]
  const ours = (other: Unit): boolean =>
    devices.includes(other) || valuesIn(other, 'Match', 'Name').some(match => names.includes(match))
  return {
    file: unit.file,
    name,
    sections,
    comments: attached.all,
    keyFile: key === null ? keyFile : null,
    missing: valuesIn(unit, 'WireGuardPeer', 'PresharedKeyFile').filter(
      path => beside(unit.file, path) === null,
    ),
    devices: others.flatMap(other => deviceOf(other, others)),
    routes: own.flatMap(other => routesOf(other)),
    rest: [...restOf(unit), ...others.flatMap(other => (ours(other) ? restOf(other) : [baseOf(other.file)]))],
  }
}

const interfaceWords = { PrivateKey: 'privatekey', ListenPort: 'listenport', FirewallMark: 'fwmark' }
const peerWords = {
  PublicKey: 'publickey',
  PresharedKey: 'presharedkey',
  AllowedIPs: 'allowedips',
  Endpoint: 'endpoint',
  PersistentKeepalive: 'persistentkeepalive',
}

const deviceOf = (unit: Unit, all: readonly Unit[]): VxlanDevice[] => {
  if (valueIn(unit, 'NetDev', 'Kind') !== 'vxlan') return []
  const name = valueIn(unit, 'NetDev', 'Name') ?? ''
  const networks = all.filter(other => valuesIn(other, 'Match', 'Name').includes(name))
  return [
    {
      name,
      vni: valueIn(unit, 'VXLAN', 'VNI') ?? valueIn(unit, 'VXLAN', 'Id'),
      port: valueIn(unit, 'VXLAN', 'DestinationPort'),
      mtu:
        valueIn(unit, 'NetDev', 'MTUBytes') ??
        networks.map(other => valueIn(other, 'Link', 'MTUBytes')).find(Boolean) ??
        null,
      mac: valueIn(unit, 'NetDev', 'MACAddress'),
      addresses: networks.flatMap(other => [
        ...valuesIn(other, 'Network', 'Address'),
        ...valuesIn(other, 'Address', 'Address'),
      ]),
    },
  ]
}

/** Routes of the main table without a gateway go to the interface itself. */
const routesOf = ({ sections }: Unit): string[] =>
  sections
    .filter(({ header }) => header === 'Route')
    .filter(section => unitValues(section, 'Table').every(table => table === 'main' || table === '254'))
    .flatMap(section => unitValues(section, 'Destination'))

/** What the readers above take; the rest is told line by line. */
const taken: Readonly<Record<string, RegExp>> = {
  NetDev: /^(Name|Kind|MTUBytes)$/,
  WireGuard: /^(PrivateKey|PrivateKeyFile|ListenPort|FirewallMark|RouteTable)$/,
  WireGuardPeer: /^(PublicKey|PresharedKey|PresharedKeyFile|AllowedIPs|Endpoint|PersistentKeepalive)$/,
  VXLAN: /^(VNI|Id|DestinationPort|Local)$/,
  Match: /^Name$/,
  Network: /^(Address|DNS)$/,
  Address: /^Address$/,
  Link: /^MTUBytes$/,
}

const restOf = (unit: Unit): string[] =>
  unit.sections.flatMap(({ header, entries }) =>
    entries
      .filter(({ key }) => !taken[header]?.test(key))
      .filter(({ key }) => key !== 'MACAddress' || valueIn(unit, 'NetDev', 'Kind') !== 'vxlan')
      .map(({ key, value }) => `[${header}] ${key}=${value}`),
  )

const noTunnel = (file: string): Diagnostic => ({
  severity: 'error',
  code: 'import-kind',
  message: 'none of the files is a .netdev with Kind=wireguard',
  span: { file, line: 1, column: 1, length: 1 },
  hint: 'give the .netdev and .network files of each node, each node in a folder of its own',
})

const stray = (file: string): Diagnostic => ({
  severity: 'error',
  code: 'import-unmatched',
  message: 'the file lies beside no .netdev of a WireGuard interface, or beside several',
  span: { file, line: 1, column: 1, length: 1 },
  hint: 'put the files of each node into a folder of its own',
})
