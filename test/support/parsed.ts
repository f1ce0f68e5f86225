import { expect } from 'vitest'
import type { Parsed } from '../../src/net/index.js'

/** The accepted value; a refusal fails the test. */
export const accepted = <T>(parsed: Parsed<T>): T => {
  if (!parsed.ok) throw new Error(`refused: ${parsed.message}`)
  return parsed.value
}

/** The code of a refusal, which also has a message of one line and says what to write. */
export const refusalOf = (parsed: Parsed<unknown>): string => {
  if (parsed.ok) throw new Error(`accepted: ${String(parsed.value)}`)
  expect(parsed.message).toMatch(/^[^\n]{1,200}[^\n.]$/)
  expect(parsed.hint).toMatch(/\S/)
  return parsed.code
}
