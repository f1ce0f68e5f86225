/**
 * The texts of the JSON values that stand in one text one after the other, as `cat *.json` leaves them; with `null` for
 * the rest, where that is none. Objects and lists alone: nothing else is looked for.
 */
export const valuesIn = (text: string): (string | null)[] => {
  const found: (string | null)[] = []
  for (let at = blanksFrom(text, 0); at < text.length; ) {
    const end = endOf(text, at)
    found.push(end === null ? null : text.slice(at, end))
    at = end === null ? text.length : blanksFrom(text, end)
  }
  return found
}

const blanksFrom = (text: string, start: number): number => {
  let at = start
  while (at < text.length && ' \t\r\n'.includes(text[at] as string)) at++
  return at
}

/** Behind the bracket that closes the one at `start`. */
const endOf = (text: string, start: number): number | null => {
  if (text[start] !== '{' && text[start] !== '[') return null
  let depth = 0
  let quoted = false
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (quoted) {
      if (character === '\\') at++
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') {
      depth--
      if (depth === 0) return at + 1
    }
  }
  return null
}
