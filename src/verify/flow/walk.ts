import { familyOf } from '../../net/index.js'
import type { Packet } from '../filter/packet.js'
import type { NodeFiles } from '../node.js'
import type { End } from './ends.js'
import { elsewhere, type Machine } from './machine.js'
import { coverOf, filterWhy, hasAddress, hides, packetOf, type Sent } from './meets.js'
import { overlayTo } from './neighbor.js'
import type { Net } from './net.js'
import type { Vrf } from './networks.js'
import { nextAt } from './next.js'
import type { Trip, TripStep, Why } from './trip.js'
import { type Carrier, carriageOf, linkFault } from './wire.js'

/** An echo request, or what answers one. */
export const echo = (from: string, to: string, state: Packet['state']): Sent => ({
  from,
  to,
  protocol: 'icmp',
  port: null,
  vxlan: null,
  state,
})

const hopsAtMost = 8

/** Who carries packets that carry this one. */
const byWayOf = (relays: readonly string[]): string =>
  relays.length > 0 ? ` by way of ${relays.join(' and ')}` : ''

/** Follows a packet from one end to another. `depth` counts packets that carry this one. */
export const walk = (net: Net, sent: Sent, start: End, target: End, trace: boolean, depth = 0): Trip => {
  const steps: TripStep[] = []
  const nodes = [start.machine.name]
  let source = sent.from
  let hidden: Why | null = null
  let mtu: number | null = null
  const say = (machine: Machine, text: string, span: TripStep['span'] = null): void => {
    if (trace) steps.push({ node: machine.name, text, span })
  }
  const end = (verdict: Trip['verdict'], why: Why | null): Trip => ({
    verdict,
    why,
    steps,
    nodes,
    hidden,
    source,
    mtu,
  })
  const fails = (span: Why['span'], message: string, hint: string): Trip =>
    end('fails', { span, message, hint })
  const narrow = (text: string | null | undefined): void => {
    const size = Number(text ?? Number.NaN)
    if (Number.isFinite(size) && (mtu === null || size < mtu)) mtu = size
  }
  // A packet that is carried by what it carries goes in circles.
  if (depth > 1)
    return fails(
      start.machine.node.span,
      `${start.machine.name} sends VXLAN by VXLAN`,
      'route the underlay by the tunnel',
    )
  const carry = (outer: Carrier, from: End, to: End): Trip =>
    walk(net, { ...outer, protocol: 'udp', state: 'new' }, from, to, false, depth + 1)
  let doubt: Why | null = null
  /** What a filter says of the packet here: a trip that ends, or `null`. */
  const filtered = (
    machine: Machine,
    hook: 'prerouting' | 'input' | 'forward' | 'output',
    iif: string,
    oif: string,
    mac: string | null,
  ): Trip | null => {
    if (!machine.filter) return null
    const home = hook === 'input' && hasAddress(machine, iif, sent.to)
    const said = machine.filter.at(hook, packetOf(sent, source, iif, oif, mac, home))
    if (said.verdict === 'passes') {
      if (trace) say(machine, `the packet filter lets it through (${hook})`, said.rule?.span ?? null)
      return null
    }
    const why = filterWhy(machine, said, source, sent.to, hook)
    if (said.verdict === 'fails') {
      say(machine, `the packet filter drops it (${hook}): ${said.rule?.text}`, said.rule?.span ?? null)
      return end('fails', why)
    }
    doubt ??= why
    return null
  }
  const delivered = (): Trip => (doubt ? end('unknown', doubt) : end('passes', null))

  let at = start.machine
  let iif: string | null = start.kind === 'host' ? null : start.device
  let mac: string | null = null
  for (let hops = 0; hops < hopsAtMost; hops++) {
    const around: Vrf | null = iif === null ? null : at.vrfOf(iif)
    const vrf = around ?? (iif === at.tunnel ? at.entered(source, sent.to) : null)
    if (iif !== null) {
      if (hops === 0) {
        narrow(at.bridges.get(iif)?.mtu?.value)
        say(at, `comes from ${sent.from} by ${iif}`)
        // Frames between two ports of a bridge are not routed.
        if (target.kind === 'containers' && target.device === iif && start.kind === 'containers') {
          if (target.machine === at) return delivered()
          const segment = at.networks.segments.find(({ bridge }) => bridge === iif)
          const other = segment && target.machine.networks.segments.find(({ vni }) => vni === segment.vni)
          if (segment && other) {
            const fault = bridged(at, target.machine, segment.vni)
            say(at, `goes by ${segment.vxlan} to ${target.machine.name}`, segment.span)
            return fault ?? delivered()
          }
        }
      }
      const stopped = filtered(at, 'prerouting', iif, '', mac)
      if (stopped) return stopped
    }
    const inner: string | null = around ? around.name : iif
    const next = nextAt(net, at, vrf, sent.to)
    if (next.to === 'here') {
      if (target.kind === 'host' && target.machine === at) {
        const stopped = inner === null ? null : filtered(at, 'input', inner, '', mac)
        if (!stopped) say(at, `is for ${at.name} itself`)
        return stopped ?? delivered()
      }
      // An answer to an address that stands for the one behind it.
      if (target.machine === at && sent.to !== target.address) return delivered()
      return fails(
        at.node.span,
        `${at.name} takes ${sent.to} for an address of its own`,
        'give it another address',
      )
    }
    if (next.to === 'internet' && at.node.routing === null && target.kind !== 'internet')
      return end('unknown', {
        span: at.node.span,
        message: `${at.name} has no frr.conf that says where ${sent.to} is`,
        hint: 'look yourself where its routes lead',
      })
    if (next.to === 'nowhere')
      return fails(
        vrf?.router ?? vrf?.span ?? at.node.span,
        `${at.name} has no route to ${sent.to}${vrf ? ` for tenant ${vrf.tenant}` : ''}`,
        'let the node that has the network announce it, and this one take it',
      )
    const oif =
      next.to === 'bridge' || next.to === 'lan'
        ? next.device
        : next.to === 'tenant'
          ? (vrf as Vrf).bridge
          : next.to === 'internet'
            ? elsewhere
            : next.to === 'overlay' || (next.to === 'node' && at.overlay !== null)
              ? (at.overlay as string)
              : at.tunnel
    const stopped =
      inner === null ? filtered(at, 'output', '', oif, null) : filtered(at, 'forward', inner, oif, null)
    // What has no route goes out to the internet, where a filter may stop it: that is not why it does not arrive.
    const lost = next.to === 'internet' && target.kind !== 'internet'
    if (stopped && !lost) return stopped
    const cover = start.kind === 'host' ? null : hides(at, inner ?? '', oif, source, sent)
    if (cover) {
      hidden ??= cover
      source = coverOf(at, oif, familyOf(source)) ?? source
      say(at, `changes the source to ${source}`, cover.span)
    }
    if (next.to === 'bridge' || next.to === 'lan') {
      narrow(at.bridges.get(oif)?.mtu?.value)
      say(at, `goes out by ${oif}`)
      if (target.machine === at && target.device === oif) return delivered()
      const segment = at.networks.segments.find(({ bridge }) => bridge === oif)
      const other = segment && target.machine.networks.segments.find(({ vni }) => vni === segment.vni)
      if (segment && other && target.device === other.bridge) {
        say(at, `goes by ${segment.vxlan} to ${target.machine.name}`, segment.span)
        return bridged(at, target.machine, segment.vni) ?? delivered()
      }
      return fails(
        at.bridges.get(oif)?.addresses[0]?.span ?? at.node.span,
        `${at.name} takes ${sent.to} for one on its own ${oif}`,
        'give each node networks of its own',
      )
    }
    if (next.to === 'internet') {
      if (!stopped) say(at, 'goes out to the internet')
      if (!lost) return delivered()
      return fails(
        at.node.routing?.span ?? at.node.span,
        `${at.name} has no route to ${sent.to}${stopped ? '' : ', and sends it to the internet'}`,
        'let the node that has it announce it, and this one take it',
      )
    }
    if (next.to === 'tenant') {
      const { machine: other } = next
      const { fault, relays } = carriageOf(net, at, other, { vni: next.vrf.vni, kind: 'tenant' }, carry)
      if (fault) return end(fault.verdict, fault.why)
      const arrives = other.networks.vrfs.find(one => one.vni === (vrf as Vrf).vni)
      if (!arrives)
        return fails(
          (vrf as Vrf).span,
          `${at.name} sends tenant ${(vrf as Vrf).tenant} to ${other.name}, which has none with VNI ${(vrf as Vrf).vni}`,
          'give both the same VNI',
        )
      narrow(at.networks.mtu?.value)
      say(
        at,
        `goes by ${(vrf as Vrf).vxlan} (VNI ${(vrf as Vrf).vni}) to ${other.name}${byWayOf(relays)}`,
        (vrf as Vrf).span,
      )
      at = other
      nodes.push(...relays, at.name)
      iif = arrives.bridge
      mac = null
      continue
    }
    if (oif === at.overlay) {
      const owner: NodeFiles | null = next.to === 'node' ? next.machine.node : net.world.owner(sent.to)
      if (!owner?.overlay)
        return owner && !owner.overlay
          ? end('unknown', {
              span: owner.span,
              message: `the files of ${owner.name} say nothing of the network that carries ${sent.to}`,
              hint: 'read what carries it there',
            })
          : fails(
              at.node.overlay?.span ?? at.node.span,
              `no node has ${sent.to}`,
              'write the address of a node',
            )
      const other = net.machine(owner)
      if (other === at)
        return fails(
          at.node.span,
          `${at.name} does not have ${sent.to}, which it should have`,
          'give it the address',
        )
      const { fault, relays } = overlayTo(net, at, other, sent.to, carry)
      if (fault) return end(fault.verdict, fault.why)
      narrow(at.node.overlay?.mtu?.value)
      say(at, `goes by ${oif} to ${other.name}${byWayOf(relays)}`, at.node.overlay?.span ?? null)
      mac = at.node.overlay?.mac?.value ?? null
      iif = other.overlay
      at = other
      nodes.push(...relays, at.name)
      continue
    }
    // Out by the tunnel: WireGuard knows by the address which peer it is for (wg(8)).
    if (!at.node.addresses.length)
      return end('unknown', {
        span: at.node.span,
        message: `the files of ${at.name} do not say how it reaches ${sent.to}`,
        hint: 'read what carries it there',
      })
    const peer = net.world.route(at.node, sent.to)
    narrow(at.node.mtu?.value)
    if (!peer)
      return fails(
        at.node.span,
        `${at.name} sends ${sent.to} to no peer`,
        'add it to the allowed IPs of the peer that leads there',
      )
    const neighbor = net.world.nodeOf(peer)
    if (!neighbor) {
      say(at, `goes by ${at.tunnel} to its client`, peer.span)
      if (target.kind === 'client' && target.machine === at && target.peer === peer) return delivered()
      return fails(
        peer.span,
        `${at.name} sends ${sent.to} to a peer whose files are not here`,
        'give the peer the key of the node that it is',
      )
    }
    const fault = linkFault(net.world, at.node, peer, neighbor, source)
    if (fault) return end('fails', fault)
    say(at, `goes by ${at.tunnel} to ${neighbor.name}`, peer.span)
    at = net.machine(neighbor)
    nodes.push(at.name)
    iif = at.tunnel
    mac = null
  }
  return fails(
    at.node.span,
    `${sent.to} goes in a circle from ${start.machine.name}`,
    'let each address lead nearer to its node',
  )

  function bridged(from: Machine, to: Machine, vni: string): Trip | null {
    if (!net.floods(from, to, vni) || !net.floods(to, from, vni)) {
      const [deaf, teller] = net.floods(from, to, vni) ? [to, from] : [from, to]
      return fails(
        deaf.node.routing?.span ?? deaf.node.span,
        `${deaf.name} does not hear by EVPN that ${teller.name} is on VNI ${vni}`,
        'let both have a session of l2vpn evpn that lets the route target through',
      )
    }
    const { fault } = carriageOf(net, from, to, { vni, kind: 'segment' }, carry)
    return fault ? end(fault.verdict, fault.why) : null
  }
}
