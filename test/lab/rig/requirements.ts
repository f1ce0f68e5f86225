import { existsSync } from 'node:fs'
import { run } from './shell.js'

const tools = [
  'wg',
  'wg-quick',
  'nft',
  'iptables',
  'ip',
  'bridge',
  'tcpdump',
  'ping',
  'sysctl',
  'unshare',
  'nsenter',
  'python3',
]
const files = ['/usr/lib/frr/frrinit.sh', '/usr/lib/frr/frr-reload.py', '/dev/net/tun']

/** Why this machine cannot run the lab, or `null` if it can. */
const lacking = (): string | null => {
  if (process.platform !== 'linux') return 'it needs Linux'
  if (process.getuid?.() !== 0) return 'it needs root'
  const missing = [
    ...tools.filter(tool => run(['sh', '-c', `command -v ${tool}`]).status !== 0),
    ...files.filter(file => !existsSync(file)),
  ]
  if (missing.length > 0) return `missing: ${missing.join(', ')} (sh test/lab/install.sh installs them)`
  // Root in a container may lack the right, and a small kernel the device.
  const { status, stderr } = run(['unshare', '--net', '--mount', '--pid', '--fork', 'sh', '-c', trial])
  return status === 0 ? null : `it cannot make namespaces, bridges and VXLAN devices: ${stderr.trim()}`
}

const trial =
  'ip link add name trial type bridge && ip link add name vtrial type vxlan id 1 dev lo dstport 4789'

/** The reason for skipping the lab on somebody's own computer, or `null`; in CI there is none, only failure. */
export const reasonToSkip = (): string | null => {
  const reason = lacking()
  if (reason !== null && process.env.CI) throw new Error(`the lab cannot run here: ${reason}`)
  return reason
}
