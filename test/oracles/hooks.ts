import type { WgQuickFile } from './wg-quick.js'

/** The VXLAN device that a node's PostUp commands make: ip-link(8), ip-address(8). */
export interface VxlanDevice {
  readonly name: string
  readonly vni: number
  readonly mtu: number
  readonly mac: string
  readonly local: string
  readonly port: number
  readonly learning: boolean
  readonly addresses: readonly string[]
}

/** `null` where the commands make none. */
export const readVxlan = (file: WgQuickFile): VxlanDevice | null => {
  const commands = (file.interface.get('PostUp') ?? []).map(command => command.split(' '))
  const link = commands.find(words => words.join(' ').startsWith('ip link add') && words.includes('vxlan'))
  if (!link) return null
  const after = (word: string): string => link[link.indexOf(word) + 1] ?? ''
  const name = link[3] as string
  return {
    name,
    vni: Number(after('id')),
    mtu: Number(after('mtu')),
    mac: after('address'),
    local: after('local'),
    port: Number(after('dstport')),
    learning: !link.includes('nolearning'),
    addresses: commands
      .filter(words => words.slice(0, 3).join(' ') === 'ip address add' && words[5] === name)
      .map(words => words[3] as string),
  }
}

/** Prefixes that a node's PostUp commands route onto the tunnel. */
export const readRoutes = (file: WgQuickFile): string[] =>
  (file.interface.get('PostUp') ?? [])
    .map(command => command.split(' '))
    .filter(words => words.slice(0, 3).join(' ') === 'ip route add' && words[5] === '%i')
    .map(words => words[3] as string)
