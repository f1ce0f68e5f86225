import type { Span } from '../diagnostics/index.js'
import type { FileText, TunnelFile } from '../readers/index.js'
import type { Said } from './said.js'

/** The VXLAN device of the segment that all nodes share: ip-link(8). */
export interface Overlay {
  readonly name: string
  readonly vni: Said | null
  readonly port: Said | null
  readonly mtu: Said | null
  readonly mac: Said | null
  /** The address that its packets come from. */
  readonly local: Said | null
  readonly addresses: readonly Said[]
  readonly span: Span
}

/** An entry of the forwarding database: bridge(8). */
export interface Forwarding {
  readonly mac: string
  readonly destination: string
  readonly span: Span
}

/** The address that frames go to whose place is not known. */
export const flood = '00:00:00:00:00:00'

/** The lines of a file that match, with what they caught. */
const linesIn = (
  { file, text }: FileText,
  pattern: RegExp,
): { readonly found: RegExpExecArray; readonly span: Span }[] =>
  text.split('\n').flatMap((line, index) => {
    const found = /^\s*[#;]/.test(line) ? null : pattern.exec(line)
    return found
      ? [{ found, span: { file, line: index + 1, column: 1, length: Math.max(1, line.length) } }]
      : []
  })

/** Reads the device from wg-quick's `PostUp` commands, or from what networkd's or netplan's files say of it. */
export const overlayIn = (tunnel: TunnelFile, files: readonly FileText[]): Overlay | null => {
  const own = files.find(({ file }) => file === tunnel.file)
  const made = own && linesIn(own, /^PostUp = ip link add (\S+) .*\btype vxlan\b.*/)[0]
  if (own && made) return fromCommands(own, made)
  const [device] = tunnel.devices
  if (!device) return null
  const near = files.filter(({ file }) => /\.(netdev|network|yaml)$/.test(file))
  const told = (value: string | null, keys: string): Said | null => {
    const at = near.flatMap(file => linesIn(file, new RegExp(`^\\s*(?:- )?(?:${keys})\\s*[:=].*`)))
    const place = at.find(({ found }) => value !== null && found[0].includes(value))
    return value === null || !place ? null : { value, span: place.span }
  }
  const local = near.flatMap(file => linesIn(file, /^\s*(?:Local=|local: )"?([^"\s]+)"?/))[0]
  const named = told(device.name, 'Name') ?? { span: { file: tunnel.file, line: 1, column: 1, length: 1 } }
  return {
    name: device.name,
    vni: told(device.vni, 'VNI|id'),
    port: told(device.port, 'DestinationPort|port'),
    mtu: told(device.mtu, 'MTUBytes|mtu'),
    mac: told(device.mac, 'MACAddress|macaddress'),
    local: local ? { value: local.found[1] as string, span: local.span } : null,
    addresses: device.addresses.flatMap(address => told(address, 'Address|addresses') ?? []),
    span: named.span,
  }
}

const fromCommands = (
  file: FileText,
  { found, span }: { readonly found: RegExpExecArray; readonly span: Span },
): Overlay => {
  const words = found[0].split(/\s+/)
  const after = (word: string): Said | null => {
    const at = words.indexOf(word)
    return at < 0 ? null : { value: words[at + 1] ?? '', span }
  }
  const name = found[1] as string
  return {
    name,
    vni: after('id'),
    port: after('dstport'),
    mtu: after('mtu'),
    mac: after('address'),
    local: after('local'),
    addresses: linesIn(file, /^PostUp = ip address add (\S+) dev (\S+)/)
      .filter(line => line.found[2] === name)
      .map(line => ({ value: line.found[1] as string, span: line.span })),
    span,
  }
}

/** Entries of `bridge -batch` files, and of `[BridgeFDB]` sections (systemd.network(5)). */
export const forwardingIn = (files: readonly FileText[]): Forwarding[] =>
  files.flatMap(file => {
    if (file.file.endsWith('.fdb'))
      return linesIn(file, /^fdb \S+ (\S+) dev \S+ dst (\S+)/).map(({ found, span }) => ({
        mac: (found[1] as string).toLowerCase(),
        destination: found[2] as string,
        span,
      }))
    if (!/\/systemd\/network\/.*(\.network|\.conf)$/.test(file.file)) return []
    let within = false
    let mac: string | null = null
    return linesIn(file, /^\[(\w+)\]|^(MACAddress|Destination)=(\S+)/).flatMap(
      ({ found, span }): Forwarding[] => {
        if (found[1] !== undefined) {
          within = found[1] === 'BridgeFDB'
          mac = null
        } else if (within && found[2] === 'MACAddress') mac = (found[3] as string).toLowerCase()
        else if (within && mac !== null) return [{ mac, destination: found[3] as string, span }]
        return []
      },
    )
  })
