/** Sizes of letters in pixels; of one width each, so that what a text takes is known without a font at hand. */
export const sizes = { title: 20, name: 14, text: 12, small: 11, letter: 10 } as const

/** One of {@link sizes}. */
export type Size = keyof typeof sizes

/** The widest of the usual fonts of one width has 0.602 of their size for each letter. */
const perLetter = 0.61

/** The most that a text takes. */
export const widthOf = (text: string, size: Size): number => [...text].length * sizes[size] * perLetter

/** A long text without its middle: names are often told apart by their ends. */
export const shortened = (text: string, most: number): string => {
  const letters = [...text]
  if (letters.length <= most) return text
  const tail = Math.floor((most - 1) / 2)
  return `${letters.slice(0, most - 1 - tail).join('')}…${letters.slice(letters.length - tail).join('')}`
}

/** The first few of many, and how many more there are. */
export const few = (texts: readonly string[], most: number): string[] =>
  texts.length <= most ? [...texts] : [...texts.slice(0, most - 1), `+${texts.length - most + 1}`]

/** `1 node`, `2 nodes`, `1,000 nodes`. */
export const counted = (count: number, noun: string): string =>
  `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${noun}${count === 1 ? '' : 's'}`
