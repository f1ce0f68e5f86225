import type { Background } from './background.js'
import type { Internet, Site } from './internet.js'
import { Namespace } from './namespace.js'

/**
 * How a node gets to the internet: with a public address of each family; with IPv6 alone and a default
 * route from router advertisements, as many clouds do; behind a NAT router that lets nobody in; or behind the router of
 * the node before.
 */
export type UplinkKind = 'dual' | 'ipv6' | 'nat' | 'same nat'

/** A node's uplink, plugged in. */
export interface Uplink {
  readonly kind: UplinkKind
  readonly site: Site
  /** What the internet sees of the node, by family; `null` where it has none. */
  readonly public: { readonly ipv4: string | null; readonly ipv6: string | null }
  /** Where others can dial it: value of the node's `endpoint`. */
  readonly endpoint: string
  close(): Promise<void>
}

const device = 'eth0'

/** What a fresh server has: no forwarding, router advertisements accepted. */
const fresh = `sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0 net.ipv6.conf.all.accept_ra=1
  sysctl -qw net.ipv6.conf.eth0.accept_ra=1`

const configure = `ip link set eth0 up
  for address in $1; do ip address add $address dev eth0; done
  for address in $2; do ip address add $address dev eth0 nodad; done
  for gateway in $3; do ip route add default via $gateway; done
  for gateway in $4; do ip -6 route add default via $gateway; done`

export const plugIn = async (
  kind: UplinkKind,
  internet: Internet,
  site: Site,
  machine: Namespace,
): Promise<Uplink> => {
  const connect = connections[kind]
  return connect(internet, site, machine)
}

const none = async (): Promise<void> => {}

const dual = async (internet: Internet, site: Site, machine: Namespace): Promise<Uplink> => {
  const { ipv4, ipv6, gateway4, gateway6 } = site
  internet.plug(site, machine, device)
  machine.sh(fresh)
  machine.sh(configure, `${ipv4}/24`, `${ipv6}/64`, gateway4, gateway6)
  return { kind: 'dual', site, public: { ipv4, ipv6 }, endpoint: `${ipv4}, [${ipv6}]`, close: none }
}

const ipv6 = async (internet: Internet, site: Site, machine: Namespace): Promise<Uplink> => {
  internet.plug(site, machine, device)
  machine.sh(fresh)
  machine.sh(configure, '', `${site.ipv6}/64`, '', '')
  const advertiser = await advertise(internet.namespace, `site${site.number}`)
  return {
    kind: 'ipv6',
    site,
    public: { ipv4: null, ipv6: site.ipv6 },
    endpoint: `[${site.ipv6}]`,
    close: async () => {
      await advertiser.stop()
    },
  }
}

const nat = async (internet: Internet, site: Site, machine: Namespace): Promise<Uplink> => {
  const router = await Namespace.open(`router${site.number}`)
  internet.plug(site, router, device)
  router.sh(configure, `${site.ipv4}/24`, `${site.ipv6}/64`, site.gateway4, site.gateway6)
  router.cable('lan1', machine, device)
  const lan4 = `192.168.${site.number}`
  const lan6 = `fd00:c0de:${site.number.toString(16)}:`
  router.sh(
    `sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    ip link add lan type bridge
    ip link set lan1 master lan up
    ip link set lan up
    ip address add $1.1/24 dev lan
    ip address add $2:1/64 dev lan nodad`,
    lan4,
    lan6,
  )
  router.must(['nft', '-f', '-'], {
    input: `table inet nat {
      chain out {
        type nat hook postrouting priority srcnat
        oifname "eth0" masquerade
      }
      chain in {
        type filter hook forward priority filter
        iifname "eth0" ct state != { established, related } drop
      }
    }`,
  })
  const lan: Lan = { router, ipv4: lan4, ipv6: lan6, taken: 1 }
  lans.set(internet, lan)
  join(lan, machine)
  return {
    kind: 'nat',
    site,
    public: { ipv4: site.ipv4, ipv6: site.ipv6 },
    endpoint: 'none',
    close: () => router.close(),
  }
}

/** Behind a router, where machines see each other. */
interface Lan {
  readonly router: Namespace
  readonly ipv4: string
  readonly ipv6: string
  /** Addresses given, the router's first. */
  taken: number
}

/** The last of each internet. */
const lans = new WeakMap<Internet, Lan>()

const join = (lan: Lan, machine: Namespace): void => {
  const { ipv4, ipv6 } = lan
  lan.taken++
  machine.sh(fresh)
  machine.sh(configure, `${ipv4}.${lan.taken}/24`, `${ipv6}:${lan.taken}/64`, `${ipv4}.1`, `${ipv6}:1`)
}

const sameNat = async (internet: Internet, site: Site, machine: Namespace): Promise<Uplink> => {
  const lan = lans.get(internet)
  if (!lan) throw new Error('there is no router that it could be behind')
  const port = `lan${lan.taken}`
  lan.router.cable(port, machine, device)
  lan.router.sh('ip link set $1 master lan up', port)
  join(lan, machine)
  return { kind: 'nat', site, public: { ipv4: null, ipv6: null }, endpoint: 'none', close: none }
}

const connections = { dual, ipv6, nat, 'same nat': sameNat }

/** A router advertisement (RFC 4861 §4.2) every two seconds: default route for half a minute, no prefix. */
const advertisement = `
import socket, struct, sys, time
wire = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
wire.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, sys.argv[1].encode())
wire.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
index = socket.if_nametoindex(sys.argv[1])
while True:
    try:
        wire.sendto(struct.pack('!BBHBBHII', 134, 0, 0, 64, 0, 30, 0, 0), ('ff02::1', 0, 0, index))
    except OSError:
        pass
    time.sleep(2)
`

const advertise = (namespace: Namespace, from: string): Promise<Background> =>
  namespace.start(['python3', '-c', advertisement, from])
