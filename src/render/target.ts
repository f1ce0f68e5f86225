import type { MeshPlan, NodePlan } from '../model/plan.js'
import type { Concern } from '../model/spec.js'
import type { Chunk } from './chunks.js'
import type { Notes } from './notes.js'
import type { StanzaCache } from './stanzas.js'

/** A file as it is to lie on a node. */
export interface OutputFile {
  /** Relative to the node's root, with `/`: `etc/frr/frr.conf`. */
  readonly path: string
  /** Permission bits: 0o600 for whatever holds a key. */
  readonly mode: number
  /** Whether the content holds a private or preshared key. */
  readonly secret: boolean
  /** A program, with the same bytes on each node of each mesh that has it: what differs stands in data beside it. */
  readonly program?: true
  readonly content: readonly Chunk[]
  /**
   * The content where the file is there already, with this text: for one that counts its own changes, as a
   * zone does in its serial. Pure as well: the same before, the same after.
   */
  readonly revise?: (before: string) => readonly Chunk[]
}

/** A feature of the plan that a tool has no words for. */
export interface Unsupported {
  /** Where in the plan: `tunnel.fwmark`. */
  readonly path: string
  /** One sentence: what the tool lacks. */
  readonly fact: string
}

/**
 * A target's part of the node's `etc/ciab/apply.sh`: POSIX shell that runs on the node. It may use the
 * functions of the script's frame: `change "what" command…` runs the command (or, in a dry run, says
 * what would happen), `say` and `warn` print, `ok` and `bad` report a line of `--status`.
 *
 * The texts are the same for every node, so that their bytes are shared; what differs is in `variables`.
 */
export interface Script {
  /** Shell variables that the texts read; the frame quotes the values. */
  readonly variables?: Readonly<Record<string, string>>
  /** Functions that both bodies use. */
  readonly functions?: string
  /** systemd's units that have to be started at boot; what starts them now is up to the bodies. */
  readonly units?: readonly string[]
  /**
   * Body of the function that says with `refuse "why"` that nothing can be done here as it is. Those of all parts
   * run before anything is changed.
   */
  readonly check?: string
  /** Body of the function that brings the node in line with the files; idempotent. */
  readonly apply: string
  /** Body of the function that compares the running state with what the files say. */
  readonly status: string
}

/** A tool that ciab-gen writes files for. Pure: same plan, same files. */
export interface Target {
  /** Folder name, value in mesh.ini, name in the docs. */
  readonly name: string
  readonly concerns: readonly Concern[]
  /** What this tool cannot express of the node's plan. */
  supports(node: NodePlan): readonly Unsupported[]
  files(node: NodePlan, stanzas: StanzaCache): readonly OutputFile[]
  script(node: NodePlan): Script
  /** What the operator does with the files. */
  notes(node: NodePlan): Notes
  /** Files about the mesh as a whole, where any node chose this target; paths relative to the mesh's folder. */
  meshFiles?(mesh: MeshPlan): readonly OutputFile[]
}
