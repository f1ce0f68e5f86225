import { accepted, type Brand, type Parsed, quoted, refused } from './brand.js'

/** A network interface's name: 1 to 15 bytes (`IFNAMSIZ` less the final zero). */
export type InterfaceName = Brand<string, 'InterfaceName'>
/** A MAC address in lower case, `02:ca:12:f3:1b:8c`. */
export type Mac = Brand<string, 'Mac'>

/** Reads a bridge's name. A dot is refused: sysctl(8) takes it for a path separator. */
export const parseInterfaceName = (text: string): Parsed<InterfaceName> =>
  /^[a-zA-Z0-9_][a-zA-Z0-9_-]{0,14}$/.test(text) && text !== 'lo' && text !== 'all' && text !== 'default'
    ? accepted(text as InterfaceName)
    : refused(
        'interface-name',
        `${quoted(text)} is not an interface name`,
        'use 1 to 15 letters, digits, - and _',
      )

/**
 * Reads the mesh's name, the WireGuard interface. At most 14 bytes, since the VXLAN device is `v` + name,
 * and of wg-quick(8)'s alphabet without the dot, which breaks sysctl paths, the equals sign, which ends a
 * key in them, and the plus, which systemd escapes in a unit's name.
 */
export const parseMeshName = (text: string): Parsed<InterfaceName> =>
  /^[a-zA-Z0-9_][a-zA-Z0-9_-]{0,13}$/.test(text) && !['lo', 'all', 'default'].includes(text)
    ? accepted(text as InterfaceName)
    : refused(
        'mesh-name',
        `${quoted(text)} is not a mesh name`,
        'use 1 to 14 letters, digits, _ and -, not beginning with -',
      )

/** Reads a node's name or host name: one RFC 1123 label. */
export const parseLabel = (text: string): Parsed<string> =>
  /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/.test(text)
    ? accepted(text)
    : refused(
        'node-name',
        `${quoted(text)} is not a node name`,
        'use 1 to 63 letters, digits and hyphens, with no hyphen at either end (RFC 1123)',
      )

/** Reads the name of a site. */
export const parseSiteName = (text: string): Parsed<string> => {
  const read = parseLabel(text)
  return read.ok ? read : refused('site-name', `${quoted(text)} is not the name of a site`, read.hint)
}

/** What hosts(5) of Debian, Red Hat and others has for the machine itself and for groups on its link. */
const namesOfAnyHost = new Set([
  ...['localhost', 'localhost4', 'localhost6', 'loopback', 'broadcasthost', 'ip6-localhost', 'ip6-loopback'],
  ...['ip6-localnet', 'ip6-mcastprefix', 'ip6-allnodes', 'ip6-allrouters', 'ip6-allhosts'],
])

/** Whether a name means another machine on each machine: those above, and what RFC 6761 keeps for the loopback. */
export const meansItself = (name: string): boolean =>
  namesOfAnyHost.has(name.toLowerCase()) ||
  /(^|\.)localhost(\.localdomain)?$|^localhost[46]\.localdomain[46]$/i.test(name)

/** Reads a node's name: a label that has no meaning yet. */
export const parseNodeName = (text: string): Parsed<string> => {
  if (text === 'none')
    return refused('node-name', 'a node called "none" could not be told from nobody', 'call it otherwise')
  return meansItself(text)
    ? refused(
        'node-name',
        `${quoted(text)} is a name for itself in the /etc/hosts of every machine`,
        'call the node otherwise',
      )
    : parseLabel(text)
}

/** Names that are in those of interfaces, and in lower case, so that no two of them differ in case only. */
const networkName =
  (kind: string, most: number) =>
  (text: string): Parsed<string> => {
    if (text === 'none')
      return refused(
        'network-name',
        `"none" is not the name of a ${kind}`,
        'call it otherwise, or delete the line to have none',
      )
    return text.length <= most && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text)
      ? accepted(text)
      : refused(
          'network-name',
          `${quoted(text)} is not the name of a ${kind}`,
          `use 1 to ${most} lower-case letters, digits and hyphens, with no hyphen at either end`,
        )
  }

/** Reads the name of a tenant: of the 15 bytes of an interface's name 4 are for `vrf-`. */
export const parseTenantName = networkName('tenant', 11)

/**
 * Reads the name of a segment: of the 15 bytes of an interface's name 3 are for `br-`, and 4 for what managers of
 * bridges put behind the name for a device of their own.
 */
export const parseSegmentName = networkName('segment', 8)

/** Reads what may be either's name: segments are called as tenants are, and shorter. */
export const parseNetworkName = networkName('segment or tenant', 11)

/** Reads a host name: RFC 1123 labels with dots between them. */
export const parseHostName = (text: string): Parsed<string> =>
  text.length <= 253 && text.split('.').every(label => parseLabel(label).ok)
    ? accepted(text)
    : refused(
        'host-name',
        `${quoted(text)} is not a host name`,
        'use letters, digits and hyphens, with dots between labels (RFC 1123)',
      )

/** Names in the node's own domain that are not for containers. */
const namesOfNode = ['containers', 'underlay']

/** Reads a container's name as LXD and Incus have it: an RFC 1123 label that does not begin with a digit. */
export const parseContainerName = (text: string): Parsed<string> => {
  if (namesOfNode.includes(text.toLowerCase()))
    return refused(
      'container-name',
      `"${text}" names addresses of the node itself`,
      'call the container otherwise',
    )
  return parseLabel(text).ok && !/^[0-9]/.test(text)
    ? accepted(text)
    : refused(
        'container-name',
        `${quoted(text)} is not the name of a container`,
        'use 1 to 63 letters, digits and hyphens, beginning with a letter and not ending with a hyphen',
      )
}

/** Reads a unicast MAC address in colon notation. */
export const parseMac = (text: string): Parsed<Mac> => {
  if (!/^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/.test(text))
    return refused(
      'mac-syntax',
      `${quoted(text)} is not a MAC address`,
      'write six hexadecimal pairs, such as 02:ca:12:00:00:01',
    )
  const mac = text.toLowerCase()
  const first = Number.parseInt(mac.slice(0, 2), 16)
  if (first % 2 === 1 || mac === '00:00:00:00:00:00')
    return refused(
      'mac-unicast',
      `${text} is not a unicast address of one device`,
      'make the first pair even, such as 02',
    )
  return accepted(mac as Mac)
}

/** A MAC address from 48 bits. */
export const macOf = (bits: bigint): Mac =>
  (bits.toString(16).padStart(12, '0').match(/../g) as string[]).join(':') as Mac
