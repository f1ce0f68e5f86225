export { factsIn, type NodeFacts, rolesIn } from './facts.js'
export { type NodeRow, rowsOf } from './rows.js'
