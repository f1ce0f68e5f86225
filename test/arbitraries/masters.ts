import fc from 'fast-check'
import { privateTextFor } from '../oracles/keys.js'

/** One value of a master file, as TOML, and whether vwgen could make something of it. */
export interface Written {
  readonly toml: string
  /** What has to stand in mesh.ini for it; `null` where nothing can. */
  readonly kept: string | null
}

/** A master file as somebody, or a faulty vwgen, may have left it. */
export interface MasterBlueprint {
  readonly nodes: readonly NodeValues[]
  readonly pool6: Written
  readonly vni: Written
  readonly mtu: number | null
  readonly blacklist: readonly (readonly [string, string])[]
  readonly stray: string | null
}

export interface NodeValues {
  readonly name: string
  readonly values: Readonly<Record<string, Written>>
}

const kept = (toml: string, text: string): Written => ({ toml, kept: text })
const broken = (toml: string): Written => ({ toml, kept: null })
const quoted = (text: string): string => JSON.stringify(text)

const names = fc.constantFrom(
  ...['node1', 'node2', 'host-03', 'a', 'A', 'a.b', 'db_1', '', 'köln', 'x y', '-', '__proto__', 'toString'],
  ...[`${'long'.repeat(20)}`, '../etc', '%i', '$(reboot)', 'constructor', '東京', 'new\nline'],
)

const endpoint = (number: number) =>
  fc.constantFrom(
    kept(quoted(`203.0.113.${number}:50000`), `203.0.113.${number}`),
    kept(quoted(`h${number}.example.net:4500`), `h${number}.example.net:4500`),
    kept(quoted(`[2001:db8::${number}]:4500`), `[2001:db8::${number}]:4500`),
    kept(quoted(`[[2001:db8::${number}]:1234]:35735`), `[2001:db8::${number}]:1234`),
    kept(quoted(`[2001:db8::${number}]35735`), `[2001:db8::${number}]:35735`),
    kept(quoted(`203.0.113.${number}:0`), `203.0.113.${number}`),
    ...['1:2:3', 'not a host:5', '127.0.0.1:50000', '[::1]:5', '[fe80::1%eth0]:5', ':50000', '[]:1'].map(
      text => broken(quoted(text)),
    ),
    ...['7', 'true', '[ "203.0.113.1:5" ]', '1979-05-27'].map(broken),
  )

const address = (number: number) =>
  fc.constantFrom(
    kept(quoted(`192.168.168.${number}/24`), `192.168.168.${number}`),
    kept(quoted(`192.168.7.${number}/24`), `192.168.7.${number}/24`),
    kept(quoted(`fd00:7::${number}/64`), `fd00:7::${number}/64`),
    ...['banana', '192.168.168.300/24', '192.168.168.1/33', '', '1.2.3.4/24/5'].map(text =>
      broken(quoted(text)),
    ),
    ...['5', 'false'].map(broken),
  )

const linkLayer = (number: number) =>
  fc.constantFrom(
    kept(quoted(`169.254.1.${number}/16`), `169.254.1.${number}`),
    kept(quoted(`10.9.0.${number}/24`), `10.9.0.${number}`),
    broken(quoted('169.254.169.254/16')),
    broken(quoted('banana')),
    broken('12'),
  )

const allowed = (number: number) =>
  fc.constantFrom(
    kept(quoted(`10.1.${number}.0/24`), `10.1.${number}.0/24`),
    kept(quoted(`10.2.${number}.7/24`), `10.2.${number}.0/24`),
    ...['banana', '0.0.0.0/0', '10.0.0.0/40'].map(text => broken(quoted(text))),
    kept(quoted('192.168.168.0/24'), '192.168.168.0/24'),
    broken('[]'),
  )

const hooks = fc.constantFrom(
  kept(quoted('iptables -A FORWARD -i v%i -j ACCEPT'), 'iptables -A FORWARD -i v%i -j ACCEPT'),
  kept(quoted('echo "a; b" && true'), 'echo \\"a; b\\" && true'),
  kept(quoted('true # why'), 'true'),
  broken(quoted('# nothing')),
  broken(quoted('')),
  broken('3'),
)

const number = (good: readonly number[], bad: readonly string[]) =>
  fc.constantFrom(...good.map(value => kept(`${value}`, `${value}`)), ...bad.map(broken))

const list = (items: readonly Written[]): string => `[ ${items.map(({ toml }) => toml).join(', ')} ]`

const nodeValues = (place: number, name: string): fc.Arbitrary<NodeValues> =>
  fc
    .record(
      {
        Endpoint: endpoint(place),
        ListenPort: number([50000, 4500], ['0', '70000', '-1', '"x"', '1.5', '99999999999999999999']),
        FwMark: number([51820, 33], ['-1', '"banana"', '4294967296', 'true']),
        PersistentKeepalive: number([25, 7], ['-1', '70000', '"often"']),
        PrivateKey: fc.constantFrom(
          kept(quoted(privateTextFor(`n${place}`)), ''),
          kept(quoted(privateTextFor(`n${place}`)), ''),
          ...['/root/node.key', '', 'AAAA', 'c2hvcnQ='].map(text => broken(quoted(text))),
          broken('4'),
        ),
        LinkLayerAddr: fc.constant(broken('"169.254.9.9/16"')),
        Colour: fc.constant(broken('"green"')),
      },
      { requiredKeys: ['PrivateKey'] },
    )
    .chain(values =>
      fc
        .record({
          Address: fc.uniqueArray(address(place), { maxLength: 3, selector: ({ toml }) => toml }),
          LinkLayerAddress: fc.uniqueArray(linkLayer(place), { maxLength: 2, selector: ({ toml }) => toml }),
          AllowedIPs: fc.uniqueArray(allowed(place), { maxLength: 2, selector: ({ toml }) => toml }),
          PostUp: fc.uniqueArray(hooks, { maxLength: 3, selector: ({ toml }) => toml }),
        })
        .map(lists => {
          const members = Object.entries(lists).flatMap(([key, items]) =>
            items.map((item, index): [string, Written] => [`${key} ${index}`, item]),
          )
          const whole = Object.entries(lists).map(([key, items]): [string, Written] => [
            key,
            broken(list(items)),
          ])
          return { name, values: { ...values, ...Object.fromEntries([...whole, ...members]) } }
        }),
    )

export const master: fc.Arbitrary<MasterBlueprint> = fc
  .uniqueArray(names, { minLength: 1, maxLength: 5 })
  .chain(chosen =>
    fc.record({
      nodes: fc.tuple(...chosen.map((name, index) => nodeValues(index + 1, name))),
      pool6: fc.constantFrom(
        kept('"fd5d:9ba2:1f75::/80"', 'fd5d:9ba2:1f75::/80'),
        ...['"banana"', '"10.0.0.0/8"', '7'].map(broken),
      ),
      vni: number([4242, 1], ['0', '16777216', '-3', '"x"']),
      mtu: fc.constantFrom(null, 1500, 1370, 1966, 1280, 1000, 9000),
      blacklist: fc.array(fc.tuple(names, names), { maxLength: 4 }),
      stray: fc.constantFrom(null, '[Extra]\nkey = 1\n'),
    }),
  )

/** The text of the file; members of lists stand in their lists. */
export const printMaster = ({ nodes, pool6, vni, mtu, blacklist, stray }: MasterBlueprint): string =>
  [
    '[Network]',
    'AddressPoolIPv4 = "192.168.168.0/24"',
    `AddressPoolIPv6 = ${pool6.toml}`,
    `VxlanID = ${vni.toml}`,
    ...(mtu === null ? [] : [`VxlanMTU = ${mtu}`]),
    '',
    '[PeerBlacklist]',
    `Blacklist = [ ${blacklist.map(pair => `[ ${pair.map(quoted).join(', ')} ]`).join(', ')} ]`,
    '',
    ...nodes.flatMap(({ name, values }) => [
      `[Node.${quoted(name)}]`,
      ...Object.entries(values)
        .filter(([key]) => !key.includes(' '))
        .map(([key, { toml }]) => `${key} = ${toml}`),
      '',
    ]),
    ...(stray === null ? [] : [stray]),
  ].join('\n')
