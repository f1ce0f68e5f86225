import type { Diagnostic } from '../../diagnostics/index.js'
import type { SvgElement } from '../../draw/element.js'
import type { FleetFinding } from '../../fleet/index.js'
import type { NodeFacts, NodeRow } from '../../survey/index.js'
import type { ReachTable, Trip } from '../../verify/index.js'

/** What the page asks of the part of it that computes beside it, by name, and what that answers. */
export interface Questions {
  /** A mesh.ini to look at from now on. */
  readonly load: (text: string) => Loaded
  /** What is wrong with a text; the mesh that is looked at stays. */
  readonly check: (text: string) => readonly Diagnostic[]
  readonly node: (name: string) => { readonly facts: NodeFacts; readonly files: readonly PageFile[] }
  readonly reach: (without: readonly string[]) => Reach
  readonly way: (
    from: string,
    to: string,
    without: readonly string[],
  ) => Way & { readonly carried: readonly string[]; readonly lost: readonly string[] }
  /** What is wrong with the nodes, by what they say of themselves. */
  readonly status: (reports: readonly ReportFile[]) => Status
  /** What differs from another mesh.ini, in lines. */
  readonly change: (older: string) => {
    readonly diagnostics: readonly Diagnostic[]
    readonly lines: readonly string[]
    readonly files: readonly string[]
  }
}

/** A mesh, or what is wrong with it. */
export interface Loaded {
  readonly diagnostics: readonly Diagnostic[]
  readonly mesh: {
    readonly name: string
    readonly nodes: readonly NodeRow[]
    readonly picture: SvgElement
    readonly places: readonly (readonly [name: string, x: number, y: number, radius: number])[]
  } | null
}

/** A file as `gen --public` writes it. */
export interface PageFile {
  readonly path: string
  readonly text: string
}

/** Who reaches whom. */
export interface Reach extends ReachTable {
  /** What is lost by the nodes that are off. */
  readonly lost: readonly string[]
  readonly findings: readonly string[]
  readonly unread: readonly string[]
}

/** What a packet of one node's containers to another's meets, and its answer. */
export interface Way {
  readonly verdict: Trip['verdict']
  /** What keeps it, with its place; `null` where it passes. */
  readonly why: string | null
  readonly there: Trip['steps']
  readonly back: Trip['steps']
  /** The nodes that it goes over, both ends too. */
  readonly nodes: readonly string[]
}

/** A file with what nodes say of themselves, and when it was written: seconds since 1970. */
export interface ReportFile {
  readonly file: string
  readonly at: number
  readonly text: string
}

/** What is wrong with the nodes. */
export interface Status {
  readonly findings: readonly FleetFinding[]
  /** Files that are no reports. */
  readonly faults: readonly string[]
  /** How many nodes there are a report of. */
  readonly heard: number
  /** Nodes that make no reports, and have none. */
  readonly mute: readonly string[]
}
