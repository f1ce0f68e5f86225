import type { MeshNode } from '../../model/mesh.js'
import { all, on } from '../arguments.js'
import { type Command, toggle } from '../command.js'

/** Lists the nodes with what was derived for them. */
export const show: Command = {
  usage: 'show [nodes..]',
  describe: 'list the nodes and their addresses',
  about: 'The list has names, ids, endpoints, addresses, container networks and public keys.',
  positionals: { nodes: 'only these nodes' },
  options: { json: toggle('as JSON') },
  async run(args, place) {
    const { table } = await import('../output/table.js')
    const { loadForShow, requireNodes } = await import('../workspace/workspace.js')
    const names = all(args, 'nodes')
    const { mesh } = loadForShow(place)
    requireNodes(
      names,
      mesh.nodes.map(({ name }) => name),
    )
    const rows = mesh.nodes.filter(({ name }) => names.length === 0 || names.includes(name)).map(rowOf)
    const text = on(args, 'json') ? `${JSON.stringify(rows, null, 2)}\n` : table(heads, rows.map(cells))
    place.io.stdout.write(text)
    return 0
  },
}

const addressOf = (text: string): string => text.slice(0, text.indexOf('/'))

const rowOf = (node: MeshNode) => ({
  name: node.name,
  id: node.id,
  endpoints: node.endpoints.map(({ endpoint }) => endpoint),
  vtep: addressOf(node.underlay[0] ?? '/'),
  underlay: node.underlay.map(addressOf),
  overlay: node.overlay.map(addressOf),
  containers: node.networks.map(({ bridge, prefixes }) => ({ bridge, prefixes })),
  publicKey: node.publicKey,
})

const heads = ['NAME', 'ID', 'ENDPOINT', 'VTEP', 'OVERLAY', 'CONTAINERS', 'PUBLIC KEY']

const cells = (row: ReturnType<typeof rowOf>): string[] => [
  row.name,
  `${row.id}`,
  row.endpoints.join(', ') || 'none',
  row.vtep,
  row.overlay.join(', '),
  row.containers.flatMap(({ prefixes }) => prefixes).join(', ') || 'none',
  row.publicKey,
]
