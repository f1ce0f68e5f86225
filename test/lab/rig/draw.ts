import type { Host } from './host.js'
import type { Life } from './life.js'

/** A change of mesh.ini by a command of ciab-gen's or an editor. */
export interface Change {
  readonly what: string
  /** Whether it has to cost no pair anything, though `ciab-gen impact` promises nothing. */
  readonly quiet?: true
  /** Makes it, and in the world what belongs to it: a machine plugged in, an address given. */
  readonly make: (life: Life) => unknown
  /** When mesh.ini has it, and before any node has its files. */
  readonly before?: () => unknown
  /** Once all nodes have their files. */
  readonly afterwards?: () => unknown
}

/** A change, or `null` where the mesh of now cannot have it. */
export type Kind = (draw: Draw, life: Life) => Change | null

/** A number from 0 to below `limit`. */
export type Draw = (limit: number) => number

/** The same numbers for the same seed (Numerical Recipes' linear congruence). */
export const generator = (seed: number): Draw => {
  let state = seed >>> 0
  return limit => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

export const one = <T>(draw: Draw, all: readonly T[]): T => all[draw(all.length)] as T

export const shuffled = <T>(draw: Draw, all: readonly T[]): T[] => {
  const rest = [...all]
  return all.map(() => rest.splice(draw(rest.length), 1)[0] as T)
}

/** In which order the nodes of before are brought in line, or all at once. One that comes is the second. */
export type Order = 'at once' | readonly Host[]
