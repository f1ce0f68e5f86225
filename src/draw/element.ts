/** An element of SVG: data, from which text is printed, and nodes of a page are made. */
export interface SvgElement {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string | number>>
  /** Elements, and text, which is nobody's markup. */
  readonly children: readonly (SvgElement | string)[]
}

/** Makes an element. */
export const element = (
  tag: string,
  attributes: SvgElement['attributes'] = {},
  ...children: readonly (SvgElement | string)[]
): SvgElement => ({ tag, attributes, children })

/** A number as it stands in the picture: a tenth of a pixel is finer than anybody sees, and the same on every machine. */
export const tenth = (value: number): number => Math.round(value * 10) / 10 + 0

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text in XML; characters that XML 1.0 (section 2.2) has no place for are left out. */
export const escaped = (text: string): string =>
  text
    .replace(/[&<>"]/g, one => entities[one] as string)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')

/** An element as text, each on a line of its own, so that two pictures can be compared line by line. */
export const printed = ({ tag, attributes, children }: SvgElement, indent = ''): string => {
  const start = `${indent}<${tag}${Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')}`
  if (children.length === 0) return `${start}/>\n`
  // Blanks within text are part of it.
  if (children.some(child => typeof child === 'string') || tag === 'text')
    return `${start}>${children.map(child => (typeof child === 'string' ? escaped(child) : printed(child).trimEnd())).join('')}</${tag}>\n`
  return `${start}>\n${children.map(child => printed(child as SvgElement, `${indent}  `)).join('')}${indent}</${tag}>\n`
}
