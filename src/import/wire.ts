import { addressPart, contains, familyOf, lengthPart } from '../net/index.js'
import type { Draft, DraftNode } from './draft.js'
import { type Findings, several } from './finding.js'
import type { FoundMesh } from './found.js'

/**
 * Says what packets will notice of the move: where ciab-gen's files differ from the old ones on purpose.
 */
export const reportWire = (found: FoundMesh, draft: Draft, findings: Findings): void => {
  if (found.tool === 'vwgen') reportVwgen(findings)
  const linkLocal = found.nodes.filter(({ underlay }) =>
    underlay.some(address => address.startsWith('169.254.') && lengthPart(address) < 32),
  )
  for (const { name } of linkLocal)
    findings.wire(
      'metadata-route',
      name,
      'its tunnel took the route to all of 169.254.0.0/16, the cloud metadata service among it; now the address is a /32, with one route for each peer',
    )
  reportClients(draft, findings)
  reportExits(found, draft, findings)
  for (const node of draft.nodes.filter(({ via }) => via === null)) {
    reportDialing(found, node, findings)
    reportNumbers(found, draft, node, findings)
    reportKeepalive(found, node, findings)
    reportSegment(draft, node, findings)
  }
  reportRelayed(draft, findings)
  if (found.vni === null)
    findings.wire(
      'vxlan',
      null,
      `${found.tool === 'other' ? 'the files make no VXLAN device' : 'there was no usable VXLAN id'}: it follows from the name now, and all nodes need their new files before the overlay works`,
    )
  findings.wire(
    'firewall',
    null,
    `VXLAN, BGP and BFD are taken from inside the tunnel only${found.vni === null ? '' : ': until now every machine on the internet could put frames on the overlay'}`,
  )
  findings.wire(
    'bgp',
    null,
    'frr.conf is written for every node: sessions between all of them on the overlay, with BFD, filters, and no passwords; import the old ones with "import frr" for their AS number and networks',
  )
  findings.assumed(
    'containers',
    null,
    'no container networks: write "containers = lxdbr0 ADDRESS/LENGTH" for a node, with the address that "ip -br address show lxdbr0" prints there, or import its frr.conf',
  )
}

const reportVwgen = (findings: Findings): void => {
  findings.wire(
    'vxlan',
    null,
    "the VXLAN device has ttl 64 instead of 1 and its UDP checksums, is bound to the node's own VTEP, and learns no addresses from frames: the MAC of every node is written into its table instead",
  )
  findings.leftOut(
    'hook',
    null,
    'the hooks that vwgen wrote itself (ip link, ethtool, sysctl, bridge fdb): ciab-gen writes its own, after the tunnel is up, and removes the device before the tunnel goes down',
  )
  findings.assumed(
    'preshared-key',
    null,
    'vwgen never wrote preshared keys ("vwgen genpsk" only printed one), so there are none; switch them on when every node has its new files',
  )
}

const reportNumbers = (found: FoundMesh, draft: Draft, node: DraftNode, findings: Findings): void => {
  const was = found.nodes.find(({ name }) => name === node.found)
  if (was?.given && was.listenPort === null)
    findings.wire(
      'port',
      node.found,
      `it had no fixed port to listen on; now it listens on ${node.listenPort}`,
    )
  const ipv6 = draft.underlay.some(pool => familyOf(pool) === 'ipv6')
  if (ipv6 && was && !was.underlay.some(address => familyOf(address) === 'ipv6'))
    findings.wire('vxlan', node.found, 'it gets an IPv6 underlay address, as the others have one')
}

/** Laptops and phones mostly; what else it may be its operator knows. */
const reportClients = ({ nodes }: Draft, findings: Findings): void => {
  for (const { label, found } of nodes) {
    const clients = nodes.filter(({ via }) => via === label)
    if (clients.length > 0)
      findings.assumed(
        'client',
        null,
        `${several(clients.map(client => client.found))}: no file, no endpoint, and an address alone in the file of ${found}: clients, which ${found} carries; one that has containers or that others dial is a [node]`,
      )
  }
}

/** Who had the internet by a node still has, or is named. */
const reportExits = (found: FoundMesh, { nodes }: Draft, findings: Findings): void => {
  for (const { label, found: exit } of nodes.filter(node => node.exit)) {
    const clients = nodes.filter(({ via }) => via === label).map(client => client.found)
    findings.assumed(
      'client',
      exit,
      `a hook sends what comes out of the tunnel on under its own address: it has exit = yes, and ${several(clients)} full-tunnel = yes: they go out to the internet by it, but not to private addresses next to it, which "lan" is for; take full-tunnel out for one that goes into the mesh alone`,
    )
    const others = found.views.filter(({ from, to }) => from === exit && !clients.includes(to))
    if (others.length > 0)
      findings.wire(
        'relay',
        null,
        `${several(others.map(({ to }) => to))}: no longer let out to the internet by ${exit}, which is a way out for clients alone`,
      )
  }
}

/** Whether it can be dialled is for its operator to say where the files do not. */
const reportDialing = (found: FoundMesh, node: DraftNode, findings: Findings): void => {
  const was = found.nodes.find(({ name }) => name === node.found)
  if (!was || node.endpoint !== 'none' || node.endpointAtSite !== null || found.tool === 'vwgen') return
  if (was.given && was.listenPort !== null && !found.views.some(({ to }) => to === was.name))
    findings.assumed(
      'endpoint',
      node.found,
      'no file says where it is dialled: write endpoint = ADDRESS for it in mesh.ini, or leave none if it only dials out',
    )
  else
    findings.assumed(
      'endpoint',
      node.found,
      'no file has an endpoint for it: it is taken for one that dials the others; write endpoint if it can be dialled',
    )
}

/** vwgen looked at the peer's number and wrote its own: a node behind NAT mostly sent none at all. */
const reportKeepalive = (found: FoundMesh, node: DraftNode, findings: Findings): void => {
  const seconds = node.keepalive ?? 25
  const given = found.nodes.some(({ name, given }) => name === node.found && given)
  if (node.endpoint === 'none' && given)
    findings.wire(
      'keepalive',
      node.found,
      `without an endpoint it sends a keepalive every ${seconds} s to each peer that it dials${found.tool === 'vwgen' ? '; vwgen wrote its number only for peers that had one too, and 0 into theirs' : ''}`,
    )
  else if (node.endpoint !== 'none' && node.keepalive !== null && found.tool === 'vwgen')
    findings.wire(
      'keepalive',
      node.found,
      `it sends a keepalive every ${node.keepalive} s to all its peers, not only to those that had a number too`,
    )
}

/** An address outside the pool was on the device and reached nobody: no other node had a route to it. */
const reportSegment = (draft: Draft, node: DraftNode, findings: Findings): void => {
  const outside = node.overlay.filter(
    address => !draft.overlay.some(pool => contains(pool, addressPart(address))),
  )
  if (outside.length > 0)
    findings.wire(
      'overlay-route',
      node.found,
      `${outside.join(', ')} is not in the pool ${draft.overlay.join(', ')}: the other nodes get a route to it on the overlay, and it one to the pool`,
    )
}

const seeEachOther = (one: DraftNode, other: DraftNode): boolean =>
  one.site !== null && one.site === other.site && (one.endpointAtSite ?? other.endpointAtSite) !== null

const reportRelayed = (draft: Draft, findings: Findings): void => {
  const found = new Map(draft.nodes.map(node => [node.label, node.found]))
  for (const pair of draft.exclude)
    findings.wire(
      'relay',
      null,
      `${pair.map(label => found.get(label)).join(' and ')} are excluded from each other: another node, which "ciab-gen check" names, carries their traffic now`,
    )
  const hidden = draft.nodes.filter(({ endpoint, via }) => endpoint === 'none' && via === null)
  const excluded = new Set(draft.exclude.map(pair => [...pair].sort().join(' ')))
  const apart = hidden.filter(one =>
    hidden.some(
      other =>
        one !== other &&
        !seeEachOther(one, other) &&
        !excluded.has([one.label, other.label].sort().join(' ')),
    ),
  )
  if (apart.length < 2) return
  findings.wire(
    'relay',
    null,
    `${several(apart.map(({ found }) => found))} cannot dial each other as long as mesh.ini has no endpoint for them: where two of them have something for each other, a node that both dial carries it; "ciab-gen check" names it`,
  )
}
