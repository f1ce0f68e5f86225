import { stringify } from 'yaml'

/**
 * A string as YAML writes it. LXD and Incus read YAML 1.1, where a bare `no`, `1:2` or `1e3` is not a
 * string: `version` makes the writer quote what would change its type there.
 */
export const scalar = (text: string): string => {
  // In double quotes these characters stand for themselves in every YAML; most values are addresses.
  if (/^[0-9a-f.:/-]+$/.test(text)) return `"${text}"`
  // A block of lines would need the indentation of its place.
  if (text.includes('\n')) return JSON.stringify(text)
  const known = written.get(text)
  if (known !== undefined) return known
  const yaml = stringify(text, { version: '1.1', lineWidth: 0 }).trimEnd()
  if (written.size >= mostWritten) written.clear()
  written.set(text, yaml)
  return yaml
}

/** Most of a bridge's values are the same on every node, and the package takes its time for each. */
const written = new Map<string, string>()
const mostWritten = 1024
