/** A reader of `networks.conf`, of its own: what `networks.sh` is to make. */
export interface Devices {
  /** Name → VNI. */
  readonly vxlans: ReadonlyMap<string, number>
  /** Name → number of the routing table. */
  readonly vrfs: ReadonlyMap<string, number>
  /** Bridges that are made here; those for containers are somebody else's. */
  readonly bridges: readonly string[]
  /** Device → its master. */
  readonly masters: ReadonlyMap<string, string>
  /** Where what a client sends to a network is looked up. */
  readonly entries: readonly { readonly table: number; readonly client: string; readonly network: string }[]
  /** `mesh`, `mac`, `local`, `port`, `mtu`. */
  readonly variables: ReadonlyMap<string, string>
}

export const readDevices = (text: string): Devices => {
  const vxlans = new Map<string, number>()
  const vrfs = new Map<string, number>()
  const bridges: string[] = []
  const masters = new Map<string, string>()
  const variables = new Map<string, string>()
  const entries: Devices['entries'][number][] = []
  const put = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
    if (map.has(key)) throw new Error(`${key} stands twice`)
    map.set(key, value)
  }
  for (const line of text.split('\n')) {
    const [word, ...rest] = line.split(' ')
    if (word === '' || word === '#') continue
    if (word === 'keeps' || word === 'bridge') continue
    if (word === 'enter') {
      const [table, client = '', network = ''] = rest
      entries.push({ table: Number(table), client, network })
    } else if (word === 'segment') {
      const [, vni, vxlan = '', bridge = ''] = rest
      put(vxlans, vxlan, Number(vni))
      put(masters, vxlan, bridge)
    } else if (word === 'tenant') {
      const [, vni, vrf = '', bridge = '', vxlan = '', ...containers] = rest
      put(vrfs, vrf, Number(vni))
      put(vxlans, vxlan, Number(vni))
      put(masters, vxlan, bridge)
      bridges.push(bridge)
      for (const port of [bridge, ...containers]) put(masters, port, vrf)
    } else put(variables, word as string, rest.join(' '))
  }
  return { vxlans, vrfs, bridges, masters, entries, variables }
}
