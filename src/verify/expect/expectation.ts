import type { Span } from '../../diagnostics/index.js'

/** Ends of packets, by what files of nodes show of them. */
export type Selector =
  /** Its containers in the hosts' own routing table and its LANs; itself, where it has neither. */
  | { readonly of: 'node'; readonly node: string }
  /** What is on an interface of it, or has its address. */
  | { readonly of: 'device'; readonly node: string; readonly device: string }
  | { readonly of: 'tenant' | 'segment'; readonly name: string }
  /** Who has one of these addresses, and is no node. */
  | { readonly of: 'client'; readonly addresses: readonly string[] }
  | { readonly of: 'address'; readonly prefix: string }
  | { readonly of: 'internet' }

/** What a line is about, as its author calls it. */
export interface WantedEnds {
  readonly text: string
  readonly any: readonly Selector[]
}

/** Packets that are to pass, with their answers, or that are not to arrive. */
export interface ExpectedFlow {
  readonly kind: 'reach' | 'isolate'
  readonly from: WantedEnds
  readonly to: WantedEnds
  /** Where somebody wrote that. */
  readonly span: Span
  /** What there is to do where it does not hold. */
  readonly hint: string
}

/** Nodes that may be gone at one time, and what is called so: `site home`. */
export interface Loss {
  readonly name: string
  readonly nodes: readonly string[]
}

/** All others reach each other as before, whichever of these losses there is. */
export interface ExpectedSurvival {
  readonly kind: 'survive'
  readonly text: string
  readonly losses: readonly Loss[]
  readonly span: Span
}

/** What files are to show, said by somebody who knows why: a fact about packets, and nothing about how files are made. */
export type Expectation = ExpectedFlow | ExpectedSurvival
