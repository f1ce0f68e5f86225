import type { Span } from '../diagnostics/index.js'

/** A part of a line and where it was written. */
export interface Placed<T> {
  readonly value: T
  readonly span: Span
}

/** What may stand before or behind the arrow of a line in `[expect]`. */
export type ExpectKind =
  | 'node'
  | 'interface'
  | 'lan'
  | 'tenant'
  | 'segment'
  | 'client'
  | 'site'
  | 'internet'
  | 'address'

/** One end of a line in `[expect]`: `tenant blue`, `node2/ciabbr0`. */
export interface ExpectEnd {
  readonly kind: ExpectKind
  /** Of an address itself; of the internet nothing. */
  readonly name: string
  /** Of `NAME/INTERFACE` and `lan NAME/INTERFACE`. */
  readonly interface: string | null
}

/** `tenant blue -> tenant red`. */
export interface ExpectFlow {
  readonly from: Placed<ExpectEnd>
  readonly to: Placed<ExpectEnd>
  readonly span: Span
}

/** What may be gone: `1 node`, `1 site`, `node NAME`, `site NAME`. */
export interface ExpectLoss {
  readonly kind: 'any node' | 'any site' | 'node' | 'site'
  /** Nothing for any. */
  readonly name: string
}

/** Keys of `[expect]`, a text for each line. */
export interface ExpectKeys {
  readonly reach: readonly string[]
  readonly isolate: readonly string[]
  readonly survive: readonly string[]
}

/** `[expect]`: what must hold of the files, whatever else is in mesh.ini. */
export interface ExpectSpec {
  readonly span: Span
  readonly reach: readonly ExpectFlow[]
  readonly isolate: readonly ExpectFlow[]
  readonly survive: readonly Placed<ExpectLoss>[]
}

/** An end as mesh.ini has it. */
export const expectEndText = ({ kind, name, interface: device }: ExpectEnd): string =>
  kind === 'internet'
    ? kind
    : kind === 'address'
      ? name
      : kind === 'interface'
        ? `${name}/${device}`
        : kind === 'lan'
          ? `lan ${name}/${device}`
          : `${kind} ${name}`

/** A line as mesh.ini has it. */
export const expectFlowText = ({ from, to }: ExpectFlow): string =>
  `${expectEndText(from.value)} -> ${expectEndText(to.value)}`

/** What may be gone, as mesh.ini has it. */
export const expectLossText = ({ kind, name }: ExpectLoss): string =>
  kind === 'any node' ? '1 node' : kind === 'any site' ? '1 site' : `${kind} ${name}`
