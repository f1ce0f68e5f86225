/**
 * A value as YAML writes it. netplan takes every scalar for text, but what else reads the file may follow YAML
 * 1.1, where a bare `no`, `1:2` or `1e3` is no string: so only plain words stand without quotes.
 */
export const scalar = (text: string): string => {
  if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text))
    return text
  // In double quotes these characters stand for themselves.
  if (/^[A-Za-z0-9_.:/+=[\]-]+$/.test(text)) return `"${text}"`
  throw new Error('a value for netplan cannot be quoted')
}

/** The items of a list in brackets. */
export const items = (texts: readonly string[]): string => texts.map(scalar).join(', ')
