/** The first piece of a text that is not in the other one too, in the same order; `null` where all are. */
export const firstLost = (before: readonly string[], after: readonly string[]): string | null => {
  let at = 0
  for (const piece of after) if (piece === before[at]) at++
  return before[at] ?? null
}

export const linesOf = (text: string): string[] => text.split('\n')

/** Words, without what stands around them in lists. */
export const wordsOf = (text: string): string[] => text.split(/[\s,'"[\]]+/)

/** Lines; of those that are a list its words, and of rules that stand on one, a family each, the rules. */
export const piecesOf = (text: string): string[] =>
  linesOf(text).flatMap(line =>
    /^(AllowedIPs ?= ?|[a-z_]+='| *allowed-ips: |\t.*\{ .* \})/.test(line) ? wordsOf(line) : line.split('; '),
  )

/** The lines that one text has and the other has not, counted as often as they occur. */
export const changedLines = (before: string, after: string): string[] => {
  const counts = new Map<string, number>()
  for (const line of linesOf(before)) counts.set(line, (counts.get(line) ?? 0) + 1)
  for (const line of linesOf(after)) counts.set(line, (counts.get(line) ?? 0) - 1)
  return [...counts].filter(([, count]) => count !== 0).map(([line]) => line)
}

type Texts = ReadonlyMap<string, ReadonlyMap<string, string>>

/** `node path` of every file that is not the same in both trees. */
export const changedFiles = (before: Texts, after: Texts): string[] => {
  const places = new Set(
    [before, after].flatMap(tree =>
      [...tree].flatMap(([node, files]) => [...files.keys()].map(path => `${node} ${path}`)),
    ),
  )
  const at = (tree: Texts, place: string): string | undefined => {
    const [node = '', path = ''] = place.split(' ')
    return tree.get(node)?.get(path)
  }
  return [...places].filter(place => at(before, place) !== at(after, place)).sort()
}
