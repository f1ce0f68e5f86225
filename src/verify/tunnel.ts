import type { Diagnostic } from '../diagnostics/index.js'
import { finding } from './finding.js'
import type { NodeFiles, Peer } from './node.js'
import { type Forwarding, flood } from './overlay.js'
import { addressesOf, bare, type World } from './world.js'

const wrong = (...said: [span: Peer['span'], message: string, hint: string]): Diagnostic =>
  finding('verify-tunnel', ...said)

/** What is wrong with the WireGuard interfaces and the VXLAN devices, whatever they carry. */
export const tunnelFindings = (world: World): Diagnostic[] => {
  const vteps = vtepsIn(world)
  return [
    ...world.nodes.flatMap(node => [...peersOf(world, node), ...forwardingOf(node, vteps), ...sizesOf(node)]),
    ...twice(world),
    ...overlaysOf(world),
  ]
}

/** The nodes by the MAC addresses and by the outer addresses of their VXLAN devices. */
interface Vteps {
  readonly macs: ReadonlyMap<string, NodeFiles>
  readonly locals: ReadonlyMap<string, NodeFiles>
}

const vtepsIn = ({ nodes }: World): Vteps => {
  const by = (what: 'mac' | 'local') =>
    new Map(nodes.flatMap(node => (node.overlay?.[what] ? [[node.overlay[what].value, node] as const] : [])))
  return { macs: by('mac'), locals: by('local') }
}

/** Keys, allowed IPs and endpoints of each peer (wg(8)). */
const peersOf = (world: World, node: NodeFiles): Diagnostic[] => {
  const taken = new Map<string, string>()
  return node.peers.flatMap((peer, index) => {
    const found: Diagnostic[] = []
    const nameOf = world.nodeOf(peer)?.name ?? `peer ${index + 1}`
    for (const { value, span } of peer.allowed) {
      const before = taken.get(value)
      if (before !== undefined)
        found.push(
          wrong(
            span,
            `${node.name} gives ${value} to ${before} and to ${nameOf}`,
            'leave it with one: WireGuard takes the last',
          ),
        )
      taken.set(value, nameOf)
    }
    const other = world.nodeOf(peer)
    return other
      ? [...found, ...pairOf(world, node, peer, other)]
      : [...found, ...strangerOf(world, node, peer)]
  })
}

/** A peer whose key is nobody's, and yet it has a node's address: the key is wrong. A client has addresses of its own. */
const strangerOf = (world: World, node: NodeFiles, peer: Peer): Diagnostic[] => {
  const [first] = peer.allowed
  const other =
    first &&
    world.nodes.find(({ addresses }) => addresses.some(({ value }) => bare(value) === bare(first.value)))
  if (!other) return []
  const place = peer.key?.span ?? peer.span
  return [
    wrong(
      place,
      `${node.name} has another key for ${other.name} than ${other.name} has`,
      `write the public key of ${other.name}`,
    ),
  ]
}

const pairOf = (world: World, node: NodeFiles, peer: Peer, other: NodeFiles): Diagnostic[] => {
  if (other === node) return [wrong(peer.span, `${node.name} is a peer of itself`, 'delete the peer')]
  const found: Diagnostic[] = []
  const back = world.peerFor(other, node)
  // Where the other has a peer with this node's address and another key, that is told there.
  const strange = (): boolean =>
    other.peers.some(
      ({ key, allowed }) =>
        key &&
        !world.nodeOf({ ...peer, key }) &&
        allowed.some(({ value }) => node.addresses.some(own => bare(own.value) === bare(value))),
    )
  if (!back && !strange())
    found.push(
      wrong(
        peer.span,
        `${node.name} has the peer ${other.name}, which has none for ${node.name}`,
        `add ${node.name} to the peers of ${other.name}, or delete this one`,
      ),
    )
  const missing = other.addresses.filter(({ value }) => world.route(node, bare(value)) !== peer)
  for (const { value } of missing)
    found.push(
      wrong(
        peer.allowed[0]?.span ?? peer.span,
        `${node.name} does not allow ${bare(value)} for ${other.name}`,
        `add ${bare(value)}/${value.includes(':') ? 128 : 32} to the allowed IPs of this peer alone`,
      ),
    )
  if (back && node.name < other.name) {
    if (!peer.endpoint && !back.endpoint)
      found.push(
        wrong(
          peer.span,
          `neither ${node.name} nor ${other.name} has an endpoint for the other`,
          'write an Endpoint for one of the two',
        ),
      )
    if (peer.shared !== null && back.shared !== null && peer.shared !== back.shared)
      found.push(
        wrong(
          peer.span,
          `${node.name} and ${other.name} have different preshared keys`,
          'give both the same',
        ),
      )
    if (peer.shared !== undefined && back.shared === null && peer.shared !== null)
      found.push(
        wrong(
          back.span,
          `${other.name} has no preshared key for ${node.name}, which has one`,
          'give both the same, or none',
        ),
      )
    if (back.shared !== undefined && peer.shared === null && back.shared !== null)
      found.push(
        wrong(
          peer.span,
          `${node.name} has no preshared key for ${other.name}, which has one`,
          'give both the same, or none',
        ),
      )
  }
  return [...found, ...endpointOf(world, node, peer, other)]
}

/** A port may be forwarded to another; but then all who dial the address dial that port. */
const endpointOf = (world: World, node: NodeFiles, { endpoint }: Peer, other: NodeFiles): Diagnostic[] => {
  if (!endpoint || !other.port) return []
  const [host, port] = [endpoint.value.replace(/:\d+$/, ''), /:(\d+)$/.exec(endpoint.value)?.[1]]
  if (port === other.port.value) return []
  const others = world.nodes.flatMap(one =>
    one === node ? [] : (world.peerFor(one, other)?.endpoint?.value ?? []),
  )
  const elsewhere = others.filter(text => text.replace(/:\d+$/, '') === host)
  return elsewhere.length > 0 && !elsewhere.includes(endpoint.value)
    ? [
        wrong(
          endpoint.span,
          `${node.name} dials ${other.name} at port ${port}, where it does not listen`,
          `write the port ${other.port.value}`,
        ),
      ]
    : []
}

/** Forwarding entries lead to the VTEP whose MAC address they name, and frames for everybody go to all. */
const forwardingOf = (node: NodeFiles, { macs, locals: vteps }: Vteps): Diagnostic[] => {
  const entries = new Map<string, Forwarding[]>()
  for (const entry of node.forwarding) {
    const found = entries.get(entry.destination)
    if (found) found.push(entry)
    else entries.set(entry.destination, [entry])
  }
  const known = [...entries.keys()].flatMap(destination => vteps.get(destination) ?? [])
  const first = node.forwarding[0]
  return [
    ...node.forwarding.flatMap(({ mac, destination, span }) => {
      const [owner, at] = [macs.get(mac), vteps.get(destination)]
      if (mac === flood) return at ? [] : strange(node, destination, span)
      if (!owner && at)
        return [
          wrong(
            span,
            `${node.name} sends frames for ${mac} to ${at.name}, which has ${at.overlay?.mac?.value ?? 'another address'}`,
            `write ${at.overlay?.mac?.value}`,
          ),
        ]
      if (owner && owner !== at)
        return [
          wrong(
            span,
            `${node.name} sends frames for ${owner.name} to ${destination}`,
            `write ${owner.overlay?.local?.value}`,
          ),
        ]
      return []
    }),
    ...(first
      ? known.flatMap(other => {
          const to = entries.get(other.overlay?.local?.value ?? '') ?? []
          const lacks = [flood, other.overlay?.mac?.value].filter(
            mac => mac !== undefined && to.every(entry => entry.mac !== mac),
          )
          return lacks.map(mac =>
            wrong(
              to[0]?.span ?? first.span,
              mac === flood
                ? `${node.name} sends no broadcast to ${other.name}`
                : `${node.name} has no forwarding entry for the MAC address of ${other.name}`,
              `add the entry for ${mac} with the destination ${other.overlay?.local?.value}`,
            ),
          )
        })
      : []),
  ]
}

/** Addresses of nodes whose folders are not here are no fault; one that no peer is allowed is. */
const strange = (node: NodeFiles, destination: string, span: Peer['span']): Diagnostic[] =>
  node.peers.some(({ allowed }) => allowed.some(({ value }) => bare(value) === destination))
    ? []
    : [
        wrong(
          span,
          `${node.name} sends broadcasts to ${destination}, which no peer of it has`,
          "write the other node's underlay address",
        ),
      ]

/** VXLAN takes 50 bytes over IPv4 and 70 over IPv6: RFC 7348, section 5. */
const sizesOf = ({ name, mtu, overlay }: NodeFiles): Diagnostic[] => {
  if (!mtu || !overlay?.mtu || !overlay.local) return []
  const most = Number(mtu.value) - (overlay.local.value.includes(':') ? 70 : 50)
  return Number(overlay.mtu.value) > most
    ? [
        wrong(
          overlay.mtu.span,
          `${name} has an MTU of ${overlay.mtu.value} on ${overlay.name}, and ${mtu.value} under it`,
          `write ${most} or less`,
        ),
      ]
    : []
}

/** Addresses and MAC addresses that two nodes have, and VTEP addresses that are none of the tunnel's. */
const twice = ({ nodes }: World): Diagnostic[] => {
  const owners = new Map<string, string>()
  return nodes.flatMap(node => {
    const local = node.overlay?.local
    const found =
      local && !node.addresses.some(({ value }) => bare(value) === local.value)
        ? [
            wrong(
              local.span,
              `${node.name} sends VXLAN from ${local.value}, which its tunnel does not have`,
              "write the tunnel's address",
            ),
          ]
        : []
    const all = [...addressesOf(node), ...(node.overlay?.mac ? [node.overlay.mac] : [])]
    return [
      ...found,
      ...all.flatMap(({ value, span }) => {
        const before = owners.get(bare(value))
        owners.set(bare(value), node.name)
        return before === undefined
          ? []
          : [
              wrong(
                span,
                `${node.name} has ${bare(value)}, as ${before} has`,
                'give each node an address of its own',
              ),
            ]
      }),
    ]
  })
}

/** VNI, port and MTU are one for all: the one that most have. */
const overlaysOf = ({ nodes }: World): Diagnostic[] =>
  (['vni', 'port', 'mtu'] as const).flatMap(what => {
    const said = nodes.flatMap(node => (node.overlay?.[what] ? [{ node, ...node.overlay[what] }] : []))
    const counts = new Map<string, number>()
    for (const { value } of said) counts.set(value, (counts.get(value) ?? 0) + 1)
    const [usual] = [...counts].sort(([, a], [, b]) => b - a)
    return said
      .filter(({ value }) => value !== usual?.[0])
      .map(({ node, value, span }) =>
        wrong(
          span,
          `${node.name} has the VXLAN ${what === 'port' ? what : what.toUpperCase()} ${value}, and others ${usual?.[0]}`,
          `write ${usual?.[0]}`,
        ),
      )
  })
