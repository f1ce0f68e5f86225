import type { Change } from '../../files/index.js'
import type { MeshAspect, MeshChange, NodeAspect, NodeChange } from '../../impact/index.js'
import { listed } from '../../impact/words.js'
import type { Mesh, MeshNode } from '../../model/mesh.js'
import { about, type NodeNotes } from '../../render/notes.js'

export { listed }

/** A node whose files have changed. */
export interface Touched {
  readonly name: string
  /** Under its folder. */
  readonly changes: readonly Change[]
  /** `null` for a node that is no longer in the mesh. */
  readonly notes: NodeNotes | null
  /** `null` where nobody knows. */
  readonly node: NodeChange | null
  /** Whether it has notes for the first time. */
  readonly fresh: boolean
}

/** Whether there is no `apply.sh` for it, and its notes have the commands. */
export const isByHand = ({ notes }: Touched): boolean => notes?.installer === 'none'

/** Most nodes whose changes are told one by one. */
export const mostTold = 8

/** What mesh.ini says otherwise than before: a line for the mesh, and one for each node. */
export const changeLines = ({ before, after, aspects, nodes }: MeshChange): string[] => {
  const told = nodes.filter(({ before, after, aspects }) => before && after && aspects.size > 0)
  const mesh = [...aspects].map(aspect => meshValueWords(aspect, before, after) ?? meshWords[aspect])
  return [
    ...(mesh.length > 0 ? [`the mesh: ${mesh.join(', ')}`] : []),
    ...told.slice(0, mostTold).map(nodeLine),
    ...(told.length > mostTold ? [`and ${told.length - mostTold} more nodes likewise or otherwise`] : []),
  ]
}

const meshValueWords = (aspect: MeshAspect, old: Mesh, now: Mesh): string | null => {
  const plain = (['name', 'mode', 'vni', 'asn', 'vxlanPort'] as const).find(one => one === aspect)
  if (plain) return `${meshWords[plain]} ${now[plain]} instead of ${old[plain]}`
  if (aspect !== 'bgp') return null
  const [is, was] = [settingsOf(now), settingsOf(old)]
  return is
    .flatMap(([what, value, from], at) => {
      const before = was[at]?.[1]
      return value === before ? [] : [`${what} ${value} instead of ${before}${from}`]
    })
    .join(', ')
}

/** Of BGP: what it is, its value, and from when a session has it where that is not at once. */
const settingsOf = ({ bgp }: Mesh): (readonly [string, string, string])[] => [
  [
    'timers of BGP',
    `${bgp.timers.keepalive} ${bgp.timers.hold}`,
    ', which a session has from its next start on',
  ],
  ['BFD', `${bgp.bfd.interval} ${bgp.bfd.multiplier}`, ''],
  ['graceful restart', bgp.gracefulRestart ? 'yes' : 'no', ''],
  ['most prefixes of a neighbor', `${bgp.maximumPrefix ?? 'any number'}`, ''],
]

const nodeLine = ({ before, after, aspects }: NodeChange): string => {
  const [old, now] = [before as MeshNode, after as MeshNode]
  const what = [...aspects].map(aspect => valueWords(aspect, old, now) ?? nodeWords[aspect])
  return `${now.name}: ${[...new Set(what)].join(', ')}`
}

const valueWords = (aspect: NodeAspect, old: MeshNode, now: MeshNode): string | null => {
  if (aspect === 'name') return `${old.name} by another name`
  if (aspect === 'listenPort') return `port ${now.listenPort} instead of ${old.listenPort}`
  if (aspect === 'hostname') return `host name ${now.hostname} instead of ${old.hostname}`
  if (aspect === 'id') return `id ${now.id} instead of ${old.id}`
  if (aspect === 'nextPublicKey')
    return now.nextPublicKey ? 'about to have another key' : 'no next key any more'
  const instead = (what: string, textsOf: (node: MeshNode) => readonly string[]): string =>
    `${what} ${textsOf(now).join(', ') || 'none'} instead of ${textsOf(old).join(', ') || 'none'}`
  if (aspect === 'publicKey' && now.privateKey === null) return 'another key, to be put on it by hand'
  if (aspect === 'metadata')
    return `the cloud's metadata is ${now.metadata ? 'open' : 'shut'} to its containers`
  if (aspect === 'exit')
    return now.exit
      ? 'clients go out to the internet by it'
      : 'clients no longer go out to the internet by it'
  if (aspect === 'keepalive')
    return instead('keepalive', ({ keepalive }) => (keepalive === null ? [] : [`${keepalive} s`]))
  if (aspect === 'allowedIps') return instead('allowed IPs', ({ allowedIps }) => allowedIps)
  if (aspect === 'networks' && textsOfNetworks(old).join() !== textsOfNetworks(now).join())
    return instead('container networks', textsOfNetworks)
  if (aspect === 'forward') return instead('forwards by', ({ forward }) => forward)
  if (aspect === 'clients' && namesOf(now) !== namesOf(old))
    return instead('carries', ({ clients }) => clients.map(({ name }) => name))
  if (aspect === 'lans')
    return instead('LAN', ({ lans }) =>
      lans.map(({ interface: name, prefixes }) => `${name} ${prefixes.join(' and ')}`),
    )
  if (aspect === 'endpoints')
    return instead('endpoint', ({ endpoints }) => endpoints.map(({ endpoint }) => endpoint))
  if (aspect === 'endpointsAt') return instead('endpoints for sites', localTexts)
  if (aspect === 'site') return instead('site', ({ site }) => (site === null ? [] : [site]))
  return null
}

/** `home 192.168.1.5:51820` */
export const localTexts = ({ endpointsAt }: MeshNode): string[] =>
  [...endpointsAt].map(
    ([site, some]) => `${site} ${some.map(({ endpoint }) => endpoint).join(' or ') || 'none'}`,
  )

const textsOfNetworks = ({ networks }: MeshNode): string[] =>
  networks.map(({ bridge, prefixes }) => `${bridge} ${prefixes.join(' and ')}`)

const namesOf = ({ clients }: MeshNode): string => clients.map(({ name }) => name).join(' ')

const nodeWords: Readonly<Record<NodeAspect, string>> = {
  name: 'name',
  id: 'id',
  reflector: 'its part in route reflection',
  hostname: 'host name',
  release: 'operating system',
  frr: 'release of FRR',
  listenPort: 'port',
  fwmark: 'firewall mark',
  keepalive: 'keepalive',
  publicKey: 'another key',
  nextPublicKey: 'next key',
  privateKey: 'who keeps its private key',
  endpoints: 'endpoint',
  site: 'site',
  endpointsAt: 'endpoints for sites',
  families: 'families that it dials',
  familiesAtSite: 'families that it dials',
  underlay: 'underlay addresses',
  overlay: 'overlay addresses',
  mac: 'MAC address',
  allowedIps: 'allowed IPs',
  networks: 'container networks',
  lans: 'LANs',
  exit: 'whether clients go out to the internet by it',
  clients: 'clients',
  bridgeHabits: 'daemon of its bridges',
  forward: 'interfaces that it forwards by',
  metadata: "containers' way to the cloud's metadata",
  hooks: 'hooks, which wait for the next start of the tunnel',
  targets: 'tools',
}

const meshWords: Readonly<Record<MeshAspect, string>> = {
  name: 'name',
  mode: 'mode',
  vni: 'VNI',
  asn: 'AS number',
  vxlanPort: 'VXLAN port',
  mtu: 'MTU',
  bgp: 'timers and limits of BGP',
  underlay: 'underlay pools',
  overlay: 'overlay pools',
  containerPools: 'container pools',
  presharedSeed: 'preshared keys',
  sessionPassword: 'password of BGP sessions',
  domain: 'domain',
  segments: 'segments',
  tenants: 'tenants',
}

/** What each changed file of a node takes, and may interrupt. */
export const generalLines = (changes: readonly Change[], notes: NodeNotes): string[] => {
  const updates = new Set(
    changes.filter(({ kind }) => kind !== 'removed').map(({ path }) => about(path, notes.updates)),
  )
  const told = [...updates].flatMap(update => (update ? [update] : []))
  const quiet = told.filter(({ interrupts }) => interrupts === 'nothing')
  return [
    ...(told.length > 0 ? ['changed'] : []),
    ...(quiet.length > 0 ? [`interrupts nothing: ${listed(quiet.map(({ path }) => path))}`] : []),
    ...told
      .filter(({ interrupts }) => interrupts !== 'nothing')
      .map(({ path, command, interrupts }) =>
        notes.installer === 'none'
          ? `${path}: interrupts ${interrupts}`
          : `${path}: ${command}; interrupts ${interrupts}`,
      ),
  ]
}

/** What has to be there before the files. */
export const needs = ({ node, notes }: Touched): string[] => {
  const opening = notes?.opening ?? null
  const opened =
    node?.after && opening !== null && (node.aspects.has('listenPort') || !wasDialed(node.before))
  const keeps = node?.after?.privateKey === null && node.aspects.has('publicKey')
  const lines = [
    ...(opened ? [`open ${opening}`] : []),
    ...(keeps ? ['its owner puts the new private key where its notes say'] : []),
  ]
  return lines.length > 0 ? ['before its files are copied', ...lines] : []
}

const wasDialed = (node: MeshNode | null): boolean =>
  node !== null && [node.endpoints, ...node.endpointsAt.values()].some(some => some.length > 0)

/** What need not be there any more once all have their files: of one that nobody dialled no port was to be opened. */
export const afterwards = ({ node }: Touched): string[] => {
  const port =
    node?.before && wasDialed(node.before) && node.aspects.has('listenPort') ? node.before.listenPort : null
  return port === null
    ? []
    : ['once all have their files', `UDP port ${port} may be closed in the cloud's own firewall`]
}

/** Nodes that are no longer in the mesh. */
export const leavingLines = (gone: readonly string[]): string[] =>
  gone.length === 0
    ? []
    : [
        `${listed(gone)}: no longer in the mesh`,
        '  what runs there stays, and starts again at each boot, until it is removed there; its private key, too',
      ]
