import {
  advertisement,
  claim,
  datagram,
  type Ends,
  extended,
  type Family,
  flags,
  fragmented,
  frame,
  ping,
  segment,
  vxlan,
} from './frames.js'
import { mesh } from './host.js'
import { server } from './internet.js'
import type { Namespace } from './namespace.js'
import { macOf, metadata, type Place, type Scene, type Target } from './scene.js'

/** Which meshes an attack is about: those with an overlay, those without, and those with a segment besides. */
export type Kind = 'plain' | 'l3' | 'segment'

/** Frames for a device of a machine; those of a tunnel have no header of their own. */
export interface Shot {
  readonly from: Namespace
  readonly device: string
  readonly frames: readonly Buffer[]
}

/** Something that must not work. */
export interface Attack {
  /** What the table of docs/security.md calls it: who, and what. */
  readonly line: string
  readonly family: Family
  readonly kinds: readonly Kind[]
  /** How, in a few words. */
  readonly how: string
  /** `id` marks the packets. */
  readonly shots: (scene: Scene, id: number) => readonly Shot[]
  /** Who must not see it: names of witnesses. */
  readonly victims: (scene: Scene) => readonly string[]
  /** What they would see, where that is not `id`. */
  readonly mark?: (scene: Scene) => string
  /** Whether it has worked, where nobody sees anything of it. */
  readonly works?: (scene: Scene) => boolean
}

const all: readonly Kind[] = ['plain', 'l3', 'segment']
const overlaid: readonly Kind[] = ['plain', 'segment']
const apps = 'br-apps'
export const vni = 4711

type Make = (family: Family) => Attack | Attack[]

/** A packet that a place makes for a node to route or take, straight to a MAC address. */
const fromPlace = (
  place: Place,
  mac: string,
  packets: readonly Buffer[],
  tags: readonly number[] = [],
): Shot => ({
  from: place.machine,
  device: 'eth0',
  frames: packets.map(packet => frame(mac, macOf(place.machine, 'eth0'), packet, tags)),
})

const strangers: Make = family => {
  const attack = (
    line: string,
    how: string,
    victim: string,
    make: (scene: Scene, id: number) => readonly Buffer[],
    tags: readonly number[] = [],
  ): Attack => ({
    line,
    family,
    how,
    kinds: all,
    shots: (scene, id) => [fromPlace(scene.stranger, scene.node(1).mac, make(scene, id), tags)],
    victims: scene =>
      victim === 'c1' ? [scene.container(1).name] : victim === 'c2' ? [scene.container(2).name] : [victim],
  })
  const me = (scene: Scene): string => scene.stranger.addresses[family]
  const c = (scene: Scene, number: number): string => scene.container(number)[family]
  return [
    attack('a neighbor on the link reaches containers', 'ping of a container on its node', 'c1', (s, id) => [
      ping({ from: me(s), to: c(s, 1) }, id),
    ]),
    attack(
      'a neighbor on the link reaches containers',
      'ping of a container on another node',
      'c2',
      (s, id) => [ping({ from: me(s), to: c(s, 2) }, id)],
    ),
    attack('a neighbor on the link reaches containers', 'in fragments', 'c1', (s, id) =>
      fragmented(ping({ from: me(s), to: c(s, 1) }, id)),
    ),
    attack(
      'a neighbor on the link reaches containers',
      'in a frame with a priority',
      'c1',
      (s, id) => [ping({ from: me(s), to: c(s, 1) }, id)],
      [0],
    ),
    ...(family === 'ipv6'
      ? [
          attack('a neighbor on the link reaches containers', 'behind an extension header', 'c1', (s, id) => [
            extended(ping({ from: me(s), to: c(s, 1) }, id)),
          ]),
        ]
      : []),
    attack('a neighbor on the link reaches containers', 'TCP: a first segment', 'c1', (s, id) => [
      segment({ from: me(s), to: c(s, 1) }, id, 80, flags.syn),
    ]),
    attack('a neighbor on the link reaches containers', 'TCP: an answer nobody asked for', 'c1', (s, id) => [
      segment({ from: me(s), to: c(s, 1) }, id, 80, flags.synAck),
    ]),
    attack('a neighbor on the link reaches containers', 'TCP: a reset out of nowhere', 'c2', (s, id) => [
      segment({ from: me(s), to: c(s, 2) }, id, 80, flags.reset),
    ]),
    attack(
      'a neighbor on the link reaches containers',
      'with an address of the mesh for its own',
      'c1',
      (s, id) => [ping({ from: inMesh(s, family), to: c(s, 1) }, id)],
    ),
    attack(
      'a neighbor on the link reaches nodes by their addresses in the mesh',
      'ping of the node itself',
      'node1',
      (s, id) => [ping({ from: me(s), to: inside(s.node(1), family) }, id)],
    ),
    attack(
      'a neighbor on the link reaches nodes by their addresses in the mesh',
      'ping of its underlay address',
      'node1',
      (s, id) => [ping({ from: me(s), to: s.node(1).underlay[family] }, id)],
    ),
    attack(
      'a neighbor on the link reaches nodes by their addresses in the mesh',
      'ping of its bridge',
      'node1',
      (s, id) => [ping({ from: me(s), to: bare(s.container(1).bridge[family]) }, id)],
    ),
    attack(
      'a neighbor on the link reaches nodes by their addresses in the mesh',
      'ping of another node',
      'node2',
      (s, id) => [ping({ from: me(s), to: inside(s.node(2), family) }, id)],
    ),
    attack('a neighbor on the link speaks BGP or BFD', 'BGP with the uplink', 'node1', (s, id) => [
      segment({ from: me(s), to: s.node(1).addresses[family] }, id, 179, flags.syn),
    ]),
    attack(
      'a neighbor on the link speaks BGP or BFD',
      'BGP with an address of the mesh',
      'node1',
      (s, id) => [segment({ from: me(s), to: inside(s.node(1), family) }, id, 179, flags.syn)],
    ),
    attack('a neighbor on the link speaks BGP or BFD', 'BFD', 'node1', (s, id) => [
      datagram({ from: me(s), to: s.node(1).addresses[family] }, id, 3784, Buffer.alloc(24)),
    ]),
  ]
}

const bare = (address: string): string => address.replace(/\/.*/, '')

/** The address that a node has for the others. */
const inside = (node: Target, family: Family): string => (node.overlay ?? node.underlay)[family]

const inMesh = (scene: Scene, family: Family): string => scene.container(2)[family].replace(/\d+$/, '77')

const nowhere = { ipv4: '198.18.0.99', ipv6: '2001:2:0:ffff::99' } as const

/** From a root shell in a container, which makes what packets it likes. */
const containers: Make = family => {
  const from =
    (
      container: (scene: Scene) => ReturnType<Scene['container']>,
      packets: (scene: Scene, id: number) => readonly Buffer[],
      tags: readonly number[] = [],
    ) =>
    (scene: Scene, id: number): Shot[] => {
      const { namespace, bridge } = container(scene)
      const machine = scene.nodes.find(({ containers }) => containers.includes(container(scene)))?.machine
      if (!machine) throw new Error('a container without a node')
      return [
        fromPlace(
          { machine: namespace, addresses: nowhere },
          macOf(machine, bridge.name),
          packets(scene, id),
          tags,
        ),
      ]
    }
  const one = (scene: Scene) => scene.container(1)
  const two = (scene: Scene) => scene.container(2)
  const gateway = (scene: Scene, number: number): string => bare(scene.container(number).bridge[family])
  const spoof = 'a container speaks under a foreign address'
  const attack = (
    line: string,
    how: string,
    shots: Attack['shots'],
    victims: Attack['victims'],
    kinds = all,
  ): Attack => ({ line, family, how, kinds, shots, victims })
  return [1, 2].flatMap(number => {
    const me = number === 1 ? one : two
    const host = () => [`node${number}`]
    const kind = number === 1 ? 'on a bridge that was there' : 'on a bridge of ours'
    return [
      attack(
        spoof,
        `${kind}: another node's, to its host`,
        from(me, (s, id) => [ping({ from: inside(s.node(3), family), to: gateway(s, number) }, id)]),
        host,
      ),
      attack(
        spoof,
        `${kind}: another container's, to its host`,
        from(me, (s, id) => [ping({ from: s.container(3)[family], to: gateway(s, number) }, id)]),
        host,
      ),
      attack(
        spoof,
        `${kind}: anybody's, to its host`,
        from(me, (s, id) => [ping({ from: nowhere[family], to: gateway(s, number) }, id)]),
        host,
      ),
      attack(
        spoof,
        `${kind}: anybody's, to its host, in a frame with a priority`,
        from(me, (s, id) => [ping({ from: nowhere[family], to: gateway(s, number) }, id)], [0]),
        host,
      ),
      attack(
        spoof,
        `${kind}: anybody's, to the internet`,
        from(me, (_, id) => [ping({ from: nowhere[family], to: server[family] }, id)]),
        () => ['internet'],
      ),
      attack(
        spoof,
        `${kind}: another container's, to a third`,
        from(me, (s, id) => [
          ping(
            {
              from: s.container(number === 1 ? 2 : 1)[family].replace(/\d+$/, '88'),
              to: s.container(3)[family],
            },
            id,
          ),
        ]),
        s => [s.container(3).name],
        overlaid,
      ),
      attack(
        'a container reaches cloud metadata',
        kind,
        from(me, (s, id) => [ping({ from: me(s)[family], to: metadata[family] }, id)]),
        () => ['internet'],
      ),
      ...(number === 1
        ? []
        : [
            attack(
              'a container speaks BGP, BFD or VXLAN with nodes',
              'BGP with its own',
              from(me, (s, id) => [
                segment({ from: me(s)[family], to: inside(s.node(2), family) }, id, 179, flags.syn),
              ]),
              () => ['node2'],
            ),
            attack(
              'a container speaks BGP, BFD or VXLAN with nodes',
              'BGP with another',
              from(me, (s, id) => [
                segment({ from: me(s)[family], to: inside(s.node(1), family) }, id, 179, flags.syn),
              ]),
              () => ['node1'],
            ),
            attack(
              'a container speaks BGP, BFD or VXLAN with nodes',
              'BFD with another',
              from(me, (s, id) => [
                datagram({ from: me(s)[family], to: inside(s.node(1), family) }, id, 4784, Buffer.alloc(24)),
              ]),
              () => ['node1'],
            ),
            attack(
              'a container speaks BGP, BFD or VXLAN with nodes',
              'BFD with another, in fragments',
              from(me, (s, id) =>
                fragmented(
                  datagram(
                    { from: me(s)[family], to: inside(s.node(1), family) },
                    id,
                    3784,
                    Buffer.alloc(24),
                  ),
                ),
              ),
              () => ['node1'],
            ),
          ]),
    ]
  })
}

/** Frames of the mesh's own segment or of a segment, from who is no node, or not on it. */
const injected: Make = family => {
  const inner = (scene: Scene, segmented: boolean, id: number): Buffer => {
    const victim = segmented ? scene.container(1, apps) : scene.container(1)
    const from = segmented
      ? scene.container(2, apps)[family].replace(/\d+$/, '66')
      : nowhereInside(scene, family)
    const { machine, overlay } = scene.node(1)
    const to = segmented ? macOf(victim.namespace, 'eth0') : (overlay?.mac ?? macOf(machine, apps))
    return frame(to, '02:66:00:00:00:01', ping({ from, to: victim[family] }, id))
  }
  const packet = (ends: Ends, number: number, payload: Buffer): Buffer =>
    datagram(ends, 40000, 4789, vxlan(number, payload))
  const victims = (segmented: boolean) => (scene: Scene) => [
    (segmented ? scene.container(1, apps) : scene.container(1)).name,
  ]
  const both: readonly (readonly [string, boolean, Kind[]])[] = [
    ['the mesh', false, ['plain', 'segment']],
    ['a segment', true, ['segment']],
  ]
  return both.flatMap(([what, segmented, kinds]): Attack[] => {
    const number = (scene: Scene): number => (segmented ? vni : vniOf(scene))
    return [
      {
        line: 'a neighbor on the link sends frames into the mesh',
        family,
        kinds,
        how: `VXLAN of ${what} to the uplink`,
        shots: (s, id) => [
          fromPlace(s.stranger, s.node(1).mac, [
            packet(
              { from: s.stranger.addresses.ipv4, to: s.node(1).addresses.ipv4 },
              number(s),
              inner(s, segmented, id),
            ),
          ]),
        ],
        victims: victims(segmented),
      },
      {
        line: 'a neighbor on the link sends frames into the mesh',
        family,
        kinds,
        how: `VXLAN of ${what} to the uplink, as from a node`,
        shots: (s, id) => [
          fromPlace(s.stranger, s.node(1).mac, [
            packet(
              { from: s.node(2).underlay.ipv4, to: s.node(1).addresses.ipv4 },
              number(s),
              inner(s, segmented, id),
            ),
          ]),
        ],
        victims: victims(segmented),
      },
      {
        line: 'a neighbor on the link sends frames into the mesh',
        family,
        kinds,
        how: `VXLAN of ${what} to the VTEP`,
        shots: (s, id) => [
          fromPlace(s.stranger, s.node(1).mac, [
            packet(
              { from: s.stranger.addresses.ipv4, to: s.node(1).underlay.ipv4 },
              number(s),
              inner(s, segmented, id),
            ),
          ]),
        ],
        victims: victims(segmented),
      },
      {
        line: 'a host behind a node sends frames into the mesh',
        family,
        kinds,
        how: `VXLAN of ${what} from an address in allowed-ips`,
        shots: (s, id) => [
          fromPlace(s.lanHost, macOf(s.node(3).machine, 'eth1'), [
            packet(
              { from: s.lanHost.addresses.ipv4, to: s.node(1).underlay.ipv4 },
              number(s),
              inner(s, segmented, id),
            ),
          ]),
        ],
        victims: victims(segmented),
      },
      {
        line: 'a container speaks BGP, BFD or VXLAN with nodes',
        family,
        kinds,
        how: `VXLAN of ${what} to its own node`,
        shots: (s, id) => [
          {
            from: s.container(1).namespace,
            device: 'eth0',
            frames: [
              frame(
                macOf(s.node(1).machine, s.container(1).bridge.name),
                macOf(s.container(1).namespace, 'eth0'),
                packet(
                  { from: s.container(1).ipv4, to: s.node(1).underlay.ipv4 },
                  number(s),
                  inner(s, segmented, id),
                ),
              ),
            ],
          },
        ],
        victims: victims(segmented),
      },
      ...(segmented
        ? [
            {
              line: 'a node that is not on a segment sends frames into it',
              family,
              kinds,
              how: 'VXLAN of the segment through the tunnel',
              shots: (s: Scene, id: number) => [
                {
                  from: s.node(3).machine,
                  device: mesh,
                  frames: [
                    packet(
                      { from: s.node(3).underlay.ipv4, to: s.node(1).underlay.ipv4 },
                      vni,
                      inner(s, true, id),
                    ),
                  ],
                },
              ],
              victims: victims(true),
            } satisfies Attack,
          ]
        : []),
    ]
  })
}

/** In l3 the only VXLAN devices are segments': a mesh of its own kind tries those. */
const nowhereInside = (scene: Scene, family: Family): string => inside(scene.node(2), family)

const vniOf = ({ lab }: Scene): number => {
  const [link] = JSON.parse(
    lab.host('node1').machine.must(['ip', '-details', '-json', 'link', 'show', `v${mesh}`]),
  ) as [{ linkinfo: { info_data: { id: number } } }]
  return link.linkinfo.info_data.id
}

/** node2, whose key is in wrong hands, aims at node1 and through it. */
const hostile: Make = family => {
  /** By the overlay: a frame for node1's MAC, whatever is in it; without one a packet that WireGuard carries to node1. */
  const send =
    (make: (scene: Scene, id: number) => readonly Buffer[], tags: readonly number[] = []) =>
    (scene: Scene, id: number): Shot[] => {
      const [us, them] = [scene.node(2), scene.node(1)]
      const packets = make(scene, id)
      return us.overlay && them.overlay
        ? [
            {
              from: us.machine,
              device: `v${mesh}`,
              frames: packets.map(packet =>
                frame(them.overlay?.mac ?? '', us.overlay?.mac ?? '', packet, tags),
              ),
            },
          ]
        : [{ from: us.machine, device: mesh, frames: packets }]
    }
  const under =
    (make: (scene: Scene, id: number) => readonly Buffer[]) =>
    (scene: Scene, id: number): Shot[] => [
      { from: scene.node(2).machine, device: mesh, frames: make(scene, id) },
    ]
  const me = (scene: Scene): string => inside(scene.node(2), family)
  const internet = (): string[] => ['internet']
  const attack = (
    line: string,
    how: string,
    shots: Attack['shots'],
    victims: Attack['victims'],
    kinds = all,
  ): Attack => ({ line, family, how, kinds, shots, victims })
  const through = 'a hostile node goes through another'
  const claims = 'a hostile node speaks for others'
  return [
    attack(
      through,
      'to the internet',
      send((s, id) => [ping({ from: me(s), to: server[family] }, id)]),
      internet,
    ),
    attack(
      through,
      'to the internet, as one of its containers',
      send((s, id) => [ping({ from: s.container(2)[family], to: server[family] }, id)]),
      internet,
    ),
    attack(
      through,
      'to the internet, in fragments',
      send((s, id) => fragmented(ping({ from: me(s), to: server[family] }, id))),
      internet,
    ),
    attack(
      through,
      'to the internet, in a frame with a priority',
      send((s, id) => [ping({ from: me(s), to: server[family] }, id)], [0]),
      internet,
      overlaid,
    ),
    attack(
      through,
      'to the internet, TCP: an answer nobody asked for',
      send((s, id) => [segment({ from: me(s), to: server[family] }, id, 80, flags.synAck)]),
      internet,
    ),
    attack(
      through,
      'to the internet, by the tunnel',
      under((s, id) => [ping({ from: s.node(2).underlay[family], to: server[family] }, id)]),
      internet,
    ),
    attack(
      through,
      'to cloud metadata',
      send((s, id) => [ping({ from: me(s), to: metadata[family] }, id)]),
      internet,
    ),
    attack(
      through,
      'to cloud metadata, by the tunnel',
      under((s, id) => [ping({ from: s.node(2).underlay[family], to: metadata[family] }, id)]),
      internet,
    ),
    attack(
      through,
      'to a bridge that is not in the mesh',
      send((s, id) => [ping({ from: me(s), to: s.apart.addresses[family] }, id)]),
      () => ['apart'],
    ),
    attack(
      through,
      'to a bridge that is not in the mesh, by the tunnel',
      under((s, id) => [ping({ from: s.node(2).underlay[family], to: s.apart.addresses[family] }, id)]),
      () => ['apart'],
    ),
    attack(
      through,
      'to a third node',
      send((s, id) => [ping({ from: me(s), to: inside(s.node(3), family) }, id)]),
      () => ['node3'],
      overlaid,
    ),
    attack(
      through,
      "to a third node's container",
      send((s, id) => [ping({ from: s.container(2)[family], to: s.container(3)[family] }, id)]),
      s => [s.container(3).name],
      overlaid,
    ),
    attack(
      'a hostile node reaches what a node has outside the mesh',
      'its uplink address',
      send((s, id) => [ping({ from: me(s), to: s.node(1).addresses[family] }, id)]),
      () => ['node1'],
    ),
    attack(
      'a hostile node reaches what a node has outside the mesh',
      'its address on a bridge that is not in the mesh',
      send((s, id) => [ping({ from: me(s), to: family === 'ipv4' ? '172.17.0.1' : 'fd17:17::1' }, id)]),
      () => ['node1'],
    ),
    attack(
      claims,
      "the internet's, to a container",
      send((s, id) => [ping({ from: server[family], to: s.container(1)[family] }, id)]),
      s => [s.container(1).name],
      overlaid,
    ),
    attack(
      claims,
      "another node's, to a container",
      send((s, id) => [ping({ from: inside(s.node(3), family), to: s.container(1)[family] }, id)]),
      s => [s.container(1).name],
      overlaid,
    ),
    attack(
      claims,
      "another node's container's, to a container",
      send((s, id) => [ping({ from: s.container(3)[family], to: s.container(1)[family] }, id)]),
      s => [s.container(1).name],
      overlaid,
    ),
    attack(
      claims,
      "another node's, to a node, with its MAC",
      (s, id) => [
        {
          from: s.node(2).machine,
          device: `v${mesh}`,
          frames: [
            frame(
              s.node(1).overlay?.mac ?? '',
              s.node(3).overlay?.mac ?? '',
              ping({ from: inside(s.node(3), family), to: inside(s.node(1), family) }, id),
            ),
          ],
        },
      ],
      () => ['node1'],
      overlaid,
    ),
    attack(
      claims,
      'BGP as a container of its own',
      send((s, id) => [
        segment({ from: s.container(2)[family], to: inside(s.node(1), family) }, id, 179, flags.syn),
      ]),
      () => ['node1'],
    ),
  ]
}

/** node2 tells node1 that node3's addresses are at its own MAC. */
const claimed: Make = family => {
  const claimsOf = (how: string, address: (scene: Scene) => string): Attack => ({
    line: 'a hostile node takes over what is meant for another',
    family,
    how,
    kinds: overlaid,
    shots: scene => {
      const [us, them] = [scene.node(2), scene.node(1)]
      const to = { address: inside(them, family), mac: them.overlay?.mac ?? '' }
      const frames = [claim(address(scene), us.overlay?.mac ?? '', to)]
      return [{ from: us.machine, device: `v${mesh}`, frames }]
    },
    victims: () => [],
    works: scene => {
      const known = scene.node(1).machine.must(['ip', 'neigh', 'show', address(scene), 'dev', `v${mesh}`])
      return known.includes(scene.node(2).overlay?.mac ?? 'nothing')
    },
  })
  return [
    claimsOf("its address on the overlay, by ARP's answer or an advertisement", scene =>
      inside(scene.node(3), family),
    ),
    ...(family === 'ipv6'
      ? [claimsOf('its link-local address', scene => scene.node(3).overlay?.linkLocal ?? '')]
      : []),
  ]
}

/** From a container of a segment on node2, around its own gateway. */
const around: Make = family => {
  const send =
    (device: string, make: (scene: Scene, id: number) => readonly Buffer[], tags: readonly number[] = []) =>
    (scene: Scene, id: number): Shot[] => [
      fromPlace(
        { machine: scene.container(2, apps).namespace, addresses: nowhere },
        macOf(scene.node(1).machine, device),
        make(scene, id),
        tags,
      ),
    ]
  const own = (scene: Scene): string => scene.container(2, apps)[family]
  const line = 'a container of a segment uses another node as its router'
  const attack = (how: string, shots: Attack['shots'], victims: Attack['victims']): Attack => ({
    line,
    family,
    how,
    kinds: ['segment'],
    shots,
    victims,
  })
  const device = 'vx-apps'
  return [
    attack(
      'to cloud metadata',
      send(device, (s, id) => [ping({ from: own(s), to: metadata[family] }, id)]),
      () => ['internet'],
    ),
    attack(
      'to the internet',
      send(device, (s, id) => [ping({ from: own(s), to: server[family] }, id)]),
      () => ['internet'],
    ),
    attack(
      'to the internet, in a frame with a priority',
      send(device, (s, id) => [ping({ from: own(s), to: server[family] }, id)], [0]),
      () => ['internet'],
    ),
    attack(
      'to the internet, in fragments',
      send(device, (s, id) => fragmented(ping({ from: own(s), to: server[family] }, id))),
      () => ['internet'],
    ),
    attack(
      'to a container of the node',
      send(device, (s, id) => [ping({ from: own(s), to: s.container(1)[family] }, id)]),
      s => [s.container(1).name],
    ),
    attack(
      'to the node itself, as another node',
      send(device, (s, id) => [ping({ from: inside(s.node(3), family), to: inside(s.node(1), family) }, id)]),
      () => ['node1'],
    ),
    attack(
      'to the node itself, as another node, in a frame with a priority',
      send(
        device,
        (s, id) => [ping({ from: inside(s.node(3), family), to: inside(s.node(1), family) }, id)],
        [0],
      ),
      () => ['node1'],
    ),
    ...(family === 'ipv6'
      ? [
          {
            line: 'a container of a segment is the router of others',
            family,
            kinds: ['segment'] as Kind[],
            how: 'a router advertisement in a frame with a priority',
            shots: (s: Scene) => [
              {
                from: s.container(2, apps).namespace,
                device: 'eth0',
                frames: [
                  frame(
                    '33:33:00:00:00:01',
                    macOf(s.container(2, apps).namespace, 'eth0'),
                    advertisement('fe80::bad:1'),
                    [0],
                  ),
                ],
              },
            ],
            victims: (s: Scene) => [s.container(1, apps).name],
            mark: () => 'fe80::bad:1',
          } satisfies Attack,
        ]
      : []),
  ]
}

/** All of them that are about a kind of mesh. */
export const attacksOn = (kind: Kind): Attack[] =>
  [strangers, containers, injected, hostile, claimed, around]
    .flatMap(make => (['ipv4', 'ipv6'] as const).flatMap(make))
    .filter(({ kinds }) => kinds.includes(kind))

const shooter = `
import socket, sys
wires = {}
for line in sys.stdin:
    device, frame = line.split()
    frame = bytes.fromhex(frame)
    raw = device == '${mesh}'
    protocol = (0x86dd if frame[0] >> 4 == 6 else 0x0800) if raw else 0
    wire = wires.setdefault(device, socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM if raw else socket.SOCK_RAW))
    try:
        wire.sendto(frame, (device, protocol))
    except OSError as error:
        print(device, error, file=sys.stderr)
`

/** Sends them all, a process for each machine. */
export const fire = (shots: readonly Shot[]): void => {
  const lines = new Map<Namespace, string[]>()
  for (const { from, device, frames } of shots)
    lines.set(from, [
      ...(lines.get(from) ?? []),
      ...frames.map(bytes => `${device} ${bytes.toString('hex')}`),
    ])
  for (const [from, input] of lines) from.must(['python3', '-c', shooter], { input: `${input.join('\n')}\n` })
}
