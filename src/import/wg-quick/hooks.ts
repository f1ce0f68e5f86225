import type { Hooks } from '../../model/spec.js'
import {
  type InterfaceAddress,
  type Mac,
  type Port,
  type Prefix,
  parseMac,
  parsePort,
  parseVni,
} from '../../net/index.js'
import type { VxlanDevice as FileDevice, TunnelFile, TunnelSection } from '../../readers/index.js'
import { longest, stepsOf } from '../hooks/commands.js'
import { deviceOf, elsewhere, ipIn, networkOf, valueAfter } from '../hooks/ip.js'
import { addressIn, escaped } from '../values.js'

/** What a file's hooks say: the VXLAN devices they make, and the operator's own commands. */
export interface ReadHooks {
  readonly device: VxlanDevice | null
  /** The names of all VXLAN devices that they make. */
  readonly replaced: readonly string[]
  readonly addresses: readonly InterfaceAddress[]
  /** Networks that they route into the tunnel. */
  readonly routes: readonly Prefix[]
  /** True where the private key comes from a file on the node. */
  readonly keyElsewhere: boolean
  readonly own: Hooks
}

export interface VxlanDevice {
  readonly name: string
  readonly vni: number | null
  readonly port: Port | null
  readonly mtu: number | null
  readonly mac: Mac | null
}

/** The four keys in the order that wg-quick(8) runs them. */
const keys = { preUp: 'preup', postUp: 'postup', preDown: 'predown', postDown: 'postdown' } as const

/**
 * Tells the commands that vwgen and ciab-gen write, which ciab-gen will write anew, from those that are
 * the operator's. What those mean to the mesh is said when it is known what the mesh does.
 */
export const readHooks = (section: TunnelSection, file: TunnelFile): ReadHooks => {
  const commands = Object.values(keys).flatMap(key => commandsOf(section, key))
  const simple = commands.flatMap(command => stepsOf(command) ?? []).flatMap(({ tries }) => tries)
  const made = [...file.devices.map(deviceOfFile), ...simple.flatMap(({ words }) => deviceIn(words) ?? [])]
  const replaced = made.map(({ name }) => name)
  const [first = null] = made
  // Its MTU may be set by a command of its own.
  const mtu = simple.flatMap(({ words }) => {
    const command = ipIn(words)
    const set = command?.object === 'link' && command.verb === 'set' && deviceOf(command) === first?.name
    return set ? Number(valueAfter(command.rest, 'mtu') ?? Number.NaN) || [] : []
  })
  const addresses = simple.flatMap(({ words }) => {
    const command = ipIn(words)
    const on =
      command?.object === 'address' && command.verb === 'add' && replaced.includes(deviceOf(command) ?? '')
    return on ? (addressIn(command.rest.find(word => /^[0-9a-f.:]+(\/\d+)?$/i.test(word)) ?? '') ?? []) : []
  })
  const generated = generatedFor(replaced)
  const own = (key: (typeof keys)[keyof typeof keys]): string[] =>
    commandsOf(section, key).filter(command => !generated(command))
  return {
    device: first && { ...first, mtu: first.mtu ?? mtu[0] ?? null },
    replaced,
    addresses: [
      ...file.devices.flatMap(device => device.addresses.flatMap(text => addressIn(text) ?? [])),
      ...addresses,
    ],
    routes: simple.flatMap(({ words }) => {
      const command = ipIn(words)
      const adds = command?.object === 'route' && /^(add|replace)$/.test(command.verb) && !elsewhere(command)
      return adds && !replaced.includes(deviceOf(command) ?? '') ? (networkOf(command) ?? []) : []
    }),
    keyElsewhere: file.keyFile !== null || commands.some(command => keyFile.test(command)),
    own: { preUp: own('preup'), postUp: own('postup'), preDown: own('predown'), postDown: own('postdown') },
  }
}

const keyFile = /^wg set (?:%i|\S+) private-key \S+$/

/** What vwgen and ciab-gen write in just these words, on the VXLAN devices that they make. */
const generatedFor = (devices: readonly string[]): ((command: string) => boolean) => {
  const words = devices.map(escaped).join('|') || '(?!)'
  const patterns = [
    new RegExp(`^ip link add (?:dev |name )?(?:${words}) .*\\btype vxlan\\b[^;&|]*(?: \\|\\| true)?$`),
    new RegExp(`^ip (?:-[46] )?a(?:ddr|ddress)? add \\S+ dev (?:${words})(?: nodad)?(?: \\|\\| true)?$`),
    new RegExp(
      `^bridge fdb (?:append|add|replace) (?:to )?\\S+ dev (?:${words}) dst \\S+(?: via \\S+)?(?: self)?(?: permanent)?$`,
    ),
    new RegExp(`^ip link (?:del|delete)(?: dev)? (?:${words})(?: 2>/dev/null)?(?: \\|\\| true)?$`),
    new RegExp(`^ip link set(?: dev)? (?:${words}) (?:up|down)$`),
    new RegExp(`^ethtool -K (?:${words}) tx off rx off$`),
    new RegExp(`^sysctl (?:-q )?-w (?:net\\.ipv[46]\\.conf\\.(?:${words}|%i)\\.\\w+=\\d ?)+$`),
    new RegExp(`^ip (?:-6 )?route add \\S+ dev (?:%i|${words}) proto static$`),
    /^sh \/etc\/ciab\/guard\.sh$/,
    /^bridge -batch \/etc\/ciab\/\S+\.fdb$/,
    keyFile,
  ]
  return command => command.length <= longest && patterns.some(pattern => pattern.test(command))
}

const commandsOf = (section: TunnelSection, key: string): string[] =>
  section.entries.filter(entry => entry.key === key).map(({ value }) => value.replace(/\s+/g, ' '))

/** `ip link add NAME … type vxlan …`, in whatever order its words stand. */
const deviceIn = (words: readonly string[]): VxlanDevice | null => {
  const command = ipIn(words)
  if (command?.object !== 'link' || command.verb !== 'add') return null
  const { rest } = command
  const name = valueAfter(rest, 'name') ?? (rest[0] === 'dev' ? rest[1] : rest[0])
  if (valueAfter(rest, 'type') !== 'vxlan' || name === undefined) return null
  return deviceOfFile({
    name,
    vni: valueAfter(rest, 'id') ?? valueAfter(rest, 'vni'),
    port: valueAfter(rest, 'dstport'),
    mtu: valueAfter(rest, 'mtu'),
    mac: valueAfter(rest, 'address'),
    addresses: [],
  })
}

const deviceOfFile = ({ name, ...said }: FileDevice): VxlanDevice => {
  const mtu = Number(said.mtu ?? Number.NaN)
  const vni = parseVni(said.vni ?? '')
  const port = parsePort(said.port ?? '')
  const mac = parseMac(said.mac ?? '')
  return {
    name,
    vni: vni.ok ? vni.value : null,
    port: port.ok ? port.value : null,
    mtu: Number.isInteger(mtu) ? mtu : null,
    mac: mac.ok ? mac.value : null,
  }
}
