export type { NodeFolder } from './node.js'
export type { Pair } from './pairs.js'
export { lostWithout, type Verdict, verify } from './verify.js'
