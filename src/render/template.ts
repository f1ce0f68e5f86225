import mustache from 'mustache'
import { type Chunk, chunk } from './chunks.js'

/** What a template may be given: every name it uses, `null` where there is nothing to say. */
export type View = { readonly [name: string]: ViewValue }
type ViewValue = string | number | boolean | null | View | readonly View[] | readonly string[]

/** A compiled template: text with `{{name}}`, sections, and `{{> slot}}` for chunks made elsewhere. */
export interface Template {
  /** The file's chunks. Throws, as a bug of ours, on a name the view lacks. */
  chunks(view: View, slots?: Readonly<Record<string, readonly Chunk[]>>): Chunk[]
}

/**
 * Mustache made strict. As it comes it turns `/` into an HTML entity, prints nothing for a misspelt
 * name, takes a missing one from the surrounding scope and calls functions; here every name must be an
 * own property of the innermost view, and control characters are refused, so that no value can add a
 * line to a file. A partial, `{{> slot}}`, stands for chunks that the caller brings.
 */
export const template = (source: string): Template => {
  // Read when it is first filled: most commands fill none.
  let pieces: Piece[] | undefined
  const chunks: Template['chunks'] = (view, slots = {}) => {
    const filled: Chunk[] = []
    pieces ??= piecesOf(mustache.parse(source))
    for (const piece of pieces) {
      if ('fixed' in piece) filled.push(piece.fixed)
      else if ('tokens' in piece) {
        const context = new StrictContext(view)
        const text = writer.renderTokens(piece.tokens as string[][], context, undefined, source, escaping)
        if (text !== '') filled.push(chunk(text))
      } else {
        const filling = slots[piece.slot]
        if (!filling) throw new Error(`the template has a slot "${piece.slot}" that nothing fills`)
        for (const part of filling) filled.push(part)
      }
    }
    return filled
  }
  return { chunks }
}

type Tokens = ReturnType<typeof mustache.parse>

/** What lies between two slots or fixed texts. */
interface Text {
  readonly tokens: Tokens
}

/** Text without a name in it, the same in every file: encoded once. */
interface Fixed {
  readonly fixed: Chunk
}

type Piece = Text | Fixed | { readonly slot: string }

/** Below this many characters a chunk of its own costs more than it saves. */
const leastFixed = 100

const refuseUnescaped = (tokens: Tokens): void => {
  for (const [type, name, , , inner] of tokens) {
    if ((type as string) === '&') throw new Error(`the template prints "${name}" unescaped`)
    if (Array.isArray(inner)) refuseUnescaped(inner as Tokens)
  }
}

/** In a section, which is rendered by itself, nothing would fill them. */
const refuseSlots = (tokens: Tokens): void => {
  for (const [type, name, , , inner] of tokens) {
    if (type === '>') throw new Error(`the template has the slot "${name}" in a section`)
    if (Array.isArray(inner)) refuseSlots(inner as Tokens)
  }
}

const piecesOf = (tokens: Tokens): Piece[] => {
  refuseUnescaped(tokens)
  const pieces: Piece[] = []
  let open: Tokens = []
  const close = (next: Fixed | { readonly slot: string } | null): void => {
    if (open.length > 0) pieces.push({ tokens: open })
    open = []
    if (next) pieces.push(next)
  }
  for (const token of tokens) {
    const [type, value, , , inner] = token
    if (Array.isArray(inner)) refuseSlots(inner as Tokens)
    if (type === '>') close({ slot: value })
    else if (type === 'text' && value.length >= leastFixed) close({ fixed: chunk(value) })
    else open.push(token)
  }
  close(null)
  return pieces
}

class StrictContext extends mustache.Context {
  override push(view: unknown): StrictContext {
    return new StrictContext(view, this)
  }

  override lookup(name: string): unknown {
    const view: unknown = this.view
    if (name === '.') return printable(view)
    if (typeof view === 'object' && view !== null && Object.hasOwn(view, name)) {
      const value = (view as Record<string, unknown>)[name]
      return printable(value)
    }
    throw new Error(`the template uses "${name}", which its view does not have`)
  }
}

/** Mustache drops the number 0 and would call a function. */
const printable = (value: unknown): unknown => {
  if (typeof value === 'function') throw new Error('a view holds a function')
  return typeof value === 'number' ? String(value) : value
}

const refuseControls = (value: unknown): string => {
  const text = String(value)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text))
    throw new Error('a value with a control character reached a template')
  return text
}

const escaping = { escape: refuseControls }

const writer = new mustache.Writer()
