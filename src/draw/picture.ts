import type { Mesh } from '../model/mesh.js'
import type { Drawing } from './drawing.js'
import { element, type SvgElement, tenth } from './element.js'
import { drawGroups } from './groups-drawing.js'
import { legendOf, legendWidth } from './legend.js'
import { linksOf } from './links.js'
import { drawNodes } from './nodes-drawing.js'
import { sizes, widthOf } from './said/lettering.js'
import { described, summary } from './said/words.js'

/** More nodes than this are drawn by their sites. */
export const mostNodes = 40

/** A picture as data. */
export interface Picture {
  readonly svg: SvgElement
  /** The middle of each node, by its name, and how large it is drawn. */
  readonly places: Drawing['places']
}

const margin = 24

/** Draws a mesh; the look of its classes is {@link style}. */
export const pictureOf = (mesh: Mesh, style?: string): Picture => {
  const links = linksOf(mesh)
  const drawing = mesh.nodes.length > mostNodes ? drawGroups(mesh, links) : drawNodes(mesh, links)
  const subtitle = summary(mesh, links)
  const wide = drawing.right - drawing.left
  const width = Math.max(
    wide,
    widthOf(mesh.name, 'title'),
    widthOf(subtitle, 'text'),
    Math.min(legendWidth(drawing.legend), 1200),
    360,
  )
  const left = Math.min(drawing.left, (drawing.left + drawing.right - width) / 2) - margin
  const head = 62
  const top = drawing.top - head - margin
  const legend = legendOf(drawing.legend, left + margin, drawing.bottom + 28, width)
  const height = drawing.bottom + 28 + legend.height + margin - top
  const full = Math.ceil(width + 2 * margin)
  return {
    places: drawing.places,
    svg: element(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        class: 'ciab-mesh',
        viewBox: `${Math.floor(left)} ${Math.floor(top)} ${full} ${Math.ceil(height)}`,
        width: full,
        height: Math.ceil(height),
        role: 'img',
        'aria-labelledby': 'ciab-mesh-title ciab-mesh-desc',
      },
      element('title', { id: 'ciab-mesh-title' }, `The mesh ${mesh.name}`),
      element('desc', { id: 'ciab-mesh-desc' }, described(mesh, links)),
      ...(style === undefined ? [] : [element('style', {}, style)]),
      element('rect', {
        class: 'paper',
        x: Math.floor(left),
        y: Math.floor(top),
        width: full,
        height: Math.ceil(height),
      }),
      element(
        'text',
        { class: 'heading', x: tenth(left + margin), y: tenth(top + margin + 16), 'font-size': sizes.title },
        mesh.name,
      ),
      element(
        'text',
        { class: 'note', x: tenth(left + margin), y: tenth(top + margin + 38), 'font-size': sizes.text },
        subtitle,
      ),
      ...drawing.elements,
      ...legend.elements,
    ),
  }
}
