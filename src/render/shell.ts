/**
 * Tag for shell text: as it stands, from the line after the first backquote on. Backslashes mean what
 * they mean to a shell, but for `\${`, which stands for the shell's own `${`.
 */
export const shell = (text: TemplateStringsArray): string =>
  String.raw(text).slice(1).replaceAll('\\${', '${')
