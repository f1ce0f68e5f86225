/**
 * A mesh of nodes from text or objects, and every node's files from it. Pure: what touches the disk is `ciab-gen/node`.
 *
 * Each program below is run by the tests, and prints what stands behind `//>`; docs/library.md has longer ones.
 *
 * @categoryDescription A mesh
 * From mesh.ini ({@link load}) or typed objects ({@link meshOf}), by the same rules; what is wrong with it is a value.
 * ```ts program
 * import { meshOf } from 'ciab-gen'
 * const mesh = meshOf({ nodes: [{ name: 'node1', id: 0, endpoint: 'none' }] })
 * console.log(mesh.ok || mesh.diagnostics.map(({ code, span }) => `${span.field} ${code}`).join())
 * //> nodes[0].id number-range
 * ```
 *
 * @categoryDescription Files and targets
 * {@link generate} gives one node's files after the other; {@link AddedTarget} is a target of one's own.
 * ```ts program
 * import { generate, load } from 'ciab-gen'
 * const text = '[mesh]\n[node a]\nid = 1\nendpoint = none\nkey-on-node = yes\npublic-key = pOCSkrZRwni5dyxWn1+puxPZBrRqtoyd+dwrRAn4ogk=\n'
 * const mesh = load({ file: 'mesh.ini', text }, { privateKeys: new Map(), presharedSeed: null })
 * for (const { node, files } of mesh.ok ? generate(mesh.value) : []) console.log(node, files[0].path)
 * //> a etc/ciab/ciabmesh.nft
 * //> _mesh a.md
 * ```
 *
 * @categoryDescription Plans
 * What one node has to know, before any tool's syntax.
 * ```ts program
 * import { meshOf, planner } from 'ciab-gen'
 * const own = { endpoint: 'none', 'key-on-node': true, 'public-key': 'pOCSkrZRwni5dyxWn1+puxPZBrRqtoyd+dwrRAn4ogk=' }
 * const mesh = meshOf({ nodes: [{ name: 'a', id: 7, ...own }] })
 * for (const plan of mesh.ok ? mesh.value.nodes.map(planner(mesh.value)) : []) console.log(plan.name, plan.tunnel.addresses.join())
 * //> a 10.79.0.7/16
 * ```
 *
 * @categoryDescription Comparing and keeping
 * Two meshes side by side, and a mesh as JSON.
 * ```ts program
 * import { changesBetween, meshFromJson, meshOf, meshToJson } from 'ciab-gen'
 * const own = { endpoint: 'none', 'key-on-node': true, 'public-key': 'pOCSkrZRwni5dyxWn1+puxPZBrRqtoyd+dwrRAn4ogk=' }
 * const [a, b] = [1, 2].map(id => meshOf({ nodes: [{ name: 'a', id, ...own }] }))
 * const kept = a.ok && meshFromJson(meshToJson(a.value))
 * console.log(kept && b.ok && [...changesBetween(kept, b.value).nodes[0].aspects].includes('id'))
 * //> true
 * ```
 *
 * @categoryDescription Editing mesh.ini
 * Changes of its text that leave the rest as it is, comments and all.
 * ```ts program
 * import { setKey } from 'ciab-gen'
 * const edited = setKey('[mesh]\nport = 1 ; ours\n', 'mesh', 'port', ['51820'])
 * console.log(edited.ok && edited.value.trim())
 * //> [mesh]
 * //> port = 51820 ; ours
 * ```
 *
 * @categoryDescription Looking at a mesh
 * A picture of it, what there is to say of each node, and the way from one to another.
 * ```ts program
 * import { draw, meshOf } from 'ciab-gen'
 * const own = { endpoint: 'none', 'key-on-node': true, 'public-key': 'pOCSkrZRwni5dyxWn1+puxPZBrRqtoyd+dwrRAn4ogk=' }
 * const mesh = meshOf({ nodes: [{ name: 'a', id: 7, ...own }] })
 * console.log(mesh.ok && draw(mesh.value, 'mermaid').split('\n').some(line => line.includes('10.78.0.7')))
 * //> true
 * ```
 *
 * @categoryDescription Verifying files
 * Which routes and tunnels the files of nodes make, whoever wrote them.
 * ```ts program
 * import { foldersOf, generate, meshOf, reachTable, verify } from 'ciab-gen'
 * const keys = { 'key-on-node': true, 'public-key': 'pOCSkrZRwni5dyxWn1+puxPZBrRqtoyd+dwrRAn4ogk=' }
 * const mesh = meshOf({ nodes: [{ name: 'a', id: 1, endpoint: '203.0.113.1', ...keys }] })
 * const verdict = verify(mesh.ok ? foldersOf(generate(mesh.value)) : [])
 * console.log(verdict.findings.length, reachTable(verdict.nodes, verdict.pairs).rows)
 * //> 0 [ '-' ]
 * ```
 *
 * @categoryDescription What nodes say
 * Their reports put together, and the causes of what is wrong.
 * ```ts program
 * import { causes } from 'ciab-gen'
 * console.log(Object.keys(causes).length > 0)
 * //> true
 * ```
 *
 * @categoryDescription Importing
 * Other tools' files to the text of a mesh.ini, with a report.
 * ```ts program
 * import { importMesh } from 'ciab-gen'
 * console.log(typeof importMesh)
 * //> function
 * ```
 *
 * @categoryDescription Diagnostics
 * A mistake as data, and as people read it.
 * ```ts program
 * import { format, parse } from 'ciab-gen'
 * const spec = parse({ file: 'mesh.ini', text: '[mesh]\nport = x' })
 * for (const one of spec.ok ? [] : spec.diagnostics) console.log(format(one, {}).split('\n')[0])
 * //> mesh.ini:2:8: error: "x" is not a whole number [number-syntax]
 * ```
 *
 * @categoryDescription Values of the field
 * Addresses, prefixes, keys and names: text that a parser accepted *is* the value.
 * ```ts program
 * import { parseAddress } from 'ciab-gen'
 * const read = parseAddress('2001:DB8::0:1')
 * console.log(read.ok && read.value)
 * //> 2001:db8::1
 * ```
 *
 * @module ciab-gen
 */
export * from './diagnostics/index.js'
export { type DrawFormat, draw } from './draw/index.js'
export {
  addExclusions,
  appendNode,
  type Entries,
  forgetNode,
  keyValue,
  type Machine,
  machineNames,
  nextId,
  nodeNames,
  printMesh,
  removeExclusions,
  removeNode,
  renameMentions,
  renameNode,
  setKey,
  unsetKey,
  withKey,
  withNextKey,
  withoutNextKey,
} from './edit/index.js'
export { expectationsIn, foldersOf, namesIn, sitesOf } from './expect/index.js'
export * from './fleet/index.js'
export { type GenerateOptions, generate, meshFolder, type NodeTree, sourceCopy } from './generate.js'
export * from './impact/index.js'
export * from './import/index.js'
export * from './json/index.js'
export { load, meshOf } from './load.js'
export type * from './model/client-plan.js'
export type * from './model/description.js'
export type * from './model/expect.js'
export type * from './model/mesh.js'
export type * from './model/plan.js'
export * from './model/spec.js'
export * from './net/index.js'
export { specOf } from './parse/description.js'
export { parse, type Source } from './parse/parse.js'
export { plan, planMesh, planner } from './plan/plan.js'
export type { FileText } from './readers/index.js'
export type { AddedFile, AddedTarget, WholeMesh } from './render/added.js'
export { type Chunk, textOf } from './render/chunks.js'
export type { ByHand, HandUpdate, Look, NodeNotes, Notes, Ownership, Step, Update } from './render/notes.js'
export { render, renderer, renderMesh } from './render/render.js'
export { StanzaCache, type Stanzas } from './render/stanzas.js'
export type { Ability, Facts, OutputFile, OwnInterruption, Target, Unsupported } from './render/target.js'
export type { TargetCatalog } from './resolve/targets.js'
export { factsIn, type NodeFacts, type NodeRow, rolesIn, rowsOf } from './survey/index.js'
export { targets } from './targets/index.js'
export {
  driftBetween,
  type End,
  type Expectation,
  type ExpectedFlow,
  type ExpectedSurvival,
  expectationsHeld,
  type Failure,
  type Flow,
  failuresIn,
  isRead,
  type Loss,
  type Names,
  type NodeFolder,
  type Pair,
  type Point,
  pathBetween,
  type ReachTable,
  reachTable,
  type Selector,
  type Trip,
  type TripStep,
  type Verdict,
  verify,
  type WantedEnds,
  type Why,
} from './verify/index.js'
