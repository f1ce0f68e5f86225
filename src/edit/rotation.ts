import type { Result } from '../diagnostics/index.js'
import { resultOf } from '../diagnostics/index.js'
import type { PublicKey } from '../net/index.js'
import { hasKey, hasSection, keyValue, setKey, unsetKey } from './keys.js'

/** A node's section, or a client's. */
export const sectionOf = (text: string, name: string): string =>
  hasSection(text, `client ${name}`) ? `client ${name}` : `node ${name}`

/** The key that a node is about to have, as written. */
export const nextKeyIn = (text: string, node: string): string | null =>
  keyValue(text, sectionOf(text, node), 'next-public-key')

/** The text with a key that a node is about to have. */
export const withNextKey = (text: string, node: string, key: PublicKey): Result<string> =>
  setKey(text, sectionOf(text, node), 'next-public-key', [key])

/** The text without it. */
export const withoutNextKey = (text: string, node: string): string =>
  unsetKey(text, sectionOf(text, node), 'next-public-key')

/** The text with another key for a node. One that only its key file says stays unsaid. */
export const withKey = (text: string, node: string, key: PublicKey): Result<string> => {
  const left = withoutNextKey(text, node)
  return hasKey(text, sectionOf(text, node), 'public-key')
    ? setKey(left, sectionOf(text, node), 'public-key', [key])
    : resultOf([], () => left)
}
