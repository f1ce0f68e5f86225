import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Diagnostic } from '../../diagnostics/index.js'
import { attempt, readRegular } from '../../files/index.js'
import { type Received, readReports } from '../../fleet/index.js'
import { standardInput, UsageError } from '../arguments.js'
import type { Place } from '../command.js'
import { need } from '../output/report.js'

/** Reports that could be read, and what is the matter with the others. */
export interface Collected {
  readonly reports: readonly Received[]
  readonly faults: readonly Diagnostic[]
}

/** A report of a node with a thousand peers is half a megabyte. */
const largestReport = 16 * 1024 * 1024

/** Of as many as that. */
const largestInput = 512 * 1024 * 1024

/** Where reports are, if nobody says. */
const usual = 'status'

/** Reads files, the `*.json` in directories, and standard input. */
export const collected = async (place: Place, named: readonly string[]): Promise<Collected> => {
  const reports: Received[] = []
  const faults: Diagnostic[] = []
  const take = (bytes: Uint8Array, file: string, at: number | null): void => {
    const read = readReports(new TextDecoder().decode(bytes), file)
    if (read.ok) reports.push(...read.value.map(report => ({ file, at, report })))
    else faults.push(...read.diagnostics)
  }
  for (const file of filesNamed(place, named.length > 0 ? named : [usual])) {
    if (file === standardInput) {
      take(Buffer.from(await place.io.stdin(largestInput), 'latin1'), 'standard input', null)
      continue
    }
    const path = resolve(place.directory, file)
    const bytes = need(attempt(() => readRegular(path, largestReport)))
    if (bytes === 'absent') throw new UsageError(`there is no ${file}`)
    if (typeof bytes === 'string') faults.push(refused(file, bytes))
    else take(bytes, file, Math.floor(statSync(path).mtimeMs / 1000))
  }
  return { reports, faults }
}

const refused = (file: string, why: 'irregular' | 'large'): Diagnostic => ({
  severity: 'error',
  code: 'report-syntax',
  message:
    why === 'large'
      ? `${file} is no report of a node: it is larger than ${largestReport >> 20} MiB`
      : `${file} is no report of a node: it is not a regular file`,
  span: null,
  hint: 'write what "sh /etc/ciab/apply.sh --status --json" prints there, and nothing else, into a file for each node',
})

const filesNamed = ({ directory }: Place, named: readonly string[]): string[] =>
  named.flatMap(name => {
    const path = resolve(directory, name)
    if (name === standardInput || !existsSync(path) || !statSync(path).isDirectory()) {
      if (name === usual && named.length === 1 && !existsSync(path))
        throw new UsageError(
          `there is no directory ${usual}`,
          'collect the reports with the line that is in out/_mesh/, below "Is it as it should be?", or name them',
        )
      return [name]
    }
    return readdirSync(path)
      .filter(file => file.endsWith('.json'))
      .sort()
      .map(file => join(name, file))
  })
