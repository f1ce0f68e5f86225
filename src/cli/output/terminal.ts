import { printable } from '../../diagnostics/index.js'
import type { Io, Output } from '../io.js'

/**
 * The streams as every command gets them. Names of files and texts of others reach a terminal escaped, whatever prints
 * them; a pipe gets standard output as it is, since files and lists for other programs go there.
 */
export const escaping = (io: Io): Io => ({
  ...io,
  stdout: io.stdout.isTerminal ? escapingOutput(io.stdout) : io.stdout,
  stderr: escapingOutput(io.stderr),
})

/** What this command itself writes: colors, and what is being done, which stands in one place. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is let through
const ours = /(\u001b\[(?:0|1|3[1236])m|^\r(?:\d+ of \d+ nodes|\w+ing the \w+ \.\.\.)$|^\r\u001b\[K$)/

const escapingOutput = (output: Output): Output => ({
  isTerminal: output.isTerminal,
  write: text =>
    output.write(output.isTerminal ? text.split(ours).map(ownOrEscaped).join('') : printable(text)),
})

/** Behind a split at `ours` every other part is one of them. */
const ownOrEscaped = (part: string, index: number): string => (index % 2 === 1 ? part : printable(part))
