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
import { statusPart } from './status-part.js'
import { type Part, withTabs } from './tabs.js'

/** Builds the page around a mesh.ini; `beside` is asked what is wrong with a text while it is typed. */
export const startPage = (ask: Ask, beside: Ask, text: string): void => {
  const heading = h('h1', {}, 'ciab-gen')
  const state = h('p', { role: 'status', 'aria-live': 'polite' }, 'reading mesh.ini …')
  const picture = picturePart()
  const nodes = nodesPart(ask)
  const change = changePart(ask)
  const status = statusPart(ask, picture)
  const parts: Part[] = [
    picture,
    nodes,
    reachPart(ask),
    pathPart(ask, picture),
    change,
    status,
    editorPart(beside, text, look),
  ]
  const tabs = withTabs(parts)
  picture.onNode(name => {
    tabs.open(nodes)
    nodes.choose(name)
  })
  // Anywhere on the page: a browser would leave it for a file that is dropped beside the place for it.
  const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false
  document.addEventListener('dragover', event => {
    if (hasFiles(event)) event.preventDefault()
  })
  document.addEventListener('drop', event => {
    if (!hasFiles(event)) return
    event.preventDefault()
    const files = [...(event.dataTransfer?.files ?? [])]
    const part = files.every(({ name }) => name.endsWith('.json')) ? status : change
    tabs.open(part)
    part.take(files)
  })
  document.getElementById('page')?.replaceChildren(h('header', {}, heading, state), tabs.element)

  async function look(mesh: string): Promise<Loaded> {
    const loaded = await ask('load', mesh)
    if (loaded.mesh) {
      heading.textContent = loaded.mesh.name
      document.title = `${loaded.mesh.name}, a mesh`
      for (const part of parts) part.show(loaded.mesh)
      tabs.refresh()
    }
    const errors = loaded.diagnostics.filter(({ severity }) => severity === 'error').length
    state.textContent = loaded.mesh
      ? `${loaded.mesh.nodes.length} nodes`
      : `mesh.ini has ${errors} errors: the editor says which`
    document.body.dataset.ready = 'yes'
    return loaded
  }
  look(text).catch(error => {
    state.textContent = String(error)
  })
}
