import type { Background } from './background.js'
import type { Container } from './container.js'
import type { Host } from './host.js'

const containersOf = (hosts: readonly Host[]): Container[] => hosts.flatMap(host => [...host.containers])

/** How a ping of every ordered pair of containers in both families went. */
export interface Round {
  readonly passed: number
  /** Pings without an answer, and sources that are not those of the containers that pinged. */
  readonly wrong: readonly string[]
}

export const pingEveryPair = (hosts: readonly Host[]): Round => {
  const containers = containersOf(hosts)
  for (const container of containers) container.ledger.clear()
  const wrong: string[] = []
  let passed = 0
  for (const from of containers) {
    const others = containers.filter(other => other !== from)
    const answered = new Set(from.ping(others.flatMap(other => [other.ipv4, other.ipv6])))
    passed += answered.size
    for (const to of others)
      for (const address of [to.ipv4, to.ipv6])
        if (!answered.has(address)) wrong.push(`${from.name} has no answer from ${to.name} (${address})`)
  }
  for (const to of containers) {
    const senders = new Set(
      containers.filter(other => other !== to).flatMap(other => [other.ipv4, other.ipv6]),
    )
    const seen = new Set(to.ledger.sources())
    for (const source of seen) if (!senders.has(source)) wrong.push(`${to.name} was pinged by ${source}`)
    for (const sender of senders) if (!seen.has(sender)) wrong.push(`${to.name} was not pinged by ${sender}`)
  }
  return { passed, wrong }
}

/** Containers' pings to a neighbor's in each family, five a second if not told otherwise, to show that nothing is interrupted. */
export class Stream {
  private constructor(private readonly pings: ReadonlyMap<string, Background>) {}

  /** From each node's first container to the next node's. */
  static async start(hosts: readonly Host[], interval = 0.2): Promise<Stream> {
    const containers = hosts.flatMap(host => host.containers.slice(0, 1))
    const pings = new Map<string, Background>()
    for (const [place, from] of containers.entries()) {
      const to = containers[(place + 1) % containers.length]
      if (!to) continue
      for (const address of [to.ipv4, to.ipv6])
        pings.set(
          `${from.name} to ${address}`,
          await from.namespace.start(['ping', '-n', '-D', '-i', `${interval}`, address]),
        )
    }
    return new Stream(pings)
  }

  /**
   * Ends the pings; says how many were answered, which before the last answer were not, and the longest time
   * in seconds without an answer: what waits for a handshake comes late and is not lost.
   */
  async stop(): Promise<{ answered: number; lost: string[]; silence: number }> {
    let answered = 0
    let silence = 0
    const lost: string[] = []
    for (const [what, ping] of this.pings) {
      const answers = [...(await ping.stop()).matchAll(/^\[([\d.]+)\].* icmp_seq=(\d+) ttl/gm)]
      const numbers = new Set(answers.map(match => Number(match[2])))
      const times = answers.map(match => Number(match[1]))
      for (const [at, time] of times.entries()) silence = Math.max(silence, time - (times[at - 1] ?? time))
      answered += numbers.size
      const last = Math.max(0, ...numbers)
      if (last === 0) lost.push(`${what}: no answer at all`)
      for (let number = 1; number < last; number++)
        if (!numbers.has(number)) lost.push(`${what}: ping ${number}`)
    }
    return { answered, lost, silence }
  }
}
