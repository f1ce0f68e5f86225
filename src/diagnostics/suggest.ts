/**
 * The known word that `text` was meant to be: one letter of every three may be wrong, missing or in its neighbor's place.
 * None where several are as near, since numbered names (`node4` beside `node1`, `node2`) are no slips of each other.
 */
export const nearest = (text: string, known: readonly string[]): string | null => {
  if (text.length > 40) return null
  const near = known.flatMap(word => {
    const farthest = Math.min(2, Math.floor(Math.max(text.length, word.length) / 3))
    // A word is at least as far away as it is longer or shorter.
    if (Math.abs(word.length - text.length) > farthest) return []
    const distance = editDistance(text.toLowerCase(), word.toLowerCase())
    return distance <= farthest ? [{ word, distance }] : []
  })
  const least = Math.min(...near.map(({ distance }) => distance))
  const [best, tie] = near.filter(({ distance }) => distance === least)
  if (best) return tie ? null : best.word
  // Half of a compound: port for listen-port.
  const [whole, ...others] = known.filter(word => word.split('-').includes(text.toLowerCase()))
  return whole !== undefined && others.length === 0 ? whole : null
}

/** `did you mean "x"?`, or the list of what is known, cut where it becomes a catalog. */
export const didYouMean = (text: string, known: readonly string[]): string => {
  // Whoever writes "none" means nothing that is called like it.
  const word = text === 'none' ? null : nearest(text, known)
  if (word) return `did you mean "${word}"?`
  if (known.length === 0) return 'there are none yet'
  const more = known.length - mostListed
  return `known are ${known.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** [node] has two dozen keys; a mesh may have thousands of nodes. */
const mostListed = 30

/** How many letters are to be changed, put in, taken out or swapped with their neighbor: optimal string alignment. */
const editDistance = (a: string, b: string): number => {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  const at = (row: readonly number[], column: number) => row[column] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}
