import { keyed } from '../../parse/headers.js'

/** What a word may be: names of mesh.ini, a file, some words, or nothing that can be offered. */
export type Offer =
  | 'nodes'
  | 'clients'
  | 'machines'
  | 'groups'
  | 'entered'
  | 'files'
  | 'formats'
  | 'targets'
  | 'nothing'
  | readonly string[]

export const importKinds = ['vwgen', 'wg', 'netplan', 'networkd', 'frr'] as const
export const shells = ['bash', 'zsh'] as const

/** Arguments of a command, `COMMAND ARGUMENT`. Those of `set` depend on each other. */
export const offersOfArguments: Readonly<Record<string, Offer>> = {
  'init name': 'nothing',
  'add-node names': 'nothing',
  'remove-node names': 'nodes',
  'rename-node old': 'nodes',
  'rename-node new': 'nothing',
  'add-client names': 'nothing',
  'remove-client names': 'clients',
  'rename-client old': 'clients',
  'rename-client new': 'nothing',
  'set section': keyed,
  'set words': 'nothing',
  'exclude action': ['add', 'remove'],
  'exclude node': 'nodes',
  'exclude others': 'nodes',
  'rotate-key nodes': 'machines',
  'gen nodes': 'machines',
  'diff nodes': 'nodes',
  'verify tree': 'files',
  'status files': 'files',
  'show nodes': 'machines',
  'showconf node': 'nodes',
  'qr client': 'clients',
  'plan node': 'nodes',
  'import kind': importKinds,
  'import files': 'files',
  'zone domain': 'nothing',
  'completion shell': shells,
}

/** Values of options, for every command that has them; `COMMAND OPTION` where one calls something else so. */
export const offersOfOptions: Readonly<Record<string, Offer>> = {
  C: 'files',
  f: 'files',
  o: 'files',
  from: 'files',
  'key-file': 'files',
  svg: 'files',
  wg: 'files',
  netplan: 'files',
  networkd: 'files',
  frr: 'files',
  via: 'nodes',
  without: 'nodes',
  group: 'groups',
  reach: 'entered',
  target: 'files',
  format: 'formats',
  'container-runtime': ['lxd', 'incus', 'none'],
  nodes: 'nothing',
  count: 'nothing',
  endpoint: 'nothing',
  underlay: 'nothing',
  overlay: 'nothing',
  containers: 'nothing',
  vni: 'nothing',
  asn: 'nothing',
  port: 'nothing',
  'path-mtu': 'nothing',
  id: 'nothing',
  'public-key': 'nothing',
  file: 'nothing',
  path: 'nothing',
  'draw format': ['svg', 'mermaid'],
  'showconf target': 'targets',
}

/** Options whose value is a list with commas between. */
export const listed: ReadonlySet<string> = new Set(['without', 'reach'])
