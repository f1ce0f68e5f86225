import type { Namespace } from './namespace.js'

/** What gives containers their addresses, and what answers: DHCP and DHCPv6, router solicitations and advertisements. */
const packets = `
import socket, sys
device = sys.argv[1].encode()
def send(family, kind, protocol, payload, to):
    wire = socket.socket(family, kind, protocol)
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device)
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    if family == socket.AF_INET6:
        wire.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
    wire.sendto(payload, to)
index = socket.if_nametoindex(sys.argv[1])
for port in 67, 68:
    send(socket.AF_INET, socket.SOCK_DGRAM, 0, b'dhcp', ('255.255.255.255', port))
for port in 546, 547:
    send(socket.AF_INET6, socket.SOCK_DGRAM, 0, b'dhcp', ('ff02::1', port, 0, index))
for kind in 133, 134:
    send(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6, bytes([kind]) + bytes(15), ('ff02::1', 0, 0, index))
`

/** Sends one packet of each kind. */
export const sendLocalServices = (from: Namespace, device: string): void => {
  from.must(['python3', '-c', packets, device])
}

/** Which of them have come to a machine since this was called. */
export const watchLocalServices = (machine: Namespace): (() => string[]) => {
  machine.must(['nft', '-f', '-'], {
    input: `table inet services
      delete table inet services
      table inet services {
        set ports { type inet_service; flags dynamic; }
        set kinds { type icmpv6_type; flags dynamic; }
        chain prerouting {
          type filter hook prerouting priority -300;
          udp dport { 67, 68, 546, 547 } add @ports { udp dport }
          icmpv6 type { nd-router-solicit, nd-router-advert } add @kinds { icmpv6 type }
        }
      }`,
  })
  return () => {
    const listed = machine.must(['nft', '-n', 'list', 'table', 'inet', 'services'])
    return [...listed.matchAll(/elements = \{([^}]*)\}/g)].flatMap(([, elements = '']) =>
      elements.split(',').map(element => element.trim()),
    )
  }
}

/** All of them, as {@link watchLocalServices} says them. */
export const localServices: readonly string[] = ['67', '68', '546', '547', '133', '134']
