import type { Host } from './host.js'
import type { Operator } from './operator.js'

/** What `ciab-gen impact` says of a change before it is made. */
export interface Foretold {
  /** Whether nothing may be away between two nodes for longer than a machine that is busy takes. */
  readonly spares: (one: Host, other: Host) => boolean
  /** Clients whose file has to be imported anew. */
  readonly clients: readonly string[]
}

interface Impact {
  readonly complete: boolean
  readonly nodes: readonly { name: string; interrupts: readonly string[] }[]
  readonly interruptions: readonly Interruption[]
}

type Interruption =
  | { kind: 'key'; node: string; peers: readonly string[]; relayed: readonly (readonly [string, string])[] }
  | { kind: 'port'; node: string; peers: readonly string[] }
  | { kind: 'client'; client: string }
  | { kind: 'addresses'; node: string }
  | { kind: 'reflection'; nodes: readonly string[] }
  | { kind: 'apart' }

/** Of mesh.ini as it is, against the trees as they were generated last. */
export const foretell = (operator: Operator): Foretold => {
  const { complete, nodes, interruptions } = JSON.parse(
    operator.ciabGen('impact', '--format', 'json'),
  ) as Impact
  const busy = nodes.flatMap(({ name, interrupts }) => (interrupts.length > 0 ? [name] : []))
  return {
    clients: interruptions.flatMap(one => (one.kind === 'client' ? [one.client] : [])),
    spares: (one, other) =>
      complete &&
      !busy.includes(one.name) &&
      !busy.includes(other.name) &&
      !interruptions.some(interruption => parts(interruption, one.name, other.name)),
  }
}

const parts = (interruption: Interruption, one: string, other: string): boolean => {
  switch (interruption.kind) {
    case 'key':
    case 'port': {
      const { node, peers } = interruption
      const relayed = interruption.kind === 'key' ? interruption.relayed : []
      return [[one, other] as const, [other, one] as const].some(
        ([a, b]) => (a === node && peers.includes(b)) || relayed.some(([c, d]) => a === c && b === d),
      )
    }
    case 'addresses':
      return interruption.node === one || interruption.node === other
    case 'reflection':
      return interruption.nodes.includes(one) || interruption.nodes.includes(other)
    case 'apart':
      return true
    case 'client':
      return false
  }
}
