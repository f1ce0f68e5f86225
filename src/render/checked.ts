/**
 * Refuses what a text file could not hold in one line, wherever it is in a plan. Values from parsers have none of it:
 * this is about plans and meshes that somebody made by hand, and so a bug of his that is told by an exception. Hooks,
 * which may be any command, are refused by those who would write them.
 *
 * What was looked at once is not looked at again: nodes share what they know of a peer.
 */
export const checker = (): ((plan: object) => void) => {
  const seen = new WeakSet<object>()
  const check = (value: unknown, name: string): void => {
    if (typeof value === 'string') refuse(value, name)
    else if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value)
      if (Array.isArray(value) || value instanceof Map) for (const one of value) check(one, name)
      else if (!(value instanceof Uint8Array))
        for (const key in value) if (key !== 'hooks') check((value as Record<string, unknown>)[key], key)
    }
  }
  return plan => check(plan, '')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

const refuse = (text: string, name: string): void => {
  if (controls.test(text)) throw new Error(`a value with a control character reached the files: ${name}`)
}
