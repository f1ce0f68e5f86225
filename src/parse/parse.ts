import type { Result } from '../diagnostics/index.js'
import type { MeshSpec } from '../model/spec.js'
import { Reader } from './reader.js'
import { mostFaults, scan } from './scan.js'
import { fieldNamed } from './schema.js'
import { error } from './section.js'

/** A mesh.ini: its text and the name that diagnostics call it by. */
export interface Source {
  readonly file: string
  readonly text: string
}

/**
 * Reads the text of a mesh.ini into its sections, values checked one by one.
 *
 * Total: any text gives a {@link MeshSpec} or diagnostics that point into it. All that is wrong with the
 * text is reported at once; what needs two values compared is left to resolve.
 */
export const parse = (source: Source): Result<MeshSpec> => {
  const { sections, diagnostics: faults } = scan(source.text, source.file, mayRepeat)
  const reader = new Reader([...faults])
  for (const section of sections) {
    if (reader.diagnostics.length >= mostFaults) break
    const [kind = '', name, ...rest] = section.header.split(' ')
    if (section.header === '') continue
    if (rest.length > 0 || !reader.section(kind, name, section)) reader.unknown(section)
  }
  const misspelt = reader.diagnostics.some(({ code }) => code === 'unknown-section')
  if (!reader.mesh && !misspelt && faults.length === 0) {
    const hint = 'begin with [mesh], or let "ciab-gen init" write the file'
    const span = { file: source.file, line: 1, column: 1, length: 1 }
    reader.diagnostics.push(error('missing-section', 'there is no [mesh] section', span, hint))
  }
  return reader.result()
}

const mayRepeat = (header: string, key: string): boolean => {
  const field = fieldNamed(header.split(' ')[0] ?? '', key)
  return field !== undefined && (field.many || field.joined === true)
}
