import type { BridgeHabits, MeshPlan, NodePlan } from '../model/plan.js'
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
  /**
   * Whether it has the same bytes on each node of each mesh that has it: a program, a unit of systemd that runs one,
   * settings that nothing of mesh.ini is in. What differs between nodes stands in files beside it.
   */
  readonly alike?: true
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

/** What a target's part of `etc/ciab/apply.sh` has to know of a node that the target's files do not say. */
export interface Facts {
  /**
   * For `etc/ciab/apply.conf`. Names begin with a word of the part's own; values are words of closed vocabularies,
   * without single quotes and control characters. An empty one is left out: the part sets it so before, as it is read.
   */
  readonly variables?: Readonly<Record<string, string>>
  /** systemd's units that have to be started at boot; what starts them now is up to the part. */
  readonly units?: readonly string[]
}

/** What a tool interrupts on its node while it brings that in line. */
export interface OwnInterruption {
  /** What, and for how long where it knows: one phrase. */
  readonly what: string
  /**
   * The nodes whose containers and this one's do not hear of each other meanwhile: all others, some by their names, or
   * none where it is about the node alone.
   */
  readonly apart: 'all' | readonly string[]
  /** Seconds after `apply.sh` has ended that it may last, or `null` where something else ends it. */
  readonly seconds: number | null
}

/** What has to be known of a tool before anything is written for it: it stands apart, so that a check loads no templates. */
export interface Ability {
  /** Folder name, value in mesh.ini, name in the docs. */
  readonly name: string
  readonly concerns: readonly Concern[]
  /** Of a target for `containers`: what its tool does to bridges and beside them. */
  readonly habits?: BridgeHabits
  /** What this tool cannot express of the node's plan. */
  supports(node: NodePlan): readonly Unsupported[]
}

/** A tool that ciab-gen writes files for. Pure: same plan, same files. */
export interface Target extends Ability {
  /** The main one first. */
  files(node: NodePlan, stanzas: StanzaCache): readonly OutputFile[]
  /**
   * Its part of the program that brings a node in line with the files, `etc/ciab/apply.sh`: texts of POSIX shell that
   * are the same for every node, and define the functions `apply_NAME`, which is idempotent, and `status_NAME`, which
   * compares what runs with what the files say; in NAME, the target's, `_` stands for `-`. Where there is also a
   * `check_NAME`, it runs before anything is changed, and says with `refuse "why"` that nothing can be done here as
   * it is. They may use what src/apply/ defines: `change "what" command...` runs the command (or, in a dry run, says
   * what would happen), `say`, `warn` and `advise` print, `ok` and `bad` report a line of `--status`. A text that
   * several targets have is there once.
   */
  readonly part?: readonly string[]
  facts(node: NodePlan): Facts
  /** What the operator does with the files. */
  notes(node: NodePlan): Notes
  /** What it interrupts that the node is brought from one plan to another. Absent, or none, where nothing ever is. */
  interrupts?(before: NodePlan, after: NodePlan): readonly OwnInterruption[]
  /** Files about the mesh as a whole, where any node chose this target; paths relative to the mesh's folder. */
  meshFiles?(mesh: MeshPlan): readonly OutputFile[]
}
