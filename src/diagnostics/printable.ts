/**
 * What moves the cursor, turns the direction of text around, or is not seen at all: Unicode's control and format
 * characters, its separators of lines, halves of pairs, and all that fonts are to show nothing for (Unicode Standard
 * Annex #44: Cc, Cf, Zl, Zp, Cs, Default_Ignorable_Code_Point).
 */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu

/** A text for one line, with those characters written as JavaScript does: `\u200b`, `\u{e0041}`. */
export const escaped = (text: string): string => text.replace(unseen, escapeOf)

/** A text of lines, perhaps with tabs in them. */
export const printable = (text: string): string =>
  text.replace(unseen, character =>
    character === '\n' || character === '\t' ? character : escapeOf(character),
  )

/** The text with something of the same width in their places, so that what stands under it stays there. */
export const sameWidth = (text: string): string =>
  text.replace(unseen, character => (character === '\t' ? ' ' : '?'.repeat(character.length)))

const escapeOf = (character: string): string => {
  const digits = (character.codePointAt(0) as number).toString(16)
  return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`
}
