import type { Hooks } from '../../model/spec.js'
import {
  bytesOf,
  type EndpointSpec,
  networkOfInterface,
  type Port,
  type Prefix,
  type PrivateKey,
  privateKeyOf,
  publicKeyOf,
} from '../../net/index.js'
import type { Findings } from '../finding.js'
import type { FoundNode } from '../found.js'
import { commandIn, shown } from '../values.js'
import { ipv6OfKey, macOfKey } from './derive.js'
import { readEndpoint } from './endpoint.js'
import { Fields } from './fields.js'
import type { Table } from './toml.js'

/** One `[Node.name]` of a master file. */
export const readNode = (
  name: string,
  table: Table,
  file: string,
  pool6: Prefix | null,
  findings: Findings,
): FoundNode => {
  const fields = new Fields(table, name, findings)
  const privateKey = readKey(fields, name, findings)
  const publicKey = privateKey && publicKeyOf(privateKey)
  const listenPort = fields.port('ListenPort', 'it listens where the mesh does')
  const underlay = fields.addresses('LinkLayerAddress')
  const allowedIps = fields.prefixes('AllowedIPs')
  const node: FoundNode = {
    name,
    file,
    given: true,
    interface: null,
    replaced: [],
    routed: underlay.map(networkOfInterface),
    privateKey,
    publicKey,
    keyElsewhere: false,
    endpoints: endpointsOf(fields, name, listenPort, findings),
    site: null,
    endpointsAtSite: [],
    listenPort: listenPort ?? null,
    fwmark: readFwmark(fields, name, findings),
    keepalive: fields.number('PersistentKeepalive', 0, 65535, 'the usual 25 behind NAT') || null,
    underlay,
    allowedIps,
    overlay: [...fields.addresses('Address'), ...(publicKey && pool6 ? [ipv6OfKey(publicKey, pool6)] : [])],
    mac: publicKey && macOfKey(publicKey),
    hooks: hooksOf(fields, name, listenPort, findings),
  }
  if (fields.flag('SaveConfig'))
    findings.leftOut(
      'save-config',
      name,
      'SaveConfig = true: wg-quick would write over the file on every "down"',
    )
  fields.unread([])
  return node
}

/** Decoded as leniently as vwgen did it: 32 bytes in base64, whatever stands around them. */
const readKey = (fields: Fields, name: string, findings: Findings): PrivateKey | null => {
  const text = fields.text('PrivateKey', 'key', 'the node has no key')?.trim() ?? ''
  if (/^[A-Za-z0-9+/]{43}=?$/.test(text)) return privateKeyOf(bytesOf(`${text.slice(0, 43)}=`))
  const path = /^[~./]|\.key$|^\w:\\/.test(text)
  const what = path
    ? `PrivateKey holds the path ${shown(text)} instead of a key ("vwgen set … private-key" stored what it was given), so no peer had its public key`
    : `PrivateKey holds ${text === '' ? 'nothing' : 'no key of 32 bytes'}, so no peer had its public key`
  findings.broken(
    'key',
    name,
    `${what}: put its key, or the output of "wg genkey", into keys/ before "ciab-gen gen"`,
  )
  return null
}

const endpointsOf = (
  fields: Fields,
  name: string,
  listenPort: Port | null,
  findings: Findings,
): EndpointSpec[] => {
  const text = fields.text('Endpoint', 'endpoint', 'it is taken for a node that nobody can dial')
  if (text === null) return []
  const { endpoint, fault } = readEndpoint(text)
  const port = endpoint?.port ?? listenPort
  const meaning = endpoint
    ? `${endpoint.family === 'ipv6' ? `[${endpoint.host}]` : endpoint.host}${port === null ? '' : `:${port}`}`
    : 'none'
  if (fault)
    findings.broken('endpoint', name, `Endpoint holds ${shown(text)}, ${fault}: taken for ${meaning}`)
  else if (endpoint?.port && listenPort && endpoint.port !== listenPort)
    findings.assumed(
      'endpoint',
      name,
      `Endpoint ${meaning} has another port than ListenPort ${listenPort}: kept, for a port that is forwarded; vwgen also left it so where "endpoint" stood before "listen-port"`,
    )
  return endpoint ? [endpoint] : []
}

/** vwgen printed it in hexadecimal without 0x: wg refused the file, or took the digits for decimals. */
const readFwmark = (fields: Fields, name: string, findings: Findings): number | null => {
  const mark = fields.number('FwMark', 0, 0xffffffff, 'no mark', 'fwmark')
  if (!mark) return null
  const printed = mark.toString(16)
  const taken = /^\d+$/.test(printed)
    ? `wg took for ${printed} in decimal`
    : 'wg refused, and with it the whole file'
  findings.wire(
    'fwmark',
    name,
    `FwMark ${mark}: vwgen wrote it as ${printed}, which ${taken}; it is 0x${printed} now`,
  )
  return mark
}

const hooksOf = (fields: Fields, name: string, listenPort: Port | null, findings: Findings): Hooks => {
  const commands = (key: string): string[] =>
    fields.list(key, 'hook').flatMap(text => {
      const command = commandIn(text)
      if (command !== text.trim() || command === '')
        findings.broken(
          'hook',
          name,
          `${key} = ${shown(text)}: wg-quick ran ${command === '' ? 'nothing' : shown(command)} of it, a line up to its #`,
        )
      return command === '' ? [] : [command]
    })
  const upnp = fields.flag('UPnP')
  return {
    preUp: [...commands('PreUp'), ...(upnp && listenPort ? [`upnpc -r ${listenPort} udp &`] : [])],
    postUp: commands('PostUp'),
    preDown: commands('PreDown'),
    postDown: commands('PostDown'),
  }
}
