import type { Result } from '../diagnostics/index.js'
import { resultOf } from '../diagnostics/index.js'
import type { PublicKey } from '../net/index.js'
import { hasKey, keyValue, setKey, unsetKey } from './keys.js'

const sectionOf = (node: string): string => `node ${node}`

/** The key that a node is about to have, as written. */
export const nextKeyIn = (text: string, node: string): string | null =>
  keyValue(text, sectionOf(node), 'next-public-key')

/** The text with a key that a node is about to have. */
export const withNextKey = (text: string, node: string, key: PublicKey): Result<string> =>
  setKey(text, sectionOf(node), 'next-public-key', [key])

/** The text without it. */
export const withoutNextKey = (text: string, node: string): string =>
  unsetKey(text, sectionOf(node), 'next-public-key')

/** The text with another key for a node. One that only its key file says stays unsaid. */
export const withKey = (text: string, node: string, key: PublicKey): Result<string> => {
  const left = withoutNextKey(text, node)
  return hasKey(text, sectionOf(node), 'public-key')
    ? setKey(left, sectionOf(node), 'public-key', [key])
    : resultOf([], () => left)
}
