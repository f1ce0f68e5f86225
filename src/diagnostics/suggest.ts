/** The known word nearest to `text`, if it is near enough to be what was meant. */
export const nearest = (text: string, known: readonly string[]): string | null => {
  let best: string | null = null
  if (text.length > 40) return null
  let bestDistance = Math.min(3, Math.ceil(text.length / 3) + 1)
  for (const word of known) {
    // A word is at least as far away as it is longer or shorter.
    if (Math.abs(word.length - text.length) >= bestDistance) continue
    const distance = editDistance(text.toLowerCase(), word.toLowerCase())
    if (distance < bestDistance) {
      best = word
      bestDistance = distance
    }
  }
  return best
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

/** Levenshtein's distance, one row at a time. */
const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (row[j] as number) + 1,
        (next[j - 1] as number) + 1,
        (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
      )
    row = next
  }
  return row[b.length] as number
}
