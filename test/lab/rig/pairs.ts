import type { Background } from './background.js'
import { until } from './clock.js'
import type { Host } from './host.js'

/** A span of time, in seconds since the epoch. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Two nodes, and when their containers did not hear of each other: by the pings that have no answer. */
export interface PairFlow {
  readonly between: readonly [Host, Host]
  readonly sent: number
  /** When the pings went out that were lost. */
  readonly lost: readonly number[]
}

interface Ping {
  readonly between: readonly [Host, Host]
  readonly what: string
  readonly ping: Background
}

/** Seconds between two pings. */
const interval = 0.1

/** Of each two nodes, pings from a container of the first to one of the second and back, in each family. */
export class Pairs {
  private constructor(private readonly pings: readonly Ping[]) {}

  /** Returns when all have been answered. */
  static async start(hosts: readonly Host[]): Promise<Pairs> {
    const pings: Ping[] = []
    for (const [at, host] of hosts.entries())
      for (const other of hosts.slice(at + 1)) {
        const [from, to] = [host.containers[0], other.containers[0]]
        if (!from || !to) throw new Error(`${host.name} or ${other.name} has no container`)
        for (const address of [to.ipv4, to.ipv6])
          pings.push({
            between: [host, other],
            what: `${from.name} to ${address}`,
            ping: await from.namespace.start(['ping', '-n', '-D', '-i', `${interval}`, address]),
          })
      }
    const pairs = new Pairs(pings)
    await pairs.flow(60)
    return pairs
  }

  /** Waits until every ping has an answer that came after this call. */
  async flow(seconds: number): Promise<void> {
    const now = Date.now() / 1000
    const silent = ({ ping }: Ping): boolean => (answersIn(ping.said).at(-1)?.time ?? 0) <= now
    await until('answers of every pair', seconds, () => this.pings.filter(silent).map(({ what }) => what))
  }

  async stop(): Promise<PairFlow[]> {
    const flows = new Map<string, PairFlow>()
    for (const { between, ping } of this.pings) {
      const { sent, lost } = lossIn(answersIn(await ping.stop()))
      const key = between.map(({ name }) => name).join(' ')
      const before = flows.get(key)
      flows.set(key, {
        between,
        sent: (before?.sent ?? 0) + sent,
        lost: [...(before?.lost ?? []), ...lost].sort((a, b) => a - b),
      })
    }
    return [...flows.values()]
  }
}

interface Answer {
  readonly number: number
  readonly time: number
}

const answersIn = (said: string): Answer[] =>
  [...said.matchAll(/^\[([\d.]+)\].* icmp_seq=(\d+) ttl/gm)].map(match => ({
    number: Number(match[2]),
    time: Number(match[1]),
  }))

/** ping(8) prints what comes back: what was lost between two answers went out between them, evenly. */
const lossIn = (answers: readonly Answer[]): { readonly sent: number; readonly lost: readonly number[] } => {
  const byNumber = new Map(answers.map(answer => [answer.number, answer]))
  const kept = [...byNumber.values()].sort((a, b) => a.number - b.number)
  const lost = kept.slice(1).flatMap((answer, at) => {
    const before = kept[at] as Answer
    const step = (answer.time - before.time) / (answer.number - before.number)
    return Array.from(
      { length: answer.number - before.number - 1 },
      (_, place) => before.time + step * (place + 1),
    )
  })
  return { sent: kept.length + lost.length, lost }
}
