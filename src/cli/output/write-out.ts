import { basename, dirname, resolve } from 'node:path'
import { writeBeside } from '../../files/index.js'
import { chunk } from '../../render/chunks.js'
import type { Place } from '../command.js'
import { need } from './report.js'

/** Writes what a command makes into the file that -o names, or to standard output where it names none. */
export const writeOut = ({ io, directory }: Place, out: string | undefined, text: string): void => {
  if (out === undefined) {
    io.stdout.write(text)
    return
  }
  const path = resolve(directory, out)
  const file = { path: basename(path), mode: 0o644, secret: false, content: [chunk(text)] }
  const [change] = need(writeBeside(dirname(path), [file]))
  if (change) io.stdout.write(`${change.kind} ${out}\n`)
  else io.stderr.write(`${out}: nothing to change\n`)
}
