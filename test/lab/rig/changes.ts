import { ofMesh } from './changes-of-mesh.js'
import { ofNodes } from './changes-of-nodes.js'
import { comings } from './comings.js'
import { type Change, type Draw, generator, type Kind, type Order, one, shuffled } from './draw.js'
import type { Life } from './life.js'

/** Everything that can be drawn, each as often as it stands here. */
const kinds: readonly Kind[] = [...ofMesh, ...ofNodes, ...comings]

export interface Drawn extends Change {
  readonly order: Order
}

export const drawChange = (draw: Draw, life: Life): Drawn => {
  for (;;) {
    const change = one(draw, kinds)(draw, life)
    const [together, seed] = [draw(2) === 0, draw(1 << 16)]
    if (change) return { ...change, order: together ? 'at once' : hosts => shuffled(generator(seed), hosts) }
  }
}
