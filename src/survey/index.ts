export { factsIn, type NodeFacts } from './facts.js'
export { type Hop, type Way, wayBetween } from './path.js'
