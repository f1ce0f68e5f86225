import { closeSync, fchmodSync, fstatSync, fsyncSync, writevSync } from 'node:fs'
import type { Chunk } from '../render/chunks.js'
import { openNew } from './draft.js'

/**
 * Writes a file that is not there yet, and gives it its mode before it has a byte of its content. A `durable` one is on
 * the disk before this ends: waiting for each of thousands would take longer than all else.
 */
export type PutNew = (path: string, mode: number, content: readonly Chunk[], durable: boolean) => void

/** One for each run: between runs the umask may change. */
export const newFiles = (): PutNew => {
  // Modes that the umask takes nothing from, as the first file with each has shown; it never adds to one.
  const kept = new Set<number>()
  const keep = (descriptor: number, mode: number): void => {
    if ((fstatSync(descriptor).mode & 0o7777) === mode) kept.add(mode)
    else fchmodSync(descriptor, mode)
  }
  return (path, mode, content, durable) => {
    const descriptor = openNew(path, mode)
    try {
      if (!kept.has(mode)) keep(descriptor, mode)
      writeAll(descriptor, content)
      if (durable) fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  }
}

/** writev(2) takes at most IOV_MAX pieces, 1024 on Linux and macOS. */
const mostPieces = 1024

/** Writes all chunks; writev may write less than it was given. */
const writeAll = (descriptor: number, content: readonly Chunk[]): void => {
  let from = 0
  let rest: Chunk | null = null
  while (from < content.length) {
    const batch = content.slice(from, from + mostPieces)
    if (rest) batch[0] = rest
    let done = writevSync(descriptor, batch)
    rest = null
    for (const part of batch) {
      if (done < part.length) {
        rest = part.subarray(done)
        break
      }
      done -= part.length
      from++
    }
  }
}
