import { renderSVG, renderUnicodeCompact } from 'uqr'

/** Most bytes that a QR code holds (ISO/IEC 18004, version 40, level L). */
export const mostBytes = 2953

/**
 * A text as a QR code, two modules a character, for a terminal that is light on dark.
 *
 * @param inverted for one that is dark on light
 */
export const terminalCode = (text: string, inverted: boolean): string =>
  `${renderUnicodeCompact(text, { border: 2, invert: inverted })}\n`

/** The same as an image. */
export const imageCode = (text: string): string => `${renderSVG(text, { border: 4, pixelSize: 8 })}\n`
