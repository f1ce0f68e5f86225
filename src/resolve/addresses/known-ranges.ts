import { bitsOf, covers, familyOf, lengthPart, overlaps, type Prefix } from '../../net/index.js'

export interface Range {
  readonly prefix: Prefix
  readonly what: string
}

const ranges = (table: Readonly<Record<string, string>>): readonly Range[] =>
  Object.entries(table).map(([prefix, what]) => ({ prefix: prefix as Prefix, what }))

/** Never to be allocated or routed: a host would lose the service that lives there. */
export const reservedRanges = ranges({
  '0.0.0.0/8': 'addresses of "this network" (RFC 1122)',
  '127.0.0.0/8': 'loopback addresses',
  '169.254.0.0/16': 'link-local addresses, among them the metadata service, DNS and NTP of most clouds',
  '100.100.100.200/32': "Alibaba's metadata service",
  '168.63.129.16/32': "Azure's host services",
  '192.0.0.192/32': "Oracle's metadata service",
  '224.0.0.0/4': 'multicast addresses',
  '240.0.0.0/4': 'reserved addresses',
  '::/8': 'reserved addresses, loopback among them',
  'fd00:ec2::/32': "AWS's metadata service",
  'fd20:ce::254/128': "Google's metadata service",
  'fe80::/10': 'link-local addresses',
  'ff00::/8': 'multicast addresses',
})

/** The services themselves, where even a pinned address must not be. */
export const metadataServices = ranges({
  '169.254.169.254/32': 'the metadata service of most clouds',
  '169.254.169.253/32': "AWS's DNS server",
  '169.254.169.123/32': "AWS's time server",
  '169.254.170.2/32': "AWS's container credentials",
  '169.254.170.23/32': "AWS's container credentials",
  '169.254.0.23/32': "Tencent's metadata service",
})

/** Often in use on a host already. */
export const takenRanges = ranges({
  '172.17.0.0/16': "Docker's default bridge",
  '172.18.0.0/15': 'the networks Docker makes',
  '172.20.0.0/14': 'the networks Docker makes',
  '172.24.0.0/13': 'the networks Docker makes',
  '172.31.0.0/16': "AWS's default VPC",
  '192.168.122.0/24': "libvirt's default network",
  '10.0.3.0/24': "LXC's default bridge",
  '10.0.0.0/16': 'the default networks of Azure and Hetzner',
  '10.42.0.0/15': 'the default networks of k3s',
  '10.96.0.0/12': "the service network of Kubernetes' kubeadm",
  '10.128.0.0/9': "Google's automatic subnets",
  '10.244.0.0/16': "flannel's default network",
  '100.64.0.0/10': "carriers' shared addresses and Tailscale",
})

/** For examples in documents (RFC 5737, RFC 3849, RFC 9637). */
export const documentationRanges = ranges({
  '192.0.2.0/24': 'documentation',
  '198.51.100.0/24': 'documentation',
  '203.0.113.0/24': 'documentation',
  '2001:db8::/32': 'documentation',
  '3fff::/20': 'documentation',
})

/** For private use (RFC 1918, RFC 6598, RFC 4193), and those above that get a word of their own. */
const privateRanges = ranges({
  '10.0.0.0/8': '',
  '172.16.0.0/12': '',
  '192.168.0.0/16': '',
  '100.64.0.0/10': '',
  'fc00::/7': '',
})

/** Whether all of it is for private use. */
export const isPrivate = (prefix: Prefix): boolean =>
  privateRanges.some(range => covers(range.prefix, prefix))

/** What no pool, segment or bridge may hold: it is never to be allocated. */
export const reservedIn = (prefix: Prefix): Range | undefined => rangeHit(reservedRanges, prefix)

const linkLocal = '169.254.0.0/16' as Prefix

/** Whether it lies beside the metadata services of clouds, where single addresses can be routed. */
export const isLinkLocal = (prefix: Prefix): boolean =>
  familyOf(prefix) === 'ipv4' && overlaps(linkLocal, prefix)

const neverRouted = reservedRanges.filter(({ prefix }) => prefix !== linkLocal)

/** What keeps a prefix from being routed into the tunnel alone: services, and all that is reserved but link-local. */
export const unroutableIn = (prefix: Prefix): Range | undefined =>
  rangeHit(metadataServices, prefix) ?? rangeHit(neverRouted, prefix)

/** How an address stands to a range that holds it: it `is` a service, or `lies among` others. */
export const standing = ({ prefix, what }: Range): string =>
  lengthPart(prefix) === bitsOf(familyOf(prefix)) ? `is ${what}` : `lies among ${what} (${prefix})`

/** The first range of the table that shares an address with the prefix. */
export const rangeHit = (table: readonly Range[], prefix: Prefix): Range | undefined =>
  table.find(range => familyOf(range.prefix) === familyOf(prefix) && overlaps(range.prefix, prefix))
