/** A reader of `networks.sh`: the calls at its left margin, quotes taken off. */
export interface Devices {
  /** Name → VNI. */
  readonly vxlans: ReadonlyMap<string, number>
  /** Name → number of the routing table. */
  readonly vrfs: ReadonlyMap<string, number>
  /** Bridges that are made here; those for containers are somebody else's. */
  readonly bridges: readonly string[]
  /** Device → its master. */
  readonly masters: ReadonlyMap<string, string>
  /** `mac`, `local`, `port`, `mtu`. */
  readonly variables: ReadonlyMap<string, string>
}

export const readDevices = (text: string): Devices => {
  const vxlans = new Map<string, number>()
  const vrfs = new Map<string, number>()
  const bridges: string[] = []
  const masters = new Map<string, string>()
  const variables = new Map<string, string>()
  const put = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
    if (map.has(key)) throw new Error(`${key} stands twice`)
    map.set(key, value)
  }
  for (const line of text.split('\n')) {
    const words = line.split(' ').map(word => word.replace(/^'(.*)'$/, '$1'))
    const [verb, name = '', third = ''] = words
    const assigned = /^([a-z]+)='(.*)'$/.exec(line)
    if (assigned) variables.set(assigned[1] as string, assigned[2] as string)
    else if (line.endsWith('{') || line.endsWith('}')) continue
    else if (verb === 'vxlan') put(vxlans, name, Number(third))
    else if (verb === 'port_of' || verb === 'join') put(masters, name, third)
    else if (verb === 'device' && third === 'vrf') put(vrfs, name, Number(words[words.indexOf('table') + 1]))
    else if (verb === 'device') bridges.push(name)
  }
  return { vxlans, vrfs, bridges, masters, variables }
}
