/// <reference lib="dom" />
import type { NodeRow } from '../../survey/index.js'
import type { Ask } from './ask.js'
import { h } from './dom.js'
import { highlighted } from './highlight.js'
import type { Part } from './tabs.js'

/** A table of nodes with a search, and below it all about the one that was chosen. */
export const nodesPart = (ask: Ask): Part & { choose(name: string): void } => {
  const search = h('input', { type: 'search', id: 'search', autocomplete: 'off', spellcheck: 'false' })
  const count = h('span', { role: 'status' })
  const body = h('tbody')
  const detail = h('section', { 'aria-live': 'polite', class: 'detail' })
  let rows: (readonly [text: string, row: HTMLTableRowElement])[] = []
  const filter = (): void => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    let shown = 0
    for (const [text, row] of rows) {
      row.hidden = !words.every(word => text.includes(word))
      if (!row.hidden) shown++
    }
    count.textContent = `${shown} of ${rows.length}`
  }
  search.addEventListener('input', filter)
  let wanted = ''
  const choose = async (name: string): Promise<void> => {
    wanted = name
    detail.replaceChildren(h('p', {}, `reading ${name} …`))
    const { facts, files } = await ask('node', name)
    if (wanted !== name) return
    detail.replaceChildren(
      h('h2', { tabindex: -1 }, facts.name, facts.roles.length > 0 && ` (${facts.roles.join(', ')})`),
      h(
        'dl',
        {},
        ...facts.fields.flatMap(([field, values]) => [
          h('dt', {}, field),
          ...values.map(value => h('dd', {}, value)),
        ]),
      ),
      table(
        'Peers',
        ['peer', 'dialled at', 'keepalive', 'allowed IPs'],
        facts.peers.map(peer => [
          peer.name,
          peer.endpoint ?? 'it dials',
          peer.keepalive === null ? '' : `${peer.keepalive} s`,
          peer.allowedIps.join(' '),
        ]),
      ),
      table(
        'Sessions',
        ['neighbor', 'address', 'networks that it may announce'],
        facts.sessions.map(({ name, address, networks }) => [name, address, networks.join(' ')]),
      ),
      h('h3', {}, 'Files'),
      ...files.map(({ path, text }) => {
        const one = h('details', {}, h('summary', {}, path))
        // Made when it is opened: a node has thousands of lines.
        one.addEventListener('toggle', () => {
          if (one.open && one.children.length === 1) one.append(highlighted(text))
        })
        return one
      }),
    )
    detail.querySelector('h2')?.focus()
  }
  const rowOf = (node: NodeRow): HTMLTableRowElement => {
    const button = h('button', { type: 'button', class: 'link' }, node.name)
    button.addEventListener('click', () => void choose(node.name))
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, button),
      ...[String(node.id), node.site, node.roles, node.endpoints, node.addresses, node.networks].map(text =>
        h('td', {}, text),
      ),
    )
  }
  return {
    title: 'Nodes',
    choose: name => void choose(name),
    element: h(
      'div',
      {},
      h('p', {}, h('label', { for: 'search' }, 'Search: '), search, ' ', count),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'nodes' },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ...['node', 'id', 'site', 'is', 'endpoint', 'addresses', 'networks'].map(text =>
                h('th', { scope: 'col' }, text),
              ),
            ),
          ),
          body,
        ),
      ),
      detail,
    ),
    show: mesh => {
      rows = mesh.nodes.map(node => [Object.values(node).join(' ').toLowerCase(), rowOf(node)] as const)
      body.replaceChildren(...rows.map(([, row]) => row))
      detail.replaceChildren()
      wanted = ''
      filter()
    },
  }
}

const table = (title: string, head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement =>
  h(
    'details',
    { open: rows.length > 0 && rows.length < 30 },
    h('summary', {}, `${title}: ${rows.length}`),
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...head.map(text => h('th', { scope: 'col' }, text)))),
      h(
        'tbody',
        {},
        ...rows.map(([first = '', ...rest]) =>
          h('tr', {}, h('th', { scope: 'row' }, first), ...rest.map(text => h('td', {}, text))),
        ),
      ),
    ),
  )
