/** The lists that an nftables file defines, by name: `define mesh4 = { … }`. */
export const readNftLists = (text: string): Map<string, string[]> => {
  const lists = new Map<string, string[]>()
  for (const [, name = '', body = ''] of text.matchAll(/^define ([\w-]+) = \{([^}]*)\}/gm))
    lists.set(
      name,
      body
        .split(',')
        .map(element => element.trim().replace(/^"(.*)"$/, '$1'))
        .filter(element => element !== ''),
    )
  return lists
}
