import { type Diagnostic, type Result, resultOf } from '../diagnostics/index.js'
import { scan } from '../parse/scan.js'

/** A value as it is written so that ini reads it back: plain where that works, else in double quotes. */
export const written = (key: string, value: string): Result<string> => {
  const trimmed = value.trim()
  const fault = (code: Diagnostic['code'], message: string, hint: string): Result<string> =>
    resultOf<string>([{ severity: 'error', code, message, span: null, hint }], () => '')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused; a line end would begin a new key
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(trimmed))
    return fault(
      'control-character',
      `the value for "${key}" holds a control character`,
      'write it on one line',
    )
  if (trimmed === '')
    return fault('empty-value', `"${key}" has no value`, 'write a value, or --unset to have the default')
  const found = exactly(trimmed)
  return found === null
    ? fault(
        'ini-syntax',
        `the value for "${key}" cannot be written in an INI file`,
        'leave out the mixture of quotes',
      )
    : resultOf([], () => found)
}

/** How a value is written so that it is read as it is, or `null` where nothing does. */
export const exactly = (value: string): string | null =>
  [value, JSON.stringify(value), `'${value}'`].find(text => readBack(text) === value) ?? null

/** What a reader gets from the text of a value, or `null` where part of it would be lost. */
const readBack = (text: string): string | null => {
  const entry = scan(`[x]\nk = ${text}`, '').sections[0]?.entries[0]
  return entry && !entry.commented ? entry.value : null
}
