/**
 * What a text says by itself, remembered. Files of nodes of one mesh are alike, line by line: who reads many of them reads
 * them with one reader, and each line is taken apart once.
 */
export const recall = <Value>(read: (text: string) => Value): ((text: string) => Value) => {
  const known = new Map<string, Value>()
  return text => {
    const found = known.get(text)
    if (found !== undefined) return found
    const value = read(text)
    known.set(text, value)
    return value
  }
}
