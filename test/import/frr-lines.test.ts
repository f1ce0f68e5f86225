import fc from 'fast-check'
import { expect, test } from 'vitest'
import { generate } from '../../src/generate.js'
import { importFrr } from '../../src/import/index.js'
import { load } from '../../src/load.js'
import { textOf } from '../../src/render/chunks.js'
import { forAll } from '../support/property.js'

const mesh = [
  '[mesh]',
  'name = ciabmesh',
  ...['node1', 'node2'].flatMap((name, index) => [
    `[node ${name}]`,
    `id = ${index + 1}`,
    `endpoint = 203.0.113.${index + 1}`,
    `public-key = ${'CE'[index]}${'A'.repeat(42)}=`,
  ]),
  '',
].join('\n')

/** What people have under `router bgp`, for sessions with node2 and others. */
const bgp = [
  'bgp bestpath as-path multipath-relax',
  'bgp cluster-id 10.78.0.1',
  'bgp graceful-restart',
  'bgp listen range 10.78.0.0/16 peer-group ALL',
  'coalesce-time 1000',
  'maximum-paths 4',
  'aggregate-address 10.64.0.0/10 summary-only',
  'redistribute connected',
  'redistribute kernel route-map MINE',
  'network 10.141.9.0/24',
  'network 10.141.8.0 mask 255.255.255.0',
  'timers bgp 3 9',
  'neighbor 10.78.0.2 remote-as 64512',
  'neighbor 10.78.0.2 description rome',
  'neighbor 10.78.0.2 timers connect 7',
  'neighbor 10.78.0.2 next-hop-self',
  'neighbor 10.78.0.2 route-map MINE in',
  'neighbor 10.78.0.2 maximum-prefix 500',
  'neighbor 10.78.0.2 bfd 3 200 200',
  'neighbor 192.0.2.9 remote-as 65001',
  'neighbor 192.0.2.9 ebgp-multihop 2',
]

/** What people have beside it. */
const beside = [
  'log file /var/log/frr/bgpd.log debugging',
  'log timestamp precision 6',
  'debug bgp updates',
  'agentx',
  'ip route 192.0.2.0/24 198.51.100.1',
  'ipv6 route 2001:db8::/32 blackhole',
  'ip prefix-list MINE seq 5 permit 10.0.0.0/8 le 24',
  'access-list 7 seq 5 permit 10.0.0.0/8',
  'no ipv6 forwarding',
  'route-map MINE permit 10\n match ip address prefix-list MINE\n set local-preference 200',
  'interface eth0\n ip ospf cost 10\n description uplink',
  'vrf shop\n vni 77',
  'bfd\n peer 192.0.2.9\n  detect-multiplier 9\n  receive-interval 123',
  'router ospf\n network 10.9.0.0/16 area 0',
  'router bgp 64512 vrf shop\n network 10.5.0.0/16',
]

/** Lines that only make the sessions which the mesh makes anew, or name something for people. */
const anew = [
  /^neighbor 10\.78\.0\.2 (remote-as|description|next-hop-self)\b/,
  /^(match|set|description) /,
  // A section that the report tells lines of.
  /^(interface|vrf|bfd|peer|router) ?/,
]

/** What of a line is to be found again: where it has another form in mesh.ini, its values. */
const saidBy = (line: string): string[] => {
  const [, network, timers, stranger, as] =
    /^network (\S+)|^timers bgp (.*)|^neighbor (\S+) remote-as (.*)/.exec(line) ?? []
  if (network !== undefined) return [network]
  if (timers !== undefined) return [timers]
  return stranger !== undefined && as !== undefined ? [stranger, as] : [line.slice(0, 58)]
}

test('nothing of a frr.conf is lost in silence: a line is in the files, or the report has it', () => {
  forAll(fc.tuple(fc.subarray(bgp), fc.subarray(beside)), ([own, others]) => {
    const text = ['hostname node1', ...others, 'router bgp 64512', ...own.map(line => ` ${line}`), ''].join(
      '\n',
    )
    const result = importFrr({ file: 'mesh.ini', text: mesh }, [{ file: 'node1/frr.conf', text }])
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
    const { text: ini, report } = result.value
    const loaded = load({ file: 'mesh.ini', text: ini }, 'hidden')
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics))
    const files = [...generate(loaded.value, { nodes: ['node1'] })].flatMap(tree =>
      tree.files.map(({ content }) => textOf(content)),
    )
    const all = [ini, report, ...files].join('\n')
    const lost = [...own, ...others.flatMap(part => part.split('\n'))]
      .map(line => line.trim())
      .filter(line => !anew.some(pattern => pattern.test(line)))
      .filter(line => !saidBy(line).every(part => all.includes(part)))
    expect(lost).toEqual([])
  })
})
