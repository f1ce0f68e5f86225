/**
 * A string as YAML writes it. LXD, Incus and others read YAML 1.1, where a bare `no`, `1:2` or `1e3` is no string,
 * so only words that begin with a letter stand without quotes. What a string is in JSON it is in YAML in quotes.
 */
export const scalar = (text: string): string =>
  /^[A-Za-z]([\w .-]*\w)?$/.test(text) && !reserved.test(text) ? text : JSON.stringify(text)

/** Of YAML 1.1, in any case: what is not a string. */
const reserved = /^(y|n|yes|no|on|off|true|false|null)$/i

/** The items of a list in brackets. */
export const items = (texts: readonly string[]): string => texts.map(scalar).join(', ')
