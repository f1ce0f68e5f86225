import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A page that people read: README.md, ARCHITECTURE.md, CHANGELOG.md or one of docs/. */
export interface Page {
  /** From the repository's root: `docs/files.md`. */
  readonly path: string
  readonly text: string
}

/** A fenced code block. */
export interface Block {
  readonly page: string
  /** Where it begins, for a reader of a failing test. */
  readonly line: number
  /** What stands behind the opening fence, in words: `text`, `stderr`. */
  readonly info: readonly string[]
  readonly body: string
}

/** Every page, README.md first. */
export const pages: readonly Page[] = [
  ...readdirSync(root).filter(name => name.endsWith('.md')),
  ...readdirSync(`${root}docs`)
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
].map(path => ({ path, text: readFileSync(root + path, 'utf8') }))

/** The page at a path, which there must be. */
export const pageAt = (path: string): Page => {
  const page = pages.find(page => page.path === path)
  if (!page) throw new Error(`there is no ${path}`)
  return page
}

/** The code blocks of a page, in order. A fence that is never closed is a fault. */
export const blocksOf = ({ path, text }: Page): Block[] => {
  const blocks: Block[] = []
  let open: { line: number; info: string[]; body: string } | null = null
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.startsWith('```')) {
      if (open) open.body += `${line}\n`
    } else if (open) {
      blocks.push({ page: path, ...open })
      open = null
    } else open = { line: index + 1, info: line.slice(3).trim().split(/\s+/).filter(Boolean), body: '' }
  }
  if (open) throw new Error(`${path}:${open.line} opens a code block that nothing closes`)
  return blocks
}

/** The page without its code blocks. */
export const proseOf = ({ text }: Page): string => text.replace(/^```[\s\S]*?^```$/gm, '')

/** The name that a heading is linked by, as GitHub and others make it. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}\- _]/gu, '')
    .replaceAll(' ', '-')

/** What can be linked to on a page: `#a-node-leaves`. */
export const anchorsOf = (page: Page): ReadonlySet<string> =>
  new Set([...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading as string)))
