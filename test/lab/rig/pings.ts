import { type Container, ping } from './container.js'
import type { Host } from './host.js'
import { must } from './shell.js'

/** How a ping of every ordered pair of containers in both families went. */
export interface Round {
  readonly passed: number
  /** Pings without an answer, and sources that are not those of the containers that pinged. */
  readonly wrong: readonly string[]
  /** Who had no answer from whom. */
  readonly unanswered: readonly (readonly [Container, Container])[]
}

/** `patience` is how many seconds an answer may take. */
export const pingEveryPair = (hosts: readonly Host[], patience = 3): Round => {
  const containers = hosts.flatMap(host => [...host.containers])
  for (const container of containers) container.ledger.clear()
  const wrong: string[] = []
  const unanswered: (readonly [Container, Container])[] = []
  const answered = answers(containers, patience)
  for (const from of containers)
    for (const to of containers)
      for (const address of from === to ? [] : [to.ipv4, to.ipv6])
        if (!answered.has(`${from.name} ${address}`)) {
          wrong.push(`${from.name} has no answer from ${to.name} (${address})`)
          unanswered.push([from, to])
        }
  for (const to of containers) {
    const senders = new Set(
      containers.filter(other => other !== to).flatMap(other => [other.ipv4, other.ipv6]),
    )
    const seen = new Set(to.ledger.sources())
    for (const source of seen) if (!senders.has(source)) wrong.push(`${to.name} was pinged by ${source}`)
    for (const sender of senders) if (!seen.has(sender)) wrong.push(`${to.name} was not pinged by ${sender}`)
  }
  return { passed: answered.size, wrong, unanswered }
}

/** A machine with two cores has more pings than these at a time wait for each other. */
const atOnce = 100

/** Who was answered, as "CONTAINER ADDRESS": several containers ping all others at the same time. */
const answers = (containers: readonly Container[], patience: number): Set<string> => {
  const several = Math.max(1, Math.floor(atOnce / (2 * containers.length)))
  const script = containers.flatMap((from, place) => {
    const others = containers.filter(other => other !== from)
    const pings = others.flatMap(other => [other.ipv4, other.ipv6]).map(to => ping(to, '', patience))
    const enter = `${from.namespace.enter.join(' ')} sh <<'END' | sed 's/^/${from.name} /' &`
    return [enter, ...pings, 'wait', 'END', ...(place % several === several - 1 ? ['wait'] : [])]
  })
  const said = must(['sh'], { input: [...script, 'wait', ''].join('\n') })
  return new Set(said.split('\n').filter(line => line !== ''))
}
