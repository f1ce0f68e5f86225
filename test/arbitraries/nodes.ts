import fc from 'fast-check'
import type { Family, Hook, NodeBlueprint, Shared } from './blueprint.js'

/** What a generated node is like, before its place in a mesh is known; every choice is independent. */
export interface NodeChoice {
  readonly id: number
  readonly name: string
  readonly endpoint: 'v4' | 'v6' | 'both' | 'both, v6 first' | 'dns' | 'dns and v4' | 'shared v4' | 'none'
  readonly endpointPort: number | null
  /** By site, for which a node mostly says nothing. */
  readonly local: Readonly<Record<string, LocalChoice | null>>
  readonly families: readonly Family[] | null
  readonly hostname: string | null
  readonly fwmark: number | null
  readonly os: string | null
  readonly frr: string | null
  readonly reflector: boolean | null
  readonly wider: number | null
  readonly underlayPin: 'no' | 'in pool' | 'elsewhere' | 'both families' | 'link-local'
  readonly overlayPin: boolean
  readonly mac: 'derived' | 'local' | 'upper case'
  readonly networks: readonly NetworkChoice[] | 'default'
  /** Families that containers have addresses of their own in, as far as their network has them. */
  readonly pinned: readonly ('v4' | 'v6' | 'both')[]
  readonly publicKeyWritten: boolean
  readonly keyOnNode: boolean
  readonly targets: NodeBlueprint['targets']
  readonly shared: Shared
}

/** What a node writes for the nodes of a site. */
export type LocalChoice = 'v4' | 'v6' | 'both' | 'dns' | 'proxy' | 'none'

export interface NetworkChoice {
  readonly kind: 'auto' | 'new' | 'existing'
  readonly families: 'v4' | 'v6' | 'both'
}

/** 1 to 14 in most meshes, and those where an address's last octet turns over. */
const anyId = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 14 }) },
  { weight: 2, arbitrary: fc.constantFrom(100, 126, 254, 255, 256, 257, 511, 512, 4095) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4095 }) },
)

/** None ends in a digit but `0`, and the id comes behind it: so all names of a mesh differ. */
const stems = ['node', 'a', 'N-', 'web-Frankfurt-', '0', 'own', 'deny', 'from', 'mesh', 'permit-any-', 'x…']

const nameOf = (stem: string, id: number): string =>
  // The longest label there is: 63 octets (RFC 1123).
  stem === 'x…' ? 'x'.repeat(63 - `${id}`.length) + id : `${stem}${id}`

const nullable = <T>(arbitrary: fc.Arbitrary<T>, often = 2): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { freq: often, nil: null })

/** Commands that look like directives, markup, templates or another shell, and are legal all the same. */
const hostileCommands = [
  'logger -t mesh "%i is up"',
  'echo "$(id)" && true',
  '`id`; true',
  '{{danger}} {{{x}}} {{&y}} {{> peers}} {{=<% %>=}}',
  '[Peer]',
  'PublicKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  'AllowedIPs = 0.0.0.0/0',
  "printf '%s\\n' a = b, c",
  'echo \\; \\\\ end \\',
  'null undefined NaN </dev/null',
  '"quoted"',
  "'single'",
  '5',
  'true',
  '&amp; &lt;',
  'écho ünïcode ✓ 日本 🚀',
  `ip rule add fwmark 0x1 table 5 ${'|| true '.repeat(60)}`.trim(),
]

/** One line of printable text; wg-quick has no way to say `#`. */
const freeText = fc
  .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 })
  .map(text => text.replaceAll('#', '-').trim())
  .filter(text => text !== '')

const hook: fc.Arbitrary<Hook> = fc.record({
  key: fc.constantFrom('pre-up', 'post-up', 'pre-down', 'post-down'),
  command: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...hostileCommands) }, freeText),
})

export const shared: fc.Arbitrary<Shared> = fc.record({
  listenPort: nullable(fc.constantFrom(51820, 51821, 1024, 65535, 500), 5),
  keepalive: nullable(fc.constantFrom(0, 1, 25, 65535), 6),
  site: nullable(fc.constantFrom('home', 'VPC-1'), 2),
  forward: nullable(fc.constantFrom([], ['eth1'], ['wlan0', 'docker0']), 6),
  metadata: nullable(fc.boolean(), 6),
  hooks: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(hook, { maxLength: 3 }) },
  ),
})

const local = nullable(fc.constantFrom<LocalChoice[]>('v4', 'v4', 'v6', 'both', 'dns', 'proxy', 'none'), 2)

const network: fc.Arbitrary<NetworkChoice> = fc.record({
  kind: fc.constantFrom('auto', 'new', 'existing'),
  families: fc.constantFrom('v4', 'v6', 'both'),
})

const networks = fc.oneof(
  { weight: 4, arbitrary: fc.constant('default' as const) },
  // A second "auto" network would have the same prefix as the first.
  {
    weight: 1,
    arbitrary: fc.uniqueArray(network, {
      maxLength: 3,
      selector: ({ kind, families }) => (kind === 'auto' ? kind : `${kind} ${families}`),
    }),
  },
)

const tools: fc.Arbitrary<NodeBlueprint['targets']> = fc.oneof(
  { weight: 9, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ firewall: 'none' }) },
  { weight: 1, arbitrary: fc.constant({ routing: 'none' }) },
  { weight: 1, arbitrary: fc.constant({ 'container-runtime': 'none' }) },
  { weight: 1, arbitrary: fc.constant({ overlay: 'none', routing: 'none' }) },
  { weight: 2, arbitrary: fc.constant({ tunnel: 'networkd', overlay: 'networkd' }) },
  { weight: 1, arbitrary: fc.constant({ tunnel: 'networkd', overlay: 'none', routing: 'none' }) },
  { weight: 2, arbitrary: fc.constant({ tunnel: 'netplan', overlay: 'netplan' }) },
  { weight: 1, arbitrary: fc.constant({ tunnel: 'netplan', overlay: 'none', routing: 'none' }) },
)

const targets = fc
  .tuple(tools, fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, fc.constant({ installer: 'none' })))
  .map(([chosen, installer]): NodeBlueprint['targets'] => ({ ...chosen, ...installer }))

export const nodeChoice: fc.Arbitrary<NodeChoice> = fc
  .record({
    id: anyId,
    stem: fc.constantFrom(...stems),
    endpoint: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('v4' as const) },
      {
        weight: 4,
        arbitrary: fc.constantFrom<NodeChoice['endpoint']>(
          'v6',
          'both',
          'both, v6 first',
          'dns',
          'dns and v4',
          'shared v4',
        ),
      },
      { weight: 3, arbitrary: fc.constantFrom('none' as const) },
    ),
    endpointPort: nullable(fc.constantFrom(51820, 443, 65535), 3),
    local: fc.oneof(
      { weight: 2, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.record({ home: local, 'VPC-1': local }) },
    ),
    families: nullable(fc.constantFrom<Family[]>(['ipv4', 'ipv6'], ['ipv4'], ['ipv6'], ['ipv6', 'ipv4']), 3),
    hostname: nullable(fc.constantFrom('box', 'box.example.net', 'UPPER', '1'), 4),
    fwmark: nullable(fc.constantFrom(1, 51820, 0xffffffff), 6),
    os: nullable(fc.constantFrom('debian-11', 'debian-12', 'debian-13', 'ubuntu-20.04', 'ubuntu-24.04'), 3),
    frr: nullable(fc.constantFrom('7.2', '7.5', '8.4', '10.3'), 4),
    // In a mesh that has some: see build.
    reflector: nullable(fc.boolean(), 2),
    wider: nullable(fc.constantFrom(0, 8, 7500), 6),
    underlayPin: fc.oneof(
      { weight: 8, arbitrary: fc.constant('no' as const) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<NodeChoice['underlayPin']>(
          'in pool',
          'elsewhere',
          'both families',
          'link-local',
        ),
      },
    ),
    overlayPin: fc.nat({ max: 7 }).map(roll => roll === 7),
    mac: fc.oneof(
      { weight: 6, arbitrary: fc.constant('derived' as const) },
      { weight: 1, arbitrary: fc.constantFrom('local' as const, 'upper case' as const) },
    ),
    networks,
    pinned: fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.constantFrom('v4', 'v6', 'both'), { maxLength: 3 }) },
    ),
    publicKeyWritten: fc.boolean(),
    keyOnNode: fc.nat({ max: 7 }).map(roll => roll === 7),
    targets,
    shared,
  })
  .map(({ stem, ...choice }) => ({ ...choice, name: nameOf(stem, choice.id) }))
