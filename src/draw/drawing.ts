import type { SvgElement } from './element.js'
import type { LegendEntry } from './legend.js'
import type { Point } from './shapes.js'

/** A picture without its title and legend; the circle's middle is 0, 0. */
export interface Drawing {
  readonly elements: readonly SvgElement[]
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly legend: readonly LegendEntry[]
  /** Where each node is, by its name, for who marks it afterwards. */
  readonly places: ReadonlyMap<string, Point & { readonly radius: number }>
}
