import type {
  clientFields,
  meshFields,
  nodeFields,
  segmentFields,
  targetFields,
  tenantFields,
} from './schema.js'

/** What a key means: cells of a Markdown table. docs/mesh-ini.md is made of them. */
export interface Meaning {
  /** What holds where the key is not written; empty where nothing does. */
  readonly default: string
  readonly meaning: string
}

type Meanings<Fields> = Readonly<Record<keyof Fields, Meaning>>

const hook: Meaning = {
  default: 'none',
  meaning: 'a command of your own for wg-quick; `%i` is the interface',
}
const tool: Meaning = { default: 'as in `[targets]`', meaning: 'another tool for this node, or `none`' }

/** `[mesh]` */
export const meshMeanings = {
  name: {
    default: '`ciabmesh`',
    meaning:
      'the WireGuard interface; the VXLAN device is `v` + name. At most 14 letters, digits, `_` and `-`',
  },
  underlay: {
    default: '`10.79.0.0/16`',
    meaning: 'IPv4 pool, and optionally an IPv6 one, for the tunnel: address = pool + id',
  },
  overlay: {
    default: '`10.78.0.0/16`',
    meaning: "the same for the overlay (VXLAN), where BGP's sessions run; unused with `mode = l3`",
  },
  containers: {
    default: '`10.77.0.0/16 /24`',
    meaning: "pools and the size of each node's part: the id-th. `none`: only what nodes write",
  },
  vni: { default: 'from the name', meaning: 'VXLAN network identifier; `init` draws one' },
  asn: { default: '`64512`', meaning: 'AS number of all nodes' },
  port: { default: '`51820`', meaning: 'UDP port that WireGuard listens on' },
  'vxlan-port': { default: '`4789`', meaning: 'UDP port of VXLAN, inside the tunnel' },
  'path-mtu': {
    default: '`1500`',
    meaning:
      'bytes that the narrowest path between two nodes carries (Google 1460, PPPoE 1492); [how narrow it may be](places.md#narrow-paths)',
  },
  families: {
    default: '`ipv4, ipv6`',
    meaning: 'families that nodes dial each other in; `ipv4` alone gains 20 bytes of MTU',
  },
  mode: {
    default: '`vxlan`',
    meaning:
      'how container networks travel: `vxlan`, one overlay between all nodes, or `l3`, by WireGuard alone',
  },
  reflectors: {
    default: '`none`',
    meaning:
      '`auto`: above 20 nodes the two with the lowest ids that can be dialled and peer with everybody reflect routes; `none`: only nodes that say `reflector = yes` do',
  },
  timers: { default: '`10 30`', meaning: "BGP's keepalive and hold time, in seconds" },
  bfd: { default: '`1000 3`', meaning: "milliseconds between BFD's packets, and how many may be missed" },
  'graceful-restart': {
    default: '`no`',
    meaning:
      "`yes`: routes stay while a neighbor's bgpd, and it alone, is away for up to 2 minutes (RFC 4724); [more](networks.md#graceful-restart)",
  },
  'maximum-prefix': {
    default: 'none',
    meaning:
      "most prefixes that a neighbor may bring in a family before its session ends, until `clear bgp`. FRR counts behind the filters, which let in nothing but the mesh's own networks: fewer than those is an error",
  },
  'session-password': {
    default: '`no`',
    meaning:
      'a password for all BGP sessions (RFC 2385), derived from `keys/preshared.seed`; `frr.conf` is then a secret',
  },
  'preshared-keys': {
    default: '`no`',
    meaning:
      'one more secret for each pair, all derived from `keys/preshared.seed`; those that imported pairs had stay in `keys/preshared.keys`',
  },
  'container-runtime': {
    default: 'that of `containers`',
    meaning: 'the same as `containers` in `[targets]`: whose the bridges of containers are',
  },
  domain: {
    default: '`<name>.internal`, in lower case, with `-` for `_`',
    meaning:
      "of the nodes' names, Unicode allowed; containers are `NAME.<node>.<domain>` once it is written or the node has names, else `NAME.<node>.internal`",
  },
  'name-servers': {
    default: 'the node with the lowest id',
    meaning: 'nodes, or full names outside the domain, the primary first',
  },
  'next-id': {
    default: '',
    meaning: "kept by `remove-node`, so that a removed node's addresses are not handed on",
  },
} satisfies Meanings<typeof meshFields>

/** `[node NAME]`, and `[group NAME]` where it may say the same. */
export const nodeMeanings = {
  id: { default: 'required', meaning: "the node's number; every address comes from it" },
  endpoint: {
    default: 'required',
    meaning:
      'one or two of `HOST`, `HOST:PORT`, `[IPv6]:PORT`, one for each family, in either order; `none` where nobody can dial it. Better an address than a name: a tunnel does not start while a name in it cannot be looked up. One that moves is followed: [more](places.md#names-that-move)',
  },
  'endpoint@SITE': {
    default: 'as `endpoint`',
    meaning:
      'the same for the nodes of that site, which dial this instead: its address in their LAN or VPC, a proxy of theirs such as `127.0.0.1:PORT`, or `none`: [more](places.md)',
  },
  'public-key': { default: 'from `keys/NAME.key`', meaning: 'what `wg pubkey` prints' },
  'key-on-node': {
    default: '`no`',
    meaning: '`yes`: the private key stays on the node, in `/etc/wireguard/<mesh>.key`',
  },
  'next-public-key': {
    default: 'none',
    meaning:
      'the key it is about to have; kept by `rotate-key --stage`, its private half in `keys/NAME.next.key`',
  },
  hostname: { default: 'the name', meaning: "the host's own, as FRR compares it" },
  'underlay-address': {
    default: 'pool + id',
    meaning: 'one for each family; one outside the pool is routed alone',
  },
  'overlay-address': {
    default: 'pool + id',
    meaning:
      '`ADDRESS` in the pool, or `ADDRESS/LENGTH` anywhere, several allowed; the others get a route to one outside the pool; unused with `mode = l3`',
  },
  'allowed-ips': {
    default: 'none',
    meaning: 'further prefixes behind this node: routed to it, and accepted from it',
  },
  lan: {
    default: 'none',
    meaning:
      '`INTERFACE PREFIX[, PREFIX6]`, such as `eth1 192.168.50.0/24`: a network behind this node that belongs to the mesh: every node, container and client reaches its hosts, and they them; [more](places.md#lans-behind-a-node)',
  },
  exit: {
    default: '`no`',
    meaning:
      '`yes`: [clients](clients.md#all-of-it-by-the-mesh) with `full-tunnel` that it carries go out to the internet by it, under its address',
  },
  mac: { default: 'from mesh and id', meaning: 'of the VXLAN device' },
  'listen-port': { default: '`port` of the mesh', meaning: 'UDP port that WireGuard listens on there' },
  families: {
    default: 'those of `endpoint`, IPv4 first',
    meaning:
      'families it can dial in, the one it would rather first; for a DNS name also those it answers in',
  },
  keepalive: {
    default: '25 where the peer cannot dial back',
    meaning: 'seconds, toward all its peers; `off`',
  },
  site: {
    default: 'none',
    meaning: 'where it stands: what `endpoint@SITE` of the others is for: [more](places.md)',
  },
  'path-mtu': { default: 'that of the mesh', meaning: "checked against the mesh's: the overlay has one MTU" },
  fwmark: { default: 'none', meaning: "mark of WireGuard's own packets, decimal or `0x…`" },
  os: {
    default: 'unknown',
    meaning:
      '`debian-11` to `debian-13`, `ubuntu-20.04` to `ubuntu-24.04`: what its FRR, systemd and netplan lack is an error, or written otherwise',
  },
  frr: {
    default: 'as `os` ships it, else any from 8 on',
    meaning: 'release on the node, such as `7.5`, which needs older syntax',
  },
  reflector: {
    default: '`no`',
    meaning: '`yes`: it reflects routes between the others; `no` with `reflectors = auto`: never',
  },
  'container-address': {
    default: 'none',
    meaning:
      "`NAME ADDRESS[, ADDRESS6]`: the container always gets these on the node's bridge they lie in; below the leases (`.2` to `.99` of a /24, the lower half of an IPv6 prefix). An IPv6 one makes that bridge lease IPv6 by DHCPv6 to all its containers. `apply.sh` sets it on containers that exist; make others with `lxc launch IMAGE NAME --device eth0,ipv4.address=ADDRESS`. After deleting the line: `lxc config device unset NAME eth0 ipv4.address`",
  },
  containers: {
    default: '`ciabbr0 auto`',
    meaning:
      '`BRIDGE auto`, `BRIDGE PREFIX[, PREFIX6]` for a bridge of ours, `BRIDGE ADDRESS/LENGTH` for one that exists, `none`',
  },
  forward: {
    default: 'none',
    meaning:
      'interfaces, such as `eth1, docker0`, whose hosts may enter the mesh by this node, and which the mesh reaches by it; others believe only addresses of the mesh and of `allowed-ips`, so rewrite the rest: [more](security.md#who-forwards-on-purpose)',
  },
  metadata: {
    default: '`no`',
    meaning: "`yes`: its containers may ask for their host's metadata at its cloud, credentials among it",
  },
  'pre-up': hook,
  'post-up': hook,
  'pre-down': hook,
  'post-down': hook,
  'container-runtime': tool,
  firewall: tool,
  tunnel: tool,
  overlay: tool,
  evpn: tool,
  routing: tool,
  names: tool,
  installer: tool,
} satisfies Meanings<typeof nodeFields>

/** `[client NAME]` */
export const clientMeanings = {
  id: { default: 'required', meaning: 'a number that no node has; its addresses come from it' },
  via: {
    default:
      'the node with the lowest id that it can dial and that tells the others of it; with `full-tunnel`, of the exits',
    meaning: 'the node that carries it',
  },
  'public-key': { default: 'from `keys/NAME.key`', meaning: 'what `wg pubkey` prints' },
  'key-on-client': {
    default: '`no`',
    meaning: '`yes`: the private key stays on the client, and its file lacks that one line',
  },
  'underlay-address': { default: 'pool + id', meaning: 'one for each family' },
  families: {
    default: 'those of the mesh',
    meaning: 'families it can dial in, the one it would rather first',
  },
  keepalive: {
    default: '25',
    meaning: 'seconds between its keepalives; `off`: it is reached after it has spoken',
  },
  dns: {
    default: 'none: as before',
    meaning: 'addresses that it looks names up with while the tunnel is up',
  },
  'full-tunnel': {
    default: '`no`: the mesh alone',
    meaning: '`yes`: all that it sends goes by the node that carries it, which says `exit = yes`',
  },
  reach: {
    default: "none: nodes, the containers in the nodes' own networks, and LANs",
    meaning:
      'segments and tenants whose containers it reaches too, and which reach it; the node that carries it is on the tenants',
  },
} satisfies Meanings<typeof clientFields>

/** `[segment NAME]` */
export const segmentMeanings = {
  subnet: {
    default: 'none: no gateway',
    meaning:
      "`PREFIX /PART[, PREFIX6]`: every member's bridge has its first address, and leases the id-th part; IPv6 addresses configure themselves",
  },
  nodes: {
    default: "all that have `routing` and `evpn`; in a tenant the tenant's",
    meaning: 'its members; `none`',
  },
  vni: { default: 'from the name', meaning: 'VXLAN network identifier' },
  tenant: { default: "none: the hosts' own routing table", meaning: 'whose routing table it is in' },
} satisfies Meanings<typeof segmentFields>

/** `[tenant NAME]` */
export const tenantMeanings = {
  containers: {
    default: 'required',
    meaning: "pools and the size of each node's part: the id-th. Two tenants may have the same",
  },
  nodes: { default: 'all that have `routing` and `evpn`', meaning: 'where it is; `none`' },
  share: { default: 'none', meaning: 'tenants whose networks it reaches, and which reach its own' },
  vni: {
    default: 'from the name',
    meaning: 'of its routed packets, and the number of the routing table, from 256 on',
  },
} satisfies Meanings<typeof tenantFields>

/** `[targets]`: what the tool is for; which there are, and which it is, others know. */
export const targetMeanings = {
  firewall: 'packet filter and kernel settings',
  tunnel: 'WireGuard',
  overlay: 'the VXLAN device; follows `tunnel`',
  evpn: 'devices of segments and tenants',
  containers: 'bridges of containers; `container-runtime` in `[mesh]` says the same',
  routing: 'BGP, and BFD beside it',
  names: "the nodes' names: [more](tools.md#names)",
  installer:
    'what brings all of it into effect on a node: `etc/ciab/apply.sh`; [without it](nodes.md#without-applysh)',
} satisfies Readonly<Record<keyof typeof targetFields, string>>
