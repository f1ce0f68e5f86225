import { Capture } from './capture.js'
import { Ledger } from './ledger.js'
import { Namespace } from './namespace.js'

/** A public subnet of the internet: where one node, or one node's NAT router, is plugged in. */
export interface Site {
  readonly number: number
  readonly ipv4: string
  readonly ipv6: string
  readonly gateway4: string
  readonly gateway6: string
}

/** Benchmarking prefixes (RFC 2544, RFC 5180): nobody's, and no documentation prefix that gets a warning. */
export const siteOf = (number: number): Site => ({
  number,
  ipv4: `198.18.${number}.2`,
  ipv6: `2001:2:0:${number.toString(16)}::2`,
  gateway4: `198.18.${number}.1`,
  gateway6: `2001:2:0:${number.toString(16)}::1`,
})

/** A server that anybody on the internet can reach. */
export const server = { ipv4: '198.18.0.80', ipv6: '2001:2:0:ffff::80' } as const

/** Routes between all sites, and sees everything that goes over the wire. */
export class Internet {
  private constructor(
    readonly namespace: Namespace,
    /** Who has pinged the server, by the address that it saw. */
    readonly ledger: Ledger,
  ) {}

  static async open(): Promise<Internet> {
    const namespace = await Namespace.open('internet')
    namespace.sh(
      `sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv6.conf.default.accept_dad=0
      ip address add "$1"/32 dev lo
      ip address add "$2"/128 dev lo`,
      server.ipv4,
      server.ipv6,
    )
    return new Internet(namespace, Ledger.open(namespace))
  }

  /** Plugs a machine's interface into a site. The site is a switch of its own, so that a pulled cable costs it no address. */
  plug(site: Site, machine: Namespace, device: string): void {
    const { number, gateway4, gateway6 } = site
    this.namespace.cable(`port${number}`, machine, device)
    this.namespace.sh(
      `ip link add site$1 type bridge
      ip address add $2/24 dev site$1
      ip address add $3/64 dev site$1 nodad
      ip link set site$1 up
      ip link set port$1 master site$1 up`,
      String(number),
      gateway4,
      gateway6,
    )
  }

  /** Unplugs a site's cable, or plugs it in again: the machine sees its carrier go or come. */
  cable(site: Site, state: 'down' | 'up'): void {
    this.namespace.must(['ip', 'link', 'set', `port${site.number}`, state])
  }

  unplug(site: Site): void {
    this.namespace.sh('ip link del site$1; ip link del port$1 2>/dev/null || true', String(site.number))
  }

  /** Records every packet on every wire until stopped. */
  capture(): Promise<Capture> {
    return Capture.start(this.namespace, 'any')
  }
}
