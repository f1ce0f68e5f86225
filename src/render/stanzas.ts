import { type Chunk, chunk } from './chunks.js'

/** How to write about one item, as named parts of a file: `{ peer: p => '[Peer]\n…' }`. */
export type Stanzas<Item extends object, Part extends string> = Readonly<Record<Part, (item: Item) => string>>

/**
 * The text about each item, rendered once and shared by every file that has it.
 *
 * In a full mesh of N nodes the text about one node stands in N - 1 files. Here it is laid down once,
 * end to end with the others', so that a file's list of peers is mostly two slices of one buffer:
 * those before the node itself and those after.
 */
export class StanzaCache {
  private readonly sheets = new Map<object, Sheet<object>>()

  /** The chunks of each part for `items`, in their order. */
  chunks<Item extends object, Part extends string>(
    stanzas: Stanzas<Item, Part>,
    items: readonly Item[],
  ): Record<Part, Chunk[]> {
    const sheet = this.sheets.get(stanzas) ?? new Sheet(stanzas as Stanzas<object, string>)
    this.sheets.set(stanzas, sheet)
    return sheet.chunks(items) as Record<Part, Chunk[]>
  }
}

class Sheet<Item extends object> {
  private readonly order: Item[] = []
  private readonly places = new Map<Item, number>()
  private readonly columns: readonly (readonly [
    part: string,
    write: (item: Item) => string,
    column: Column,
  ])[]

  constructor(stanzas: Stanzas<Item, string>) {
    this.columns = Object.entries(stanzas).map(([part, write]) => [part, write, new Column()])
  }

  chunks(items: readonly Item[]): Record<string, Chunk[]> {
    const runs = this.runs(items)
    return Object.fromEntries(
      this.columns.map(([part, , column]) => [part, runs.flatMap(([from, to]) => column.slices(from, to))]),
    )
  }

  /** `items` as ranges of consecutive places; an item not met before gets the next place. */
  private runs(items: readonly Item[]): [from: number, to: number][] {
    const { order, places } = this
    const runs: [number, number][] = []
    let next = 0
    while (next < items.length) {
      const item = items[next++] as Item
      const from = places.get(item) ?? this.lay(item)
      let to = from + 1
      // Comparing with the one that comes after spares a look-up for all but the first of each run.
      while (next < items.length && to < order.length && order[to] === items[next]) {
        to++
        next++
      }
      const last = runs.at(-1)
      if (last?.[1] === from) last[1] = to
      else runs.push([from, to])
    }
    return runs
  }

  private lay(item: Item): number {
    const place = this.order.push(item) - 1
    this.places.set(item, place)
    for (const [, write, column] of this.columns) column.append(write(item))
    return place
  }
}

const pageSize = 1 << 18

/** Texts end to end in pages that never move, so that slices handed out stay valid. */
class Column {
  private readonly starts: number[] = []
  private readonly ends: number[] = []
  private readonly pages: Uint8Array[] = []
  private readonly pageOf: number[] = []

  append(text: string): void {
    const bytes = chunk(text)
    let start = this.ends.at(-1) ?? 0
    let page = this.pages.at(-1)
    if (!page || start + bytes.length > page.length) {
      page = new Uint8Array(Math.max(pageSize, bytes.length))
      this.pages.push(page)
      start = 0
    }
    page.set(bytes, start)
    this.starts.push(start)
    this.ends.push(start + bytes.length)
    this.pageOf.push(this.pages.length - 1)
  }

  /** One slice for each page that the places `from` to `to` (excluded) lie on. */
  slices(from: number, to: number): Chunk[] {
    const slices: Chunk[] = []
    let first = from
    while (first < to) {
      const page = this.pageOf[first] as number
      let last = to - 1
      while (this.pageOf[last] !== page) last--
      const slice = (this.pages[page] as Uint8Array).subarray(this.starts[first], this.ends[last])
      if (slice.length > 0) slices.push(slice)
      first = last + 1
    }
    return slices
  }
}
