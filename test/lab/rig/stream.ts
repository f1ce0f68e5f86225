import type { Background } from './background.js'
import { until } from './clock.js'
import type { Host } from './host.js'

/** Pings from one container to another in one family. */
interface Pings {
  readonly what: string
  readonly between: readonly [Host, Host]
  readonly ping: Background
}

/** How a stream went, from each ping's first answer to its last. */
export interface Flow {
  readonly answered: number
  /** Pings without an answer. */
  readonly lost: readonly string[]
  /** The longest time in seconds without an answer: what waits for a handshake comes late and is not lost. */
  readonly silence: number
  /** The same among the pairs that the step has nothing to do with: what the machine itself held up. */
  readonly silenceElsewhere: number
  /** Pair by pair. */
  readonly pairs: readonly PairFlow[]
}

/** How the pings from one node's container to another's went in one family. */
export interface PairFlow {
  readonly between: readonly [Host, Host]
  readonly what: string
  readonly lost: number
  readonly silence: number
}

/** Containers' pings to a neighbor's in each family, five a second if not told otherwise, to show that nothing is interrupted. */
export class Stream {
  private constructor(private readonly all: readonly Pings[]) {}

  /** From each node's first container, or another, to the next node's. Returns when all have been answered. */
  static async start(hosts: readonly Host[], interval = 0.2, place = 0): Promise<Stream> {
    const ring = hosts.map((host, at) => [host, hosts[(at + 1) % hosts.length] as Host] as const)
    return Stream.between(ring, interval, place)
  }

  /** From a container of the first of each pair to one of the second. */
  static async between(
    pairs: readonly (readonly [Host, Host])[],
    interval = 0.2,
    place = 0,
  ): Promise<Stream> {
    const all: Pings[] = []
    for (const [host, next] of pairs) {
      const [from, to] = [host.containers[place], next.containers[place]]
      if (!from || !to) continue
      for (const address of [to.ipv4, to.ipv6])
        all.push({
          what: `${from.name} to ${address}`,
          between: [host, next],
          ping: await from.namespace.start(['ping', '-n', '-D', '-i', `${interval}`, address]),
        })
    }
    const stream = new Stream(all)
    await stream.flows()
    return stream
  }

  /** Waits until every ping has an answer that came after this call. */
  async flows(): Promise<void> {
    const now = Date.now() / 1000
    const late = ({ ping }: Pings): boolean => (answersOf(ping.said).at(-1)?.time ?? 0) <= now
    await until('answers on every pair', 30, () => this.all.filter(late).map(({ what }) => what), 0.05)
  }

  /** Ends the pings. `touched` are the nodes whose pairs the step has to do with; all, if it does not say. */
  async stop(touched?: readonly Host[]): Promise<Flow> {
    const lost: string[] = []
    const pairs: PairFlow[] = []
    let [answered, silence, silenceElsewhere] = [0, 0, 0]
    for (const { what, between, ping } of this.all) {
      const answers = answersOf(await ping.stop())
      const numbers = new Set(answers.map(({ number }) => number))
      const times = answers.map(({ time }) => time)
      const longest = Math.max(0, ...times.map((time, at) => time - (times[at - 1] ?? time)))
      silence = Math.max(silence, longest)
      if (touched && !between.some(host => touched.includes(host)))
        silenceElsewhere = Math.max(silenceElsewhere, longest)
      answered += numbers.size
      const last = Math.max(0, ...numbers)
      const before = lost.length
      if (last === 0) lost.push(`${what}: no answer at all`)
      for (let number = Math.min(...numbers); number < last; number++)
        if (!numbers.has(number)) lost.push(`${what}: ping ${number}`)
      pairs.push({ between, what, lost: lost.length - before, silence: longest })
    }
    return { answered, lost, silence, silenceElsewhere, pairs }
  }
}

const answersOf = (said: string): { number: number; time: number }[] =>
  [...said.matchAll(/^\[([\d.]+)\].* icmp_seq=(\d+) ttl/gm)].map(match => ({
    number: Number(match[2]),
    time: Number(match[1]),
  }))
