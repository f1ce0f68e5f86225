import type { MeshClient, MeshContainerNetwork, MeshEndpoint, MeshNode } from '../../model/mesh.js'
import { all, on } from '../arguments.js'
import { type Command, toggle } from '../command.js'

/** Lists the nodes with what was derived for them. */
export const show: Command = {
  usage: 'show [nodes..]',
  aliases: ['ls', 'list'],
  describe: 'list the nodes and clients and their addresses',
  about: 'The list has names, ids, endpoints, addresses, container networks and public keys.',
  positionals: { nodes: 'only these nodes or clients' },
  options: { json: toggle('as JSON') },
  async run(args, place) {
    const { table } = await import('../output/table.js')
    const { loadForShow, requireMachines } = await import('../workspace/workspace.js')
    const names = all(args, 'nodes')
    const { mesh } = loadForShow(place)
    const every: Row[] = [
      ...mesh.nodes.map(rowOf),
      ...mesh.nodes.flatMap(node => node.clients.map(client => clientRow(client, node))).sort(byId),
    ]
    requireMachines(
      'node or client',
      names,
      every.map(({ name }) => name),
    )
    const rows = every.filter(({ name }) => names.length === 0 || names.includes(name))
    const placed = mesh.nodes.some(({ site }) => site !== null)
    const text = on(args, 'json')
      ? `${JSON.stringify(rows, null, 2)}\n`
      : table(
          headsOf(placed),
          rows.map(row => cells(row, placed)),
        )
    place.io.stdout.write(text)
    return 0
  },
}

const addressOf = (text: string): string => text.slice(0, text.indexOf('/'))

const textOf = ({ endpoint }: MeshEndpoint): string => endpoint

/** What `--json` has of a node or client. */
interface Row {
  readonly name: string
  readonly id: number
  readonly site: string | null
  readonly endpoints: readonly string[]
  readonly endpointsAt: Readonly<Record<string, readonly string[]>>
  readonly vtep: string
  readonly underlay: readonly string[]
  readonly overlay: readonly string[]
  readonly containers: readonly Pick<MeshContainerNetwork, 'bridge' | 'prefixes'>[]
  readonly publicKey: string
  /** Of a client: the node that carries it. */
  readonly via?: string
}

const byId = (a: Row, b: Row): number => a.id - b.id

const clientRow = ({ name, id, addresses, publicKey }: MeshClient, carrier: MeshNode): Row => ({
  name,
  id,
  site: null,
  endpoints: [],
  endpointsAt: {},
  vtep: addressOf(addresses[0] ?? '/'),
  underlay: addresses.map(addressOf),
  overlay: [],
  containers: [],
  publicKey,
  via: carrier.name,
})

const rowOf = (node: MeshNode): Row => ({
  name: node.name,
  id: node.id,
  site: node.site,
  endpoints: node.endpoints.map(textOf),
  endpointsAt: Object.fromEntries([...node.endpointsAt].map(([site, some]) => [site, some.map(textOf)])),
  vtep: addressOf(node.underlay[0] ?? '/'),
  underlay: node.underlay.map(addressOf),
  overlay: node.overlay.map(addressOf),
  containers: node.networks.map(({ bridge, prefixes }) => ({ bridge, prefixes })),
  publicKey: node.publicKey,
})

/** Sites have a column where there is one. */
const headsOf = (placed: boolean): string[] => [
  ...['NAME', 'ID', ...(placed ? ['SITE'] : []), 'ENDPOINT', 'VTEP', 'OVERLAY', 'CONTAINERS', 'PUBLIC KEY'],
]

/** `none; at home 192.168.1.5:51820`: for whom, where it is not for everybody. */
const endpointCell = ({ endpoints, endpointsAt, via }: Row): string =>
  via !== undefined
    ? `client of ${via}`
    : [
        endpoints.join(', ') || 'none',
        ...Object.entries(endpointsAt).map(([site, some]) => `at ${site} ${some.join(', ') || 'none'}`),
      ].join('; ')

const cells = (row: Row, placed: boolean): string[] => [
  row.name,
  `${row.id}`,
  ...(placed ? [row.site ?? 'none'] : []),
  endpointCell(row),
  row.vtep,
  row.overlay.join(', '),
  row.containers.flatMap(({ prefixes }) => prefixes).join(', ') || 'none',
  row.publicKey,
]
