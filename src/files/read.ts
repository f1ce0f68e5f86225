import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Result } from '../diagnostics/index.js'
import { attempt, isErrno, refuse } from './fault.js'

/** Larger files are not even read; `scan` has the finer limit. */
const largestFile = 64 * 1024 * 1024

/**
 * The text of a mesh.ini; whatever keeps it from being read is a diagnostic.
 *
 * @param absent what to do where there is no such file
 */
export const readMesh = (
  directory: string,
  file: string,
  absent = 'make one with "ciab-gen init", or give the directory it is in with -C',
): Result<{ readonly file: string; readonly text: string }> =>
  attempt(() => {
    const bytes = readRegular(resolve(directory, file), largestFile)
    if (bytes === 'absent' && !existsSync(resolve(directory)))
      return refuse(
        'file-missing',
        `${directory} does not exist`,
        'give the directory that the mesh is in with -C',
      )
    if (bytes === 'absent') return refuse('file-missing', `${file} does not exist`, absent)
    if (bytes === 'irregular')
      return refuse('file-missing', `${file} is not a regular file`, 'give the file with -f')
    if (bytes === 'large')
      return refuse(
        'file-size',
        `${file} is larger than ${largestFile >> 20} MiB`,
        'a mesh.ini has one short section for each node',
      )
    return { file, text: decoded(bytes, file) }
  })

/** The bytes of a regular file, or why there are none. Never waits on a FIFO, never reads a device. */
export const readRegular = (path: string, largest: number): Uint8Array | 'absent' | 'irregular' | 'large' => {
  let descriptor: number
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return 'absent'
    if (isErrno(error, 'ENXIO')) return 'irregular'
    throw error
  }
  try {
    const found = fstatSync(descriptor)
    if (!found.isFile()) return 'irregular'
    return found.size > largest ? 'large' : readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const decoded = (bytes: Uint8Array, file: string): string => {
  const text = utf8(bytes)
  if (text !== null) return text
  let line = 1
  let start = 0
  for (;;) {
    const end = bytes.indexOf(0x0a, start)
    const part = bytes.subarray(start, end < 0 ? undefined : end)
    if (end < 0 || utf8(part) === null) break
    start = end + 1
    line++
  }
  const span = { file, line, column: 1, length: 1 }
  return refuse('file-encoding', 'the line is not UTF-8 text', 'save the file as UTF-8', span)
}

/** A byte order mark stays in the text: the scanner reports it. */
const utf8 = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
