import { addressPart, type Prefix } from '../../net/index.js'
import type { Between } from '../expect/ends.js'
import { type End, endsOf } from '../flow/ends.js'
import { expectedOf } from '../flow/expected.js'
import { flowOf } from '../flow/flow.js'
import type { NodeFiles } from '../node.js'
import type { Speaker } from '../session.js'
import { reflects, type Spread, speakersIn } from '../spread.js'
import type { Study } from '../verify.js'
import { areApart, bare } from '../world.js'

/** A flow that passes while all nodes are there, and the nodes that it goes by, there and back. */
export interface Way {
  readonly from: End
  readonly to: End
  readonly nodes: readonly string[]
}

/** What hangs on whom while all nodes are there. */
export interface Ground {
  /** Node → networks of others that somebody heard of from it. */
  readonly heardFrom: ReadonlyMap<string, ReadonlySet<Spread>>
  /** Node → routes of others whose packets it forwards. */
  readonly carried: ReadonlyMap<string, ReadonlySet<readonly [NodeFiles, Spread]>>
  /** Node → flows of others that go by it. */
  readonly walked: ReadonlyMap<string, ReadonlySet<Way>>
  /** Nodes that tell others of what others told them by EVPN. */
  readonly tellsEvpn: ReadonlySet<string>
  /** All flows that pass. */
  readonly all: readonly Way[]
}

/** Walks every flow once. */
export const groundOf = (study: Study, more: readonly Between[]): Ground => {
  const all = waysOf(study, more)
  const walked = new Map<string, Set<Way>>()
  for (const way of all)
    for (const node of new Set(way.nodes))
      if (node !== way.from.machine.name && node !== way.to.machine.name) into(walked, node, way)
  const heardFrom = new Map<string, Set<Spread>>()
  for (const told of study.routes.spreads)
    for (const side of told.learned.values())
      if (side && side.node !== told.origin) into(heardFrom, side.node.name, told)
  const tellsEvpn = new Set(
    speakersIn(study.world)
      .filter(node => reflects(node, 'evpn'))
      .map(({ name }) => name),
  )
  return { all, walked, heardFrom, carried: carriedIn(study), tellsEvpn }
}

const into = <Value>(map: Map<string, Set<Value>>, key: string, value: Value): void => {
  const found = map.get(key)
  if (found) found.add(value)
  else map.set(key, new Set([value]))
}

const waysOf = ({ world, net }: Study, more: readonly Between[]): Way[] => {
  const ways: Way[] = []
  const walk = (from: End, to: End): void => {
    const { verdict, there, back } = flowOf(net, from, to)
    if (verdict === 'passes') ways.push({ from, to, nodes: [...there.nodes, ...(back?.nodes ?? [])] })
  }
  for (const { from, to, passes } of expectedOf(net))
    if (passes && !areApart(world, from.machine.node, to.machine.node)) walk(from, to)
  const clients = net.machines
    .flatMap(machine => endsOf(net, machine))
    .filter(({ kind }) => kind === 'client')
  if (clients.length > 0) {
    const targets = net.machines
      .flatMap(machine => endsOf(net, machine))
      .filter(({ kind, tenant }) => kind === 'containers' && tenant === null)
    for (const client of clients)
      for (const target of targets)
        if (client.address.includes(':') === target.address.includes(':')) walk(client, target)
  }
  for (const [from, to] of more) walk(from, to)
  return ways
}

/** Routes whose packets a third node forwards, by WireGuard's allowed IPs (wg(8)). */
const carriedIn = ({ world, routes }: Study): Map<string, Set<readonly [NodeFiles, Spread]>> => {
  const carried = new Map<string, Set<readonly [NodeFiles, Spread]>>()
  for (const told of routes.spreads)
    for (const node of told.learned.keys()) {
      if (node === told.origin) continue
      for (const relay of relaysOf(node, told)) into(carried, relay.name, [node, told] as const)
    }
  return carried

  function relaysOf(from: Speaker, { origin, prefix }: Spread): NodeFiles[] {
    const [own, its] = [from.overlay, origin.overlay]
    const destination = own && its ? its.local?.value : bare(addressPart(prefix as Prefix))
    const relays: NodeFiles[] = []
    if (destination === undefined) return relays
    let at: NodeFiles = from
    for (let hops = 0; hops < 3; hops++) {
      const peer = world.route(at, destination)
      const next = peer && world.nodeOf(peer)
      if (!next || next === origin) break
      relays.push(next)
      at = next
    }
    return relays
  }
}
