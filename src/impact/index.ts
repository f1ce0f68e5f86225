export {
  changesBetween,
  type MeshAspect,
  type MeshChange,
  type NodeAspect,
  type NodeChange,
} from './changes.js'
export * from './clients.js'
export * from './gaps.js'
export * from './interruptions.js'
export * from './on-node.js'
export * from './turns.js'
export { interruptionWords } from './words.js'
