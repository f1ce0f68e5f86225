import type { Diagnostic } from '../../diagnostics/index.js'
import { familyOf } from '../../net/index.js'
import type { Packet } from '../filter/packet.js'
import { finding } from '../finding.js'
import { bare } from '../world.js'
import { elsewhere } from './machine.js'
import type { Net } from './net.js'

type Probe = Pick<Packet, 'protocol' | 'port' | 'vxlan'> & { readonly what: string; readonly from?: string }

/**
 * What reaches a node from the internet, and should not: its own VXLAN and BGP, and what comes under another node's
 * address of the mesh. The kernel takes VXLAN on every address that it has, from anybody, and BGP's port listens on all.
 * Where a rule is not known, nothing is said.
 */
export const openToOutside = ({ machines }: Net): Diagnostic[] =>
  machines.flatMap(({ name, node, networks, filter }) => {
    if (!filter) return []
    const { overlay, routing } = node
    const probes: Probe[] = []
    if (overlay?.vni)
      probes.push({
        what: `VXLAN with VNI ${overlay.vni.value}`,
        protocol: 'udp',
        port: Number(overlay.port?.value ?? 4789),
        vxlan: { vni: overlay.vni.value, mac: overlay.mac?.value ?? '' },
      })
    for (const { vni } of [...networks.segments, ...networks.vrfs])
      probes.push({
        what: `VXLAN with VNI ${vni}`,
        protocol: 'udp',
        port: Number(networks.port?.value ?? 4789),
        vxlan: { vni, mac: '' },
      })
    const other = machines.find(one => one.node !== node)?.node
    const addresses = (other?.overlay?.addresses ?? other?.addresses ?? []).map(({ value }) => bare(value))
    for (const family of ['ipv4', 'ipv6'] as const) {
      const from = addresses.find(address => familyOf(address) === family)
      if (from === undefined) continue
      const what = `packets from ${from}, which is ${other?.name}'s,`
      probes.push({ what, protocol: 'icmp', port: null, vxlan: null, from })
    }
    if (routing) probes.push({ what: 'BGP (TCP port 179)', protocol: 'tcp', port: 179, vxlan: null })
    return probes.flatMap(({ what, from = '198.51.100.234', ...rest }) => {
      // Addresses for examples (RFC 5737, RFC 3849): nobody's of the mesh, and the host's own to the internet.
      const packet: Packet = {
        ...rest,
        iif: elsewhere,
        oif: '',
        from,
        to: familyOf(from) === 'ipv4' ? '203.0.113.234' : '2001:db8:ffff:ffff::235',
        mac: null,
        state: 'new',
        home: true,
      }
      const said = [filter.at('prerouting', packet), filter.at('input', packet)]
      if (said.some(({ verdict }) => verdict !== 'passes')) return []
      const place = filter.rules().find(({ text }) => / drop$/.test(text))
      return [
        finding(
          'verify-flow',
          place?.span ?? node.span,
          `${name} takes ${what} from the internet: no rule drops it`,
          'write the packet filter as "ciab-gen gen" has it',
        ),
      ]
    })
  })
