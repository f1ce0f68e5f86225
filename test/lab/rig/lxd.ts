import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Namespace } from './namespace.js'

/** A bridge for containers as LXD has made it. */
export interface Bridge {
  readonly name: string
  readonly ipv4: string
  readonly ipv6: string
  readonly mtu: number
  /** The first IPv4 address that DHCP leases; the node's own bridge leases by LXD's rules. */
  readonly leases: string | null
}

/** A bridge that the node's owner had before the mesh, with LXD's default of rewriting every source. */
export const existing = { name: 'lxdbr0', ipv4: '10.141.7.1/24', ipv6: 'fd42:8d0b:5c7e:1::1/64' } as const

const standIn = fileURLToPath(new URL('lxd-stand-in.js', import.meta.url))

/** Answers questions, of which apply.sh asks one for each key, and leaves changes to the stand-in. */
const program = `#!/bin/sh
case "$1 $2" in
  "query /1.0") echo "{}" ;;
  "storage list") echo default,dir,,1,CREATED ;;
  "network get") sed -n "s/^$4=//p" "/run/lab/lxd/$3" ;;
  "network show")
    [ -e "/run/lab/lxd/$3" ] || exit 1
    echo "config:"
    sed 's/\\([^=]*\\)=\\(.*\\)/  \\1: "\\2"/' "/run/lab/lxd/$3"
    echo "managed: true"
    [ -n "$(ls "/sys/class/net/$3/brif")" ] && echo "used_by: - somebody" || echo "used_by: []" ;;
  *) exec "NODE" "STAND-IN" PROGRAM "$@" ;;
esac
`

/** Puts the stand-in for LXD into a machine's path. */
export const installLxd = (machine: Namespace): void => {
  machine.sh(`mkdir /run/lab/bin /run/lab/bin.work /run/lab/lxd
    mount -t overlay overlay -o lowerdir=/usr/local/bin,upperdir=/run/lab/bin,workdir=/run/lab/bin.work /usr/local/bin`)
  for (const name of ['lxc', 'lxd']) {
    const input = program
      .replace('NODE', process.execPath)
      .replace('STAND-IN', standIn)
      .replace('PROGRAM', name)
    machine.must(['sh', '-c', 'cat >"$1" && chmod 755 "$1"', 'sh', `/usr/local/bin/${name}`], { input })
  }
}

/** What the owner's LXD had set up before. */
export const makeExistingBridge = (machine: Namespace): void => {
  const { name, ipv4, ipv6 } = existing
  const config = [`ipv4.address=${ipv4}`, 'ipv4.nat=true', `ipv6.address=${ipv6}`, 'ipv6.nat=true']
  machine.must(['lxc', 'network', 'create', name, ...config])
}

/** By hand, where apply.sh is not to do it: the preseed, and the MTU of a bridge that was there before. */
export const setUpLxd = (machine: Namespace, mtu: number): void => {
  if (machine.run(['test', '-e', '/etc/ciab/lxd/preseed.yaml']).status === 0)
    machine.sh('lxd init --preseed </etc/ciab/lxd/preseed.yaml')
  if (bridgesOf(machine).some(({ name }) => name === existing.name))
    machine.must(['lxc', 'network', 'set', existing.name, `bridge.mtu=${mtu}`])
}

/** The bridges that there are, by name. */
export const bridgesOf = (machine: Namespace): Bridge[] => {
  const directory = `${machine.root}/run/lab/lxd`
  return readdirSync(directory)
    .sort()
    .map(file => {
      const lines = readFileSync(`${directory}/${file}`, 'utf8').split('\n')
      const setting = (key: string) => lines.find(line => line.startsWith(`${key}=`))?.slice(key.length + 1)
      return {
        name: file,
        ipv4: setting('ipv4.address') ?? 'none',
        ipv6: setting('ipv6.address') ?? 'none',
        mtu: Number(setting('bridge.mtu') ?? 1500),
        leases: setting('ipv4.dhcp.ranges')?.split('-')[0] ?? null,
      }
    })
}
