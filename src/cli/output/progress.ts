import type { Io } from '../io.js'

/** Short work shows nothing, in milliseconds. */
const patience = 400
const interval = 100

/** Says on a terminal what is done in one piece, where that takes long; the line goes when it is done. */
export const saying = <T>({ stderr }: Io, doing: Doing, isLong: boolean, work: () => T): T => {
  if (!isLong || !stderr.isTerminal) return work()
  stderr.write(`\r${doing} ...`)
  try {
    return work()
  } finally {
    stderr.write(erase)
  }
}

type Doing = 'checking the mesh' | 'comparing the files' | 'reading the files' | 'trying what [expect] says'

/** A mesh.ini of so many characters, of a thousand nodes say, takes about a second to check. */
export const isLongText = (text: string): boolean => text.length > 100_000

const erase = '\r\u001b[K'

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
    if (shown) stderr.write(erase)
  }
}
