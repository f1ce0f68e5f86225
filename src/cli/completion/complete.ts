import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { readRegular } from '../../files/read.js'
import { largestSource } from '../../parse/scan.js'
import type { Io } from '../io.js'
import { candidates } from './candidates.js'

/** Answers the shell's question, a line for each word that may be meant; whatever is wrong, that is no line at all. */
export const complete = async (words: readonly string[], io: Io): Promise<void> => {
  const found = await candidates(words.map(unquoted), {
    names: (kind, { directory, file }) => namesIn(resolve(io.cwd, directory, file), kind),
    keys: async section => {
      const { fieldsOf } = await import('../../parse/schema.js')
      return Object.keys(fieldsOf[section as keyof typeof fieldsOf])
    },
    targets: async () => {
      const { targets } = await import('../../targets/index.js')
      return targets.map(({ name }) => name)
    },
  })
  io.stdout.write(found.map(word => `${word}\n`).join(''))
}

/** As the shell would hand it over, of what is usual: quotes go, and ~ is the home. */
const unquoted = (word: string): string =>
  word
    .replace(/^~(?=\/|$)/, homedir())
    .replace(/\\(.)|['"]/g, (_, escaped: string | undefined) => escaped ?? '')

/** Names from headers alone: mesh.ini is just being edited. A shell takes what it is offered: no other characters. */
const namesIn = (path: string, kind: string): string[] => {
  const bytes = readRegular(path, largestSource)
  if (typeof bytes === 'string') return []
  const header = new RegExp(`^[^\\S\\n]*\\[[^\\S\\n]*${kind}[^\\S\\n]+([\\w.-]+)[^\\S\\n]*\\]`, 'gm')
  return [...Buffer.from(bytes).toString('utf8').matchAll(header)].map(([, name]) => name as string)
}
