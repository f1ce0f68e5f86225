import { ofMesh, settled } from './changes-of-mesh.js'
import { ofNodes } from './changes-of-nodes.js'
import { comings } from './comings.js'
import { type Change, type Draw, type Kind, type Order, one, shuffled } from './draw.js'
import type { Life } from './life.js'

/** What can be drawn, each as often as it stands here: settings of the mesh, or everything. */
const kinds = {
  settings: settled,
  everything: [...ofMesh, ...ofNodes, ...comings],
} as const satisfies Record<string, readonly Kind[]>

export interface Drawn extends Change {
  readonly order: Order
}

export const drawChange = (draw: Draw, life: Life, among: keyof typeof kinds): Drawn => {
  for (;;) {
    const change = one(draw, kinds[among])(draw, life)
    const order = draw(2) === 0 ? 'at once' : shuffled(draw, life.lab.hosts)
    if (change) return { ...change, order }
  }
}
