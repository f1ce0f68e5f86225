export * from './diagnostics/index.js'
export { type DrawFormat, draw } from './draw/index.js'
export { printMesh } from './edit/index.js'
export {
  type GenerateOptions,
  generate,
  load,
  meshFolder,
  meshOf,
  type NodeTree,
  sourceCopy,
} from './generate.js'
export * from './impact/index.js'
export * from './import/index.js'
export type * from './model/client-plan.js'
export type * from './model/description.js'
export type * from './model/mesh.js'
export type * from './model/plan.js'
export * from './model/spec.js'
export * from './net/index.js'
export { specOf } from './parse/description.js'
export { parse, type Source } from './parse/parse.js'
export { plan, planMesh, planner } from './plan/plan.js'
export { type Chunk, textOf } from './render/chunks.js'
export type { ByHand, HandUpdate, Look, NodeNotes, Notes, Ownership, Step, Update } from './render/notes.js'
export { render, renderer, renderMesh } from './render/render.js'
export { StanzaCache, type Stanzas } from './render/stanzas.js'
export type { Facts, OutputFile, Target, Unsupported } from './render/target.js'
export type { TargetCatalog } from './resolve/targets.js'
export { targets } from './targets/index.js'
