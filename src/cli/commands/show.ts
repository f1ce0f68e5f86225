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
    const { loadForShow } = await import('../workspace/loading.js')
    const { requireMachines } = await import('../workspace/workspace.js')
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
  /** As in mesh.ini. */
  readonly name: string
  /** As in mesh.ini. */
  readonly id: number
  /** What the machine calls itself; `null` of a client. */
  readonly hostname: string | null
  /** The place that it stands in, or `null` for none. */
  readonly site: string | null
  /** Where it can be dialled; none behind NAT. */
  readonly endpoints: readonly string[]
  /** By site: where nodes of that site dial it instead. */
  readonly endpointsAt: Readonly<Record<string, readonly string[]>>
  /** Its UDP port; `null` of a client. */
  readonly listenPort: number | null
  /** Whether it reflects routes. */
  readonly reflector: boolean
  /** The first of its underlay addresses, by which the others know it. */
  readonly vtep: string
  /** Its addresses in the tunnel. */
  readonly underlay: readonly string[]
  /** Its addresses on the overlay. */
  readonly overlay: readonly string[]
  /** Its networks for containers. */
  readonly containers: readonly Pick<MeshContainerNetwork, 'bridge' | 'prefixes'>[]
  /** Its public key. */
  readonly publicKey: string
  /** Of a client: the node that carries it; absent of a node. */
  readonly via?: string
}

const byId = (a: Row, b: Row): number => a.id - b.id

const clientRow = ({ name, id, addresses, publicKey }: MeshClient, carrier: MeshNode): Row => ({
  name,
  id,
  hostname: null,
  site: null,
  endpoints: [],
  endpointsAt: {},
  listenPort: null,
  reflector: false,
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
  hostname: node.hostname,
  site: node.site,
  endpoints: node.endpoints.map(textOf),
  endpointsAt: Object.fromEntries([...node.endpointsAt].map(([site, some]) => [site, some.map(textOf)])),
  listenPort: node.listenPort,
  reflector: node.reflector,
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
