import { resolve } from 'node:path'
import { attempt, readRegular } from '../../files/index.js'
import { type PrivateKey, parsePrivateKey } from '../../net/index.js'
import type { Io } from '../io.js'
import { Failure, need } from '../output/report.js'

/** A key has 45 bytes. */
const largestKey = 4096

// biome-ignore lint/suspicious/noControlCharactersInRegex: wg takes a NUL for white space
const trailing = /[ \t\n\v\f\r\u0000]+$/

/** A private key as wg reads one: white space may follow it, and nothing may come before. It is never quoted. */
export const privateKeyIn = (text: string, whence: string, hint: string): PrivateKey => {
  const key = parsePrivateKey(text.replace(trailing, ''))
  if (key.ok) return key.value
  const message = `${whence} ${text === '' ? 'is empty' : 'does not hold a key of 32 bytes in base64'}`
  throw new Failure([{ severity: 'error', code: 'key-syntax', message, span: null, hint }], {})
}

/** The private key in a file, or on standard input where that is `-`. */
export const readKeyFile = async (
  place: { readonly io: Io; readonly directory: string },
  file: string,
): Promise<PrivateKey> => {
  const hint = 'give a file that "wg genkey" made'
  if (file === '-') return privateKeyIn(await place.io.stdin(), 'standard input', hint)
  const bytes = need(attempt(() => readRegular(resolve(place.directory, file), largestKey)))
  if (typeof bytes !== 'string') return privateKeyIn(Buffer.from(bytes).toString('latin1'), file, hint)
  const message = bytes === 'absent' ? `${file} does not exist` : `${file} does not hold a key`
  throw new Failure([{ severity: 'error', code: 'file-missing', message, span: null, hint }], {})
}
