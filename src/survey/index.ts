export { factsIn, type NodeFacts, rolesIn } from './facts.js'
