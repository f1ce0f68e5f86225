import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Code,
  codes,
  type Diagnostic,
  format,
  type Result,
  type Span,
} from '../../src/diagnostics/index.js'
import { load } from '../../src/load.js'
import type { KeyRing, Mesh } from '../../src/model/mesh.js'
import { bytesOf, type Parsed, parsePresharedKey, parsePrivateKey } from '../../src/net/index.js'
import { largestSource } from '../../src/parse/scan.js'
import { keyRingFor } from './keys.js'

const root = fileURLToPath(new URL('../../fixtures/errors/', import.meta.url))

/** A folder of `fixtures/errors/`, named after the code that its mesh.ini shows. */
export interface ErrorFolder {
  readonly code: Code
  readonly directory: string
}

/** Every folder, whatever its name. */
export const folders: readonly string[] = readdirSync(root).sort()

/** Those that need no file system and no command line: a mesh.ini, perhaps keys, and what is said about them. */
export const errorFolders: readonly ErrorFolder[] = folders
  .filter(name => Object.hasOwn(codes, name) && !existsSync(`${root}${name}/command.txt`))
  .map(name => ({ code: name as Code, directory: `${root}${name}` }))

/** Those that do: their command.txt is a command line. */
export const commandFolders: readonly ErrorFolder[] = folders
  .filter(name => Object.hasOwn(codes, name) && existsSync(`${root}${name}/command.txt`))
  .map(name => ({ code: name as Code, directory: `${root}${name}` }))

/** What cannot be stored as it is, and how the stored text becomes it. */
const grown: Readonly<Record<string, (text: string) => string>> = {
  'file-size': text => `${text}${'# one comment after the other\n'.repeat(largestSource / 30 + 1)}`,
}

/** The folder's mesh.ini. */
export const textIn = ({ directory, code }: ErrorFolder): string => {
  const stored = readFileSync(`${directory}/mesh.ini`, 'utf8')
  return grown[code]?.(stored) ?? stored
}

/** The folder's `keys/`, where it has one; else a key for every node ({@link keyRingFor}). */
const keysIn = ({ directory }: ErrorFolder, text: string): KeyRing => {
  const folder = `${directory}/keys`
  if (!existsSync(folder)) return keyRingFor(text)
  const read = <T>(file: string, parse: (text: string) => Parsed<T>): T => {
    const parsed = parse(readFileSync(`${folder}/${file}`, 'utf8').trim())
    if (!parsed.ok) throw new Error(`${folder}/${file}: ${parsed.message}`)
    return parsed.value
  }
  const files = readdirSync(folder)
  const keys = files.filter(file => file.endsWith('.key'))
  return {
    privateKeys: new Map(keys.map(file => [basename(file, '.key'), read(file, parsePrivateKey)])),
    presharedSeed: files.includes('preshared.seed')
      ? bytesOf(read('preshared.seed', parsePresharedKey).reveal())
      : null,
  }
}

/** What ciab-gen makes of the folder. */
export const loadFolder = (folder: ErrorFolder): Result<Mesh> => {
  const text = textIn(folder)
  return load({ file: 'mesh.ini', text }, keysIn(folder, text))
}

/** Its diagnostics, errors first, as the command line draws them. */
export const diagnosticsOf = (result: Result<unknown>): readonly Diagnostic[] =>
  result.ok ? result.warnings : [...result.diagnostics].sort((a, b) => a.severity.localeCompare(b.severity))

export const drawn = (diagnostics: readonly Diagnostic[], text: string): string =>
  diagnostics.map(diagnostic => format(diagnostic, { 'mesh.ini': text })).join('\n')

/** Whether the span lies in the text; the end of an empty line counts as one character. */
export const liesIn = ({ line, column, length }: Span, lines: readonly string[]): boolean => {
  const width = lines[line - 1]?.length
  return (
    width !== undefined &&
    Number.isInteger(column) &&
    column >= 1 &&
    length >= 1 &&
    column - 1 + length <= Math.max(1, width)
  )
}
