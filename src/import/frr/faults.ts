import { type Address, contains } from '../../net/index.js'
import { type Findings, several } from '../finding.js'
import { shown } from '../values.js'
import type { KnownMesh, Placed } from './known.js'
import type { FrrFacts } from './read.js'

/** The mistakes that a template filled in by hand invites. */
export const reportFaults = (placed: readonly Placed[], mesh: KnownMesh, findings: Findings): void => {
  for (const one of placed) {
    reportSelf(one, findings)
    reportNeighbors(one, mesh, findings)
    reportRest(one, findings)
  }
}

const reportSelf = ({ node, facts }: Placed, findings: Findings): void => {
  const own = node.addresses.filter(address => facts.neighbors.has(address))
  if (own.length > 0)
    findings.broken(
      'bgp',
      node.label,
      `it has itself as a neighbor (${own.join(', ')}), which FRR refuses as it runs: left out`,
    )
  if (facts.routerId !== null && !node.addresses.includes(facts.routerId))
    findings.broken(
      'bgp',
      node.label,
      `bgp router-id ${facts.routerId} is no address of this node: its underlay address is taken`,
    )
  const clients = [...facts.neighbors.values()].filter(peer => peer.reflectorClient).length
  if (clients > 0)
    findings.broken(
      'bgp',
      node.label,
      'its neighbors are route-reflector clients: in a full mesh every node then reflects every route back, as often as there are nodes: sessions are plain now',
    )
}

const reportNeighbors = ({ node, facts }: Placed, mesh: KnownMesh, findings: Findings): void => {
  const all = new Set(mesh.nodes.flatMap(({ addresses }) => addresses))
  const strangers = [...facts.neighbors.keys()].filter(address => !all.has(address))
  const nobody = strangers.filter(address => mesh.pools.some(pool => contains(pool, address)))
  if (nobody.length > 0)
    findings.broken('bgp', node.label, `no node has the neighbor address ${nobody.join(', ')}: left out`)
  for (const address of strangers.filter(address => !nobody.includes(address)))
    findings.leftOut(
      'bgp',
      node.label,
      `its session with ${address}${asIn(facts, address)}, which is outside the mesh: it ends as the new frr.conf goes in; to keep it, write routing = none for this node and keep its frr.conf by hand`,
    )
  const foreign = [...facts.neighbors].filter(
    ([address, { remoteAs }]) =>
      all.has(address) && remoteAs !== null && remoteAs !== `${facts.asn}` && remoteAs !== 'internal',
  )
  if (foreign.length > 0)
    findings.broken(
      'bgp',
      node.label,
      `it expects another AS than ${facts.asn} of ${foreign.map(([address]) => address).join(', ')}: all nodes are in one`,
    )
  const has = (address: Address): boolean =>
    facts.neighbors.has(address) || facts.listens.some(range => contains(range, address))
  const missing = mesh.nodes
    .filter(other => other !== node && !other.addresses.some(has))
    .map(({ label }) => label)
  if (missing.length > 0)
    findings.wire(
      'bgp',
      node.label,
      `it gets a session with ${several(missing)}, which its file did not have`,
    )
}

const asIn = ({ neighbors }: FrrFacts, address: Address): string => {
  const remoteAs = neighbors.get(address)?.remoteAs
  return remoteAs ? ` (AS ${remoteAs})` : ''
}

const reportRest = ({ node, facts }: Placed, findings: Findings): void => {
  if (facts.passwords > 0)
    findings.leftOut(
      'bgp',
      node.label,
      'password lines: vtysh needs none, and "frr-reload.py" would see a difference for ever; sessions of the mesh have one by session-password = yes',
    )
  for (const line of facts.closed)
    findings.wire('bgp', node.label, `${line} of its frr.conf: the mesh forwards, so that line is gone`)
  for (const line of facts.redistributes)
    findings.assumed(
      'containers',
      node.label,
      `${line}: it announced whatever networks its interfaces had; the mesh announces those of bridges: write containers = BRIDGE ADDRESS/LENGTH for each`,
    )
  for (const line of facts.unfilled)
    findings.broken('bgp', node.label, `${line} was never filled in, or with what FRR does not take`)
  for (const [place, lines] of facts.rest)
    findings.leftOut(
      'bgp',
      node.label,
      `${lines.map(shown).join(', ')} of its frr.conf${place === '' ? '' : `, under ${shown(place)}`}`,
    )
}
