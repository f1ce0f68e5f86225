/// <reference lib="dom" />
import type { Ask } from './ask.js'
import { changePart } from './change-part.js'
import { h } from './dom.js'
import { editorPart } from './editor-part.js'
import { nodesPart } from './nodes-part.js'
import { pathPart } from './path-part.js'
import { picturePart } from './picture-part.js'
import type { Loaded } from './protocol.js'
import { reachPart } from './reach-part.js'
import { type Part, withTabs } from './tabs.js'

/** Builds the page around a mesh.ini. */
export const startPage = (ask: Ask, text: string): void => {
  const heading = h('h1', {}, 'ciab-gen')
  const status = h('p', { role: 'status', 'aria-live': 'polite' }, 'reading mesh.ini …')
  const picture = picturePart()
  const nodes = nodesPart(ask)
  const parts: Part[] = [
    picture,
    nodes,
    reachPart(ask),
    pathPart(ask, picture),
    changePart(ask),
    editorPart(ask, text, look),
  ]
  const tabs = withTabs(parts)
  picture.onNode(name => {
    tabs.open(nodes)
    nodes.choose(name)
  })
  document.getElementById('page')?.replaceChildren(h('header', {}, heading, status), tabs.element)

  async function look(mesh: string): Promise<Loaded> {
    const loaded = await ask('load', mesh)
    if (loaded.mesh) {
      heading.textContent = loaded.mesh.name
      document.title = `${loaded.mesh.name}, a mesh`
      for (const part of parts) part.show(loaded.mesh)
      tabs.refresh()
    }
    const errors = loaded.diagnostics.filter(({ severity }) => severity === 'error').length
    status.textContent = loaded.mesh
      ? `${loaded.mesh.nodes.length} nodes`
      : `mesh.ini has ${errors} errors: the editor says which`
    document.body.dataset.ready = 'yes'
    return loaded
  }
  look(text).catch(error => {
    status.textContent = String(error)
  })
}
