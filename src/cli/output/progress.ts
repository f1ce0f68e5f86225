import type { Io } from '../io.js'

/** Short work shows nothing, in milliseconds. */
const patience = 400
const interval = 100

/** Passes on what it is given, and on a terminal counts it when it takes long. */
export function* progressing<T>(io: Io, items: Iterable<T>, total: number): Generator<T> {
  const { stderr } = io
  let next = performance.now() + patience
  let shown = false
  let count = 0
  try {
    for (const item of items) {
      yield item
      count++
      if (!stderr.isTerminal || performance.now() < next) continue
      stderr.write(`\r${count} of ${total} nodes`)
      next = performance.now() + interval
      shown = true
    }
  } finally {
    // Erases the line, so that what is said next begins at its start.
    if (shown) stderr.write('\r\u001b[K')
  }
}
