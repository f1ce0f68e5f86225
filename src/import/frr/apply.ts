import { type Diagnostic, didYouMean, type Result, resultOf } from '../../diagnostics/index.js'
import { hasKey, setKey } from '../../edit/index.js'
import {
  addressOf,
  familyOf,
  interfaceAddress,
  lengthPart,
  overlaps,
  type Prefix,
  rangeOf,
} from '../../net/index.js'
import type { Source } from '../../parse/parse.js'
import { reservedIn } from '../../resolve/addresses/known-ranges.js'
import { defaultBridge } from '../../resolve/defaults.js'
import type { Findings } from '../finding.js'
import { reportFaults } from './faults.js'
import type { KnownMesh, KnownNode, Placed } from './known.js'
import { type FrrFacts, readFrr } from './read.js'

/** The text of a mesh.ini with what the nodes' frr.conf files say: AS number and container networks. */
export const applyFrr = (
  text: string,
  mesh: KnownMesh,
  sources: readonly Source[],
  findings: Findings,
): Result<string> => {
  const diagnostics: Diagnostic[] = []
  const placed: Placed[] = []
  for (const source of sources) {
    const read = readFrr(source)
    if (!read.ok) diagnostics.push(...read.diagnostics)
    else {
      const node = ownerOf(read.value, mesh)
      const twin = placed.find(other => other.node === node)
      if (!node) diagnostics.push(unmatched(read.value, mesh))
      else if (twin)
        diagnostics.push(
          conflict(`the file is about ${node.label}, as ${twin.facts.file} is`, read.value, twin.facts),
        )
      else placed.push({ node, facts: read.value })
    }
  }
  const [first] = placed
  for (const { facts } of placed)
    if (first && facts.asn !== first.facts.asn)
      diagnostics.push(conflict(`AS ${facts.asn} is another than AS ${first.facts.asn}`, facts, first.facts))
  if (diagnostics.length > 0 || !first) return resultOf(diagnostics, () => text)
  reportFaults(placed, mesh, findings)
  if (mesh.asn !== null && mesh.asn !== first.facts.asn)
    findings.wire(
      'bgp',
      null,
      `the AS number is ${first.facts.asn}, as in the files, and no longer ${mesh.asn}`,
    )
  let changed = setKey(text, 'mesh', 'asn', [`${first.facts.asn}`])
  if (changed.ok) changed = withSettings(changed.value, placed, findings)
  const announced = new Map<Prefix, string>()
  for (const { node, facts } of placed) {
    const networks = ownNetworks(node, facts, mesh, announced, findings)
    if (!changed.ok) break
    if (hasKey(changed.value, `node ${node.label}`, 'containers')) {
      reportKept(node, networks, findings)
      continue
    }
    const bridges = bridgesOf(node, networks, findings)
    // What it has of the mesh's pools stays where the file names networks of the other family alone.
    const missing = node.pooled.filter(family => !networks.some(network => familyOf(network) === family))
    if (bridges.length > 0 && missing.length > 0) {
      const taken = node.networks.some(own => networks.some(other => sameFamilyOverlap(own, other)))
      const left = node.networks.filter(own => missing.includes(familyOf(own)))
      bridges.unshift(`${defaultBridge} ${taken ? left.join(', ') : 'auto'}`)
    }
    if (bridges.length === 0) continue
    changed = setKey(changed.value, `node ${node.label}`, 'containers', bridges)
  }
  return changed
}

/** Keys of [mesh] that all files agree on. */
const withSettings = (text: string, placed: readonly Placed[], findings: Findings): Result<string> => {
  const timers = new Set(placed.map(({ facts }) => facts.timers))
  const [common = null] = timers
  const graceful = placed.filter(({ facts }) => facts.gracefulRestart)
  let changed: Result<string> = resultOf([], () => text)
  if (common !== null && timers.size === 1) changed = setKey(text, 'mesh', 'timers', [common])
  else
    for (const { node, facts } of placed)
      if (facts.timers !== null)
        findings.leftOut(
          'bgp',
          node.label,
          `timers ${facts.timers}: others have another, and the mesh has one`,
        )
  if (graceful.length === 0 || !changed.ok) return changed
  if (graceful.length < placed.length)
    for (const { node } of placed.filter(({ facts }) => !facts.gracefulRestart))
      findings.wire('bgp', node.label, 'graceful restart is on, as for the others')
  return setKey(changed.value, 'mesh', 'graceful-restart', ['yes'])
}

/** Whose file it is: by router-id, by its neighbors' missing one, by host name, by the file's own name. */
const ownerOf = (facts: FrrFacts, { nodes }: KnownMesh): KnownNode | undefined => {
  const { routerId, hostname, file } = facts
  const words = file.split(/[/.]/)
  return (
    nodes.find(({ addresses }) => routerId !== null && addresses.includes(routerId)) ??
    nodes.find(node => hostname !== null && [node.label, node.hostname].includes(hostname)) ??
    nodes.find(({ label }) => words.some(word => word === label || word === `frr-${label}`))
  )
}

/** Networks that only this node announces, that are not the mesh's own, and that a bridge can have. */
const ownNetworks = (
  node: KnownNode,
  facts: FrrFacts,
  { pools, carried }: KnownMesh,
  announced: Map<Prefix, string>,
  findings: Findings,
): Prefix[] =>
  facts.networks.filter(network => {
    const pool = pools.find(own => familyOf(own) === familyOf(network) && overlaps(own, network))
    const reserved = reservedIn(network)
    const isCarried = carried.includes(familyOf(network))
    const [taken, owner] = [...announced].find(([other]) => sameFamilyOverlap(other, network)) ?? []
    if (pool)
      findings.leftOut('bgp', node.label, `network ${network}: it is the mesh's own ${pool}, on no bridge`)
    else if (reserved)
      findings.leftOut(
        'bgp',
        node.label,
        `network ${network}: it holds ${reserved.what} (${reserved.prefix}), which no bridge may have`,
      )
    else if (!isCarried) findings.leftOut('bgp', node.label, `network ${network}: the mesh carries no IPv6`)
    else if (owner)
      findings.broken(
        'bgp',
        node.label,
        `network ${network} ${taken === network ? 'is' : `overlaps ${taken}, which is`} announced by ${owner} too, so containers of one of the two were never reached: ${owner} keeps it; give the bridge of ${node.label} another network and write it as containers`,
      )
    else announced.set(network, node.label)
    return !pool && !reserved && isCarried && !owner
  })

/** What mesh.ini says about a node's bridges is the operator's word. */
const reportKept = (node: KnownNode, networks: readonly Prefix[], findings: Findings): void => {
  for (const network of networks)
    if (!node.networks.includes(network))
      findings.leftOut(
        'containers',
        node.label,
        `network ${network}: mesh.ini says containers for this node already, which stay as they are`,
      )
}

const sameFamilyOverlap = (a: Prefix, b: Prefix): boolean => familyOf(a) === familyOf(b) && overlaps(a, b)

/** The guide's bridges are LXD's own: lxdbr0, with the first address of its network. */
const bridgesOf = (node: KnownNode, networks: readonly Prefix[], findings: Findings): string[] => {
  const first = (prefix: Prefix): string =>
    interfaceAddress(addressOf(familyOf(prefix), rangeOf(prefix)[0] + 1n), lengthPart(prefix))
  const usable = networks.filter(prefix => lengthPart(prefix) <= (familyOf(prefix) === 'ipv4' ? 30 : 126))
  for (const prefix of networks)
    if (!usable.includes(prefix))
      findings.leftOut('bgp', node.label, `network ${prefix}: no bridge has a network as small as that`)
  const ipv4 = usable.filter(prefix => familyOf(prefix) === 'ipv4')
  const ipv6 = usable.filter(prefix => familyOf(prefix) === 'ipv6')
  const count = Math.max(ipv4.length, ipv6.length)
  const bridges = Array.from({ length: count }, (_, index) => {
    const pair = [ipv4[index], ipv6[index]].filter(prefix => prefix !== undefined)
    return `lxdbr${index} ${pair.map(first).join(', ')}`
  })
  for (const bridge of bridges)
    findings.assumed(
      'containers',
      node.label,
      `the network it announces is on the bridge ${bridge}: compare with "ip -br address" there, and correct containers where the name or the address is another`,
    )
  return bridges
}

const unmatched = (facts: FrrFacts, { nodes }: KnownMesh): Diagnostic => ({
  severity: 'error',
  code: 'import-unmatched',
  message: `no node has the router-id ${facts.routerId ?? '(none)'} or the host name ${facts.hostname ?? '(none)'} of this file`,
  span: facts.span,
  hint: `write the node's own overlay address as bgp router-id, or call the file after the node: ${didYouMean(
    facts.hostname ?? '',
    nodes.map(({ label }) => label),
  )}`,
})

const conflict = (message: string, here: FrrFacts, there: FrrFacts): Diagnostic => ({
  severity: 'error',
  code: 'import-conflict',
  message,
  span: here.span,
  hint: 'import one file of each node, all of one AS',
  related: { message: `${there.file} is the other`, span: there.span },
})
