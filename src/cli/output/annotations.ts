import { type Diagnostic, spoken } from '../../diagnostics/index.js'

/** Most of one severity: GitHub itself shows ten of a step. */
const mostTold = 50

/**
 * Diagnostics as commands of a GitHub workflow, a line each, which show at the lines of a pull request; `pathOf` names a
 * file as GitHub does, from the root of the repository.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export const annotations = (
  diagnostics: readonly Diagnostic[],
  pathOf: (file: string) => string,
): readonly string[] =>
  (['error', 'warning'] as const).flatMap(severity => {
    const some = diagnostics.filter(diagnostic => diagnostic.severity === severity)
    const more = some.length - mostTold
    return [
      ...some.slice(0, mostTold).map(diagnostic => annotation(diagnostic, pathOf)),
      ...(more > 0 ? [`::${severity}::${more} more ${severity}s`] : []),
    ]
  })

/** Something about a file as a whole. */
export interface Pointer {
  readonly file: string
  readonly title: string
  readonly message: string
}

/** The like about files, an error for each: GitHub shows it at the head of the file. */
export const pointing = (
  pointers: readonly Pointer[],
  pathOf: (file: string) => string,
): readonly string[] => {
  const more = pointers.length - mostTold
  return [
    ...pointers
      .slice(0, mostTold)
      .map(({ file, title, message }) => command('error', { file: pathOf(file), title }, message)),
    ...(more > 0 ? [`::error::${more} more files`] : []),
  ]
}

const annotation = (
  { severity, code, message, span, hint, related }: Diagnostic,
  pathOf: (file: string) => string,
): string => {
  const place = span ? { file: pathOf(span.file), line: span.line, col: span.column } : {}
  const lines = [
    spoken(message),
    ...(related
      ? [
          `${pathOf(related.span.file)}:${related.span.line}:${related.span.column}: ${spoken(related.message)}`,
        ]
      : []),
    ...(hint ? [`hint: ${spoken(hint)}`] : []),
  ]
  return command(severity, { ...place, title: code }, lines.join('\n'))
}

const command = (
  severity: Diagnostic['severity'],
  { title, ...place }: { readonly title: string } & Readonly<Record<string, string | number | undefined>>,
  text: string,
): string => {
  const properties = Object.entries({ ...place, title: `ciab-gen: ${title}` })
    .map(([name, value]) => `${name}=${inProperty(`${value}`)}`)
    .join(',')
  return `::${severity} ${properties}::${inText(text)}`
}

/** As GitHub's own toolkit escapes them: a command ends with its line, and its properties at `:` and `,`. */
const inText = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const inProperty = (text: string): string => inText(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
