import { describe, expect, test } from 'vitest'
import { nftReader } from '../../src/readers/index.js'
import { newSteps } from '../../src/verify/filter/chains.js'
import { type Filter, filterOf } from '../../src/verify/filter/filter.js'
import { numberOf } from '../../src/verify/filter/ranges.js'
import { fc, forAll } from '../support/property.js'
import { foldersOf } from './folders.js'

const rules = `table inet own {
  chain first { type filter hook prerouting priority 0; policy accept;
    iifname "eth0" ct state new udp dport 53 accept
    ip saddr 10.1.0.0/16 meta l4proto tcp tcp dport 179 drop
    fib daddr . iif type != local ip6 daddr fd00::/8 drop
    udp dport 4789 @th,96,24 77 jump vteps
    meta nfproto ipv6 ct state established accept
    iifname != "eth1" ip daddr 10.2.0.1 drop
  }
  chain last { type filter hook output priority 0; policy accept;
    oifname "eth1" ip daddr 10.2.0.0/16 drop
    ct state established accept
    meta l4proto icmp drop
  }
  chain vteps { ip saddr 10.1.0.1 return; drop; }
  chain leave { type nat hook postrouting priority 95; policy accept;
    oifname "eth0" meta l4proto udp masquerade
    ip saddr 10.1.0.0/16 oifname "eth1" masquerade
  }
}
`
const emitted = foldersOf('tenants')
  .flatMap(({ files }) => files)
  .filter(({ file }) => file === 'node1/etc/ciab/ciabmesh.nft')
const files = { own: [{ file: 'own.nft', text: rules }], 'of a node with tenants': emitted }

const devices = ['eth0', 'eth1', 'ciabmesh', 'vciabmesh', 'ciabbr0', 'vrf-blue', 'ct-blue']
const addresses = ['10.1.0.1', '10.2.0.1', '10.77.1.50', '10.79.0.2', '10.91.2.51', 'fd00::1', '2001:db8::1']

const packet = fc
  .record({
    iif: fc.constantFrom('', ...devices),
    oif: fc.constantFrom('', ...devices),
    from: fc.constantFrom(...addresses),
    to: fc.constantFrom(...addresses),
    protocol: fc.constantFrom('icmp' as const, 'udp' as const, 'tcp' as const),
    port: fc.constantFrom(53, 179, 4789),
    mac: fc.constantFrom(null, '02:5f:50:00:00:02'),
    vni: fc.constantFrom(null, '77', '4001', '6211703'),
    state: fc.constantFrom('new' as const, 'established' as const),
    home: fc.boolean(),
  })
  .map(({ vni, ...rest }) => ({ ...rest, vxlan: vni === null ? null : { vni, mac: '02:5f:50:00:00:02' } }))

/** What is said of a packet, by the rule's line. */
const saidBy = (filter: Filter, one: Parameters<Filter['at']>[1]) => ({
  at: (['prerouting', 'input', 'forward', 'output'] as const).map(hook => {
    const { verdict, rule } = filter.at(hook, one)
    return `${hook} ${verdict} ${rule?.span.line}`
  }),
  source: filter.source(one).becomes,
})

describe('a filter remembers what it asked packets of a kind, and says of each what one says that never saw another', () => {
  test.each(Object.entries(files))('%s', (_, texts) => {
    const filter = (): Filter => filterOf(texts, newSteps(numberOf), nftReader()) as Filter
    const much = filter()
    forAll(packet, one => expect(saidBy(much, one)).toEqual(saidBy(filter(), one)), 600)
  })
})
