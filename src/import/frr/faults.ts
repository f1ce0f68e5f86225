import type { Findings } from '../finding.js'
import type { KnownMesh, Placed } from './known.js'

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
  const nobody = [...facts.neighbors.keys()].filter(address => !all.has(address))
  if (nobody.length > 0)
    findings.broken('bgp', node.label, `no node has the neighbor address ${nobody.join(', ')}: left out`)
  const foreign = [...facts.neighbors].filter(
    ([, { remoteAs }]) => remoteAs !== null && remoteAs !== `${facts.asn}` && remoteAs !== 'internal',
  )
  if (foreign.length > 0)
    findings.broken(
      'bgp',
      node.label,
      `it expects another AS than ${facts.asn} of ${foreign.map(([address]) => address).join(', ')}: all nodes are in one`,
    )
  const missing = mesh.nodes
    .filter(other => other !== node && !other.addresses.some(address => facts.neighbors.has(address)))
    .map(({ label }) => label)
  if (missing.length > 0)
    findings.wire(
      'bgp',
      node.label,
      `it gets a session with ${missing.join(', ')}, which its file did not have`,
    )
}

const reportRest = ({ node, facts }: Placed, findings: Findings): void => {
  if (facts.passwords > 0)
    findings.leftOut(
      'bgp',
      node.label,
      'password lines: vtysh needs none, and "frr-reload.py" would see a difference for ever',
    )
  for (const line of facts.unfilled)
    findings.broken('bgp', node.label, `${line} was never filled in, or with what FRR does not take`)
  for (const line of facts.rest) findings.leftOut('bgp', node.label, `${line} of its frr.conf`)
}
