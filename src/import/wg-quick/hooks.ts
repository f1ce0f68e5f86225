import type { Hooks } from '../../model/spec.js'
import { type InterfaceAddress, type Mac, type Port, parseMac, parsePort, parseVni } from '../../net/index.js'
import type { Findings } from '../finding.js'
import { addressIn, shown } from '../values.js'
import type { WgSection } from './lines.js'

/** What a file's hooks say: the VXLAN device they make, and the operator's own commands. */
export interface ReadHooks {
  readonly device: VxlanDevice | null
  readonly addresses: readonly InterfaceAddress[]
  /** VTEPs that frames are flooded to. */
  readonly flooded: readonly string[]
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
 * the operator's. A command in other words stays: it may do more.
 */
export const readHooks = (section: WgSection, node: string, findings: Findings): ReadHooks => {
  const commands = Object.values(keys).flatMap(key => commandsOf(section, key))
  const device = commands.map(deviceIn).find(made => made !== null) ?? null
  const names = device ? [device.name] : []
  const words = names.map(name => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|') || '(?!)'
  const address = new RegExp(
    `^ip (?:-[46] )?a(?:ddr|ddress)? add (\\S+) dev (?:${words})(?: nodad)?(?: \\|\\| true)?$`,
  )
  const flood = new RegExp(
    `^bridge fdb (?:append|add|replace) (?:to )?\\S+ dev (?:${words}) dst (\\S+)(?: via \\S+)?(?: self)?(?: permanent)?$`,
  )
  const ours = [
    new RegExp(`^ip link (?:del|delete)(?: dev)? (?:${words})(?: 2>/dev/null)?(?: \\|\\| true)?$`),
    new RegExp(`^ip link set(?: dev)? (?:${words}) (?:up|down)$`),
    new RegExp(`^ethtool -K (?:${words}) tx off rx off$`),
    new RegExp(`^sysctl (?:-q )?-w (?:net\\.ipv[46]\\.conf\\.(?:${words}|%i)\\.\\w+=\\d ?)+$`),
    new RegExp(`^ip (?:-6 )?route add \\S+ dev (?:%i|${words}) proto static$`),
    /^sh \/etc\/ciab\/guard\.sh$/,
    /^bridge -batch \/etc\/ciab\/\S+\.fdb$/,
    keyFile,
  ]
  const isOurs = (command: string): boolean =>
    deviceIn(command) !== null ||
    addressIn(address.exec(command)?.[1] ?? '') !== null ||
    flood.test(command) ||
    ours.some(pattern => pattern.test(command))
  const own = (key: (typeof keys)[keyof typeof keys]): string[] =>
    commandsOf(section, key).filter(command => !isOurs(command))
  const hooks = {
    preUp: own('preup'),
    postUp: own('postup'),
    preDown: own('predown'),
    postDown: own('postdown'),
  }
  for (const command of Object.values(hooks).flat())
    if (/\bvxlan\b/.test(command))
      findings.assumed(
        'hook',
        node,
        `the hook ${shown(command)} stays, though ciab-gen makes a VXLAN device itself`,
      )
  return {
    device,
    addresses: commands.flatMap(command => addressIn(address.exec(command)?.[1] ?? '') ?? []),
    flooded: commands.flatMap(command => flood.exec(command)?.[1] ?? []),
    keyElsewhere: commands.some(command => keyFile.test(command)),
    own: hooks,
  }
}

const keyFile = /^wg set (?:%i|\S+) private-key \S+$/

const commandsOf = (section: WgSection, key: string): string[] =>
  section.entries.filter(entry => entry.key === key).map(({ value }) => value.replace(/\s+/g, ' '))

/** Far longer than any that makes a device. */
const longestCommand = 4096

/** `ip link add NAME … type vxlan …`, in whatever order its words stand. */
const deviceIn = (command: string): VxlanDevice | null => {
  const match =
    command.length <= longestCommand &&
    /^ip link add (?:dev |name )?(\S+) (.*\btype vxlan\b[^;&|]*?)(?: \|\| true)?$/.exec(command)
  if (!match) return null
  const words = (match[2] as string).split(' ')
  const after = (word: string): string => words[words.indexOf(word) + 1] ?? ''
  const mtu = Number(words.includes('mtu') ? after('mtu') : Number.NaN)
  const vni = parseVni(after('id'))
  const port = parsePort(words.includes('dstport') ? after('dstport') : '')
  const mac = parseMac(words.includes('address') ? after('address') : '')
  return {
    name: match[1] as string,
    vni: vni.ok ? vni.value : null,
    port: port.ok ? port.value : null,
    mtu: Number.isInteger(mtu) ? mtu : null,
    mac: mac.ok ? mac.value : null,
  }
}
