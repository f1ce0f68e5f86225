import type { Interruption } from './interruptions.js'

/**
 * What is interrupted, in words, and for how long: sentences without a head, such as `between node1 and node2, until the new
 * files of both are in effect`. None where it interrupts nobody.
 */
export const interruptionWords = (interruption: Interruption): string[] => {
  switch (interruption.kind) {
    case 'key': {
      const { node, peers, relayed, staged, byHand } = interruption
      if (peers.length === 0) return []
      const pairs = relayed.map(([a, b]) => `${a} and ${b}`)
      const until = byHand ? `until ${node} has its new key and the other its new files in effect` : untilBoth
      return [
        staged
          ? `${between(node, peers)} for a second at most, where follow-keys.sh runs; elsewhere ${until}`
          : `${between(node, peers)}, ${until} and up to 5 s longer`,
        ...(pairs.length > 0 ? [`as long, because ${node} is on the way: ${listed(pairs)}`] : []),
      ]
    }
    case 'port': {
      const { node, peers, following } = interruption
      return [
        ...(peers.length > 0 ? [`${between(node, peers)}, ${untilBoth}`] : []),
        ...(following.length > 0 ? [`${between(node, following)}, for a second at most`] : []),
      ]
    }
    case 'client': {
      const { client, carrier } = interruption
      return [
        `between client ${client} and the mesh, until ${carrier} has its files and ${client} its new one`,
      ]
    }
    case 'addresses':
      return [`between ${interruption.node} and each of the others, ${untilBoth} and up to 10 s longer`]
    case 'reflection':
      return [
        `what containers of different nodes send each other, until the new files of both and of ${listed(interruption.nodes)} are in effect and up to 10 s longer`,
      ]
    case 'apart':
      return [
        `what containers of different nodes send each other, ${untilBoth}${
          interruption.aspects.every(aspect => aspect === 'presharedSeed')
            ? ': nothing if all have within 50 s'
            : ' and up to 10 s longer'
        }`,
      ]
  }
}

const untilBoth = 'until the new files of both are in effect'

const between = (node: string, peers: readonly string[]): string =>
  `between ${node} and ${peers.length > 1 ? 'each of ' : ''}${listed(peers)}`

/** `a, b and 998 more` */
export const listed = (words: readonly string[]): string => {
  if (words.length > 5) return `${words.slice(0, 2).join(', ')} and ${words.length - 2} more`
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
