import { parseLabel, parseMeshName } from '../net/index.js'
import { defaults } from '../resolve/defaults.js'
import type { Findings } from './finding.js'
import { shown } from './values.js'

/** A label of RFC 1123 for each name in the files; one that is a label already stays as it is. */
export const labelsFor = (names: readonly string[], findings: Findings): Map<string, string> => {
  const labels = new Map<string, string>()
  const taken = new Set<string>()
  // Names that are labels keep theirs, whoever comes first.
  for (const fit of [true, false])
    for (const name of names) {
      if (labels.has(name) || parseLabel(name).ok !== fit) continue
      const label = unique(fit ? name : labelFrom(name), taken)
      labels.set(name, label)
      taken.add(label.toLowerCase())
      if (label === name) continue
      const why = fit ? 'differs only in case from another name' : 'is no label of RFC 1123'
      findings.add('renamed', 'name', null, `node ${shown(name)} ${why}: it is called ${label} now`)
    }
  return labels
}

const labelFrom = (name: string): string => {
  const known = international(name)
  if (known !== null && parseLabel(known).ok) return known
  const label = name
    .normalize('NFKD')
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 58)
    .replace(/-+$/, '')
  return label === '' ? 'node' : label
}

/** The name as the domain name system has it (RFC 5891), which vwgen's zones had too. */
const international = (name: string): string | null => {
  const joined = name.trim().replace(/[\s_]+/g, '-')
  if (!/^[\p{L}\p{M}\p{N}-]+$/u.test(joined) || /^[ -~]*$/.test(joined)) return null
  try {
    return new URL(`http://${joined}/`).hostname
  } catch {
    return null
  }
}

const unique = (label: string, taken: ReadonlySet<string>): string => {
  let tried = label
  for (let number = 2; taken.has(tried.toLowerCase()); number++) tried = `${label.slice(0, 56)}-${number}`
  return tried
}

/** The mesh's name, which is the WireGuard interface's: as found, or cut to what an interface can be called. */
export const meshNameFor = (found: string | null, findings: Findings): string => {
  if (found === null) return defaults.name
  if (parseMeshName(found).ok) return found
  const fit = found
    .replace(/[^a-zA-Z0-9_-]+/g, '-')
    .replace(/^[^a-zA-Z0-9_]+/, '')
    .slice(0, 14)
  const name = parseMeshName(fit).ok ? fit : defaults.name
  findings.add(
    'renamed',
    'name',
    null,
    `the mesh ${shown(found)} is called ${name} now: with a v before it, the name has to fit an interface; hooks that name the old one need a change`,
  )
  return name
}

/** As many as a /16 holds. */
const mostIds = 65534

/**
 * An id for each node: the number its name ends in where all have one of their own, else its place in the
 * list. `free` says whether nothing that is pinned stands in the way of what would be derived.
 */
export const idsFor = (names: readonly string[], free: (name: string, id: number) => boolean): number[] => {
  const trailing = names.map(name => Number(/(?:^|[^0-9])([0-9]{1,5})$/.exec(name)?.[1] ?? 0))
  const numbered = trailing.every(
    (number, index) => number > 0 && number < 65000 && trailing.indexOf(number) === index,
  )
  const ids: number[] = []
  names.forEach((name, index) => {
    let id = numbered ? (trailing[index] as number) : index + 1
    if (!free(name, id) || ids.includes(id)) {
      id = Math.max(names.length, ...ids, ...(numbered ? trailing : []))
      do id++
      while (
        // Pools with no room left are for check to say.
        !free(name, id) &&
        id < mostIds
      )
    }
    ids.push(id)
  })
  return ids
}
