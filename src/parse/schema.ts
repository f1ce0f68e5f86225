import type {
  ClientKeys,
  GroupKeys,
  MeshKeys,
  Mode,
  NodeKeys,
  ReflectorChoice,
  SegmentKeys,
  TargetKeys,
  TenantKeys,
} from '../model/spec.js'
import {
  accepted,
  type Parsed,
  parseAddress,
  parseAsn,
  parseDomain,
  parseEndpoint,
  parseHostName,
  parseLabel,
  parseLocalEndpoint,
  parseMac,
  parseMeshName,
  parseMtu,
  parseNetworkName,
  parseOs,
  parsePort,
  parsePublicKey,
  parseSiteName,
  parseTenantName,
  parseVni,
  quoted,
  refused,
} from '../net/index.js'
import { containerNetworks, containerPools } from './containers.js'
import { expectFields } from './expect.js'
import {
  addresses,
  choice,
  endpoints,
  type Field,
  type FieldsOf,
  families,
  frrRelease,
  fwmark,
  hook,
  integer,
  interfaces,
  joined,
  list,
  many,
  nameServers,
  names,
  one,
  overlayAddresses,
  pools,
  prefixes,
  yesOrNo,
} from './fields.js'
import { lans } from './lans.js'
import { pinnedContainers } from './pinned-containers.js'
import {
  bfdText,
  bgpText,
  containerPoolsText,
  endpointTexts,
  hookTexts,
  lanTexts,
  listText,
  listTexts,
  networkTexts,
  overlayText,
  pinnedTexts,
  poolsText,
  yesOrNoText,
} from './printers.js'
import { bfdTimers, bgpTimers } from './timers.js'

/** A target's name; whether there is such a target is for resolve to say. */
const targetName = (value: string): Parsed<string> =>
  /^[a-z][a-z0-9-]*$/.test(value)
    ? accepted(value)
    : refused(
        'value-choice',
        `${quoted(value)} is not the name of a target`,
        'write a name in lower case, or none',
      )

/** Keepalive in seconds, as wg(8) has it; `off` is 0. */
const keepalive = (value: string): Parsed<number> =>
  value === 'off' ? accepted(0) : integer('a keepalive in seconds', 0, 65535)(value)

/** The highest id that every pool of a sane mesh can hold: 24 bits of it go into a MAC address. */
const id = integer('an id', 1, 16777214)

export const meshFields = {
  name: one(parseMeshName),
  underlay: joined(pools, poolsText, 'whole'),
  overlay: joined(pools, poolsText, 'whole'),
  containers: joined(containerPools, containerPoolsText, 'whole'),
  vni: one(parseVni),
  asn: one(parseAsn),
  port: one(parsePort),
  'vxlan-port': one(parsePort),
  'path-mtu': one(parseMtu),
  families: joined(families, listText, 'members'),
  'preshared-keys': one(yesOrNo, yesOrNoText),
  mode: one(choice<Mode>({ vxlan: 'vxlan', l3: 'l3' })),
  reflectors: one(choice<ReflectorChoice>({ auto: 'auto', none: 'none' })),
  timers: one(bgpTimers, bgpText),
  bfd: one(bfdTimers, bfdText),
  'graceful-restart': one(yesOrNo, yesOrNoText),
  'session-password': one(yesOrNo, yesOrNoText),
  'maximum-prefix': one(integer('a number of prefixes', 1, 4294967295)),
  'container-runtime': one(choice({ lxd: 'lxd', incus: 'incus', none: 'none' })),
  'next-id': one(id),
  domain: one(parseDomain),
  'name-servers': joined(nameServers, listText, 'members'),
} satisfies FieldsOf<MeshKeys>

/** What a node may say itself or have from its groups. */
const sharedFields = {
  'listen-port': one(parsePort),
  families: joined(families, listText, 'members'),
  keepalive: one(keepalive),
  site: one(parseSiteName),
  'path-mtu': one(parseMtu),
  fwmark: one(fwmark),
  os: one(parseOs),
  frr: one(frrRelease),
  reflector: one(yesOrNo, yesOrNoText),
  containers: many(containerNetworks, networkTexts),
  'container-runtime': meshFields['container-runtime'],
  forward: joined(interfaces, listText, 'members'),
  metadata: one(yesOrNo, yesOrNoText),
  'pre-up': many(hook, hookTexts),
  'post-up': many(hook, hookTexts),
  'pre-down': many(hook, hookTexts),
  'post-down': many(hook, hookTexts),
  firewall: one(targetName),
  tunnel: one(targetName),
  overlay: one(targetName),
  evpn: one(targetName),
  routing: one(targetName),
  names: one(targetName),
  installer: one(targetName),
} satisfies FieldsOf<GroupKeys>

export const groupFields = {
  members: many(list(parseLabel), listTexts),
  ...sharedFields,
} satisfies FieldsOf<GroupKeys & { readonly members: readonly string[] }>

export const nodeFields = {
  id: one(id),
  endpoint: many(endpoints(parseEndpoint), endpointTexts),
  'endpoint@SITE': many(endpoints(parseLocalEndpoint), endpointTexts),
  hostname: one(parseHostName),
  'public-key': one(parsePublicKey),
  'next-public-key': one(parsePublicKey),
  'key-on-node': one(yesOrNo, yesOrNoText),
  'underlay-address': joined(addresses, listText, 'members'),
  'overlay-address': joined(overlayAddresses, overlayText, 'members'),
  'container-address': many(pinnedContainers, pinnedTexts),
  'allowed-ips': joined(prefixes, listText, 'members'),
  lan: many(lans, lanTexts),
  exit: one(yesOrNo, yesOrNoText),
  mac: one(parseMac),
  ...sharedFields,
} satisfies FieldsOf<NodeKeys>

export const clientFields = {
  id: one(id),
  via: one(parseLabel),
  'public-key': one(parsePublicKey),
  'key-on-client': one(yesOrNo, yesOrNoText),
  'underlay-address': joined(addresses, listText, 'members'),
  families: joined(families, listText, 'members'),
  keepalive: one(keepalive),
  dns: joined(list(parseAddress), listText, 'members'),
  'full-tunnel': one(yesOrNo, yesOrNoText),
  reach: joined(list(parseNetworkName), listText, 'members'),
} satisfies FieldsOf<ClientKeys>

/** The nodes of a segment or tenant; `none` where the last has left. */
interface Members {
  readonly nodes: readonly string[]
}

const members = many(names(parseLabel, 'nodes'), listTexts)

export const segmentFields = {
  nodes: members,
  vni: one(parseVni),
  subnet: joined(containerPools, containerPoolsText, 'whole'),
  tenant: one(parseTenantName),
} satisfies FieldsOf<SegmentKeys & Members>

export const tenantFields = {
  nodes: members,
  share: many(names(parseTenantName, 'tenants'), listTexts),
  vni: one(parseVni),
  containers: joined(containerPools, containerPoolsText, 'whole'),
} satisfies FieldsOf<TenantKeys & Members & { readonly share: readonly string[] }>

export const targetFields = {
  firewall: one(targetName),
  tunnel: one(targetName),
  overlay: one(targetName),
  evpn: one(targetName),
  containers: one(targetName),
  routing: one(targetName),
  names: one(targetName),
  installer: one(targetName),
} satisfies FieldsOf<TargetKeys>

/** By the first word of a section's header. */
export const fieldsOf = {
  mesh: meshFields,
  node: nodeFields,
  client: clientFields,
  group: groupFields,
  segment: segmentFields,
  tenant: tenantFields,
  targets: targetFields,
  expect: expectFields,
}

type Reading = Pick<Field<unknown>, 'many' | 'joined' | 'type'>

/** How a key is read, its site aside; `undefined` where the kind of section has no such key. */
export const fieldNamed = (kind: string, key: string): Reading | undefined => {
  if (!Object.hasOwn(fieldsOf, kind)) return undefined
  const fields: Readonly<Record<string, Reading>> = fieldsOf[kind as keyof typeof fieldsOf]
  const name = key.replace(/@.*/, '@SITE')
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}
