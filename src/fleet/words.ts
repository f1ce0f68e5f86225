/** `a, b and c`; of many the first. */
export const sentence = (words: readonly string[], most = 6): string => {
  const shown = words.length > most ? [...words.slice(0, most - 1), `${words.length - most + 1} more`] : words
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

const units = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const

/** In the largest unit of which there are two: `90 minutes`, `3 days`. */
export const duration = (seconds: number): string => {
  const [size, unit] = units.find(([size]) => seconds >= 2 * size) ?? [1, 'second']
  const count = Math.floor(seconds / size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
