import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { beginnings } from '../../src/fleet/lines.js'
import { judgeFleet, type Mesh } from '../../src/index.js'
import {
  type Draft,
  endSession,
  meshWith,
  now,
  peerIn,
  receivedOf,
  saysBad,
  sessionIn,
  silence,
  treeOf,
  wellFleet,
} from './reports.js'

type Fleet = Map<string, Draft>

const three = meshWith(3)
const trees = (mesh: Mesh): Map<string, string> => new Map(mesh.nodes.map(({ name }) => [name, treeOf(name)]))

/** What is found where one thing is changed in a fleet that is well. */
const found = (change: (fleet: Fleet) => void, mesh = three, at: number | null = now + 1) => {
  const fleet = wellFleet(mesh)
  change(fleet)
  return judgeFleet(mesh, receivedOf(fleet, at), trees(mesh)).findings
}

const node = (fleet: Fleet, name: string): Draft => {
  const one = fleet.get(name)
  if (!one) throw new Error(`there is no ${name}`)
  return one
}

/** Each is the only finding, whatever follows from it. */
const table: readonly (readonly [
  title: string,
  change: (fleet: Fleet) => void,
  cause: string,
  message: RegExp | string,
  mesh?: Mesh,
])[] = [
  [
    'a closed port',
    fleet => silence(fleet, 'node1', 'node2'),
    'port',
    'node1 → node2: node1 sends, node2 hears nothing, though it hears node3: UDP 51820 of node2 is probably closed to it',
  ],
  [
    'a port that is closed to all',
    fleet => {
      silence(fleet, 'node1', 'node2')
      silence(fleet, 'node3', 'node2')
    },
    'port',
    'node1 and node3 → node2: node1 and node3 send, node2 hears nothing: UDP 51820 of node2 is probably closed',
  ],
  [
    'a port closed to one behind NAT, which nobody can dial',
    fleet => {
      silence(fleet, 'node3', 'node1')
      peerIn(fleet, 'node3', 'node1').receivedNow = 0
    },
    'port',
    'node3 → node1: node3 sends, node1 hears nothing, though it hears node2: UDP 51820 of node1 is probably closed to it',
    meshWith(3, [3]),
  ],
  [
    'answers that do not come in to one behind NAT',
    fleet => silence(fleet, 'node1', 'node3'),
    'port',
    /^node1 → node3: .* behind NAT/,
    meshWith(3, [3]),
  ],
  [
    'nothing in either direction',
    fleet => {
      silence(fleet, 'node1', 'node2')
      peerIn(fleet, 'node1', 'node2').receivedNow = 0
    },
    'port',
    'node1 and node2: nothing passes between them, in either direction',
  ],
  [
    'another port than is dialled',
    fleet => {
      silence(fleet, 'node1', 'node2')
      silence(fleet, 'node3', 'node2')
      const report = node(fleet, 'node2')
      report.tunnel = report.tunnel && { ...report.tunnel, listenPort: 40_000 }
      saysBad(
        report,
        'wg_quick',
        "tunnel: not as in /etc/wireguard/ciabmesh.conf: change this node's own settings",
      )
    },
    'port',
    'node2 listens on UDP 40000, and node1 and node3 send to 51820',
  ],
  [
    'a name that is no address',
    fleet => {
      silence(fleet, 'node1', 'node2')
      Object.assign(peerIn(fleet, 'node1', 'node2'), { endpoint: null })
    },
    'port',
    'node1 does not know where node2 is',
  ],
  [
    'an endpoint that has gone astray',
    fleet => {
      silence(fleet, 'node1', 'node2')
      saysBad(
        node(fleet, 'node1'),
        'wg_quick',
        'endpoint of node2: 198.51.100.7:1, the file says 203.0.113.2:51820',
      )
    },
    'port',
    'node1 looks for node2 elsewhere than the files say, and it does not answer there',
  ],
  [
    'preshared keys',
    fleet => {
      silence(fleet, 'node1', 'node2')
      peerIn(fleet, 'node2', 'node1').receivedNow = 148
    },
    'handshake',
    /^node1 and node2 hear each other, .* preshared keys/,
  ],
  [
    'a key that one does not know',
    fleet => {
      silence(fleet, 'node1', 'node2')
      Object.assign(peerIn(fleet, 'node1', 'node2'), {
        name: null,
        publicKey: node(fleet, 'node3').tunnel?.publicKey,
      })
      saysBad(node(fleet, 'node1'), 'wg_quick', 'tunnel: not as in /etc/wireguard/ciabmesh.conf: add node2')
    },
    'key',
    'node1 and node2: another public key on each side: node1 knows node2 by another than mesh.ini has, or not at all',
  ],
  [
    'a key that mesh.ini does not know',
    fleet => {
      silence(fleet, 'node1', 'node2')
      silence(fleet, 'node3', 'node2')
      const report = node(fleet, 'node2')
      report.tunnel = report.tunnel && { ...report.tunnel, publicKey: `${'C'.repeat(42)}E=` }
      saysBad(
        report,
        'wg_quick',
        "tunnel: not as in /etc/wireguard/ciabmesh.conf: change this node's own settings",
      )
    },
    'key',
    'node2, node1 and node3: another public key on each side: node2 runs with another than mesh.ini has for it',
  ],
  [
    'older files, with all that may follow',
    fleet => {
      Object.assign(node(fleet, 'node3'), { tree: treeOf('old'), applied: treeOf('old') })
      silence(fleet, 'node1', 'node3')
      Object.assign(sessionIn(fleet, 'node2', 'node3'), { missing: ['10.99.0.0/16'] })
      saysBad(
        node(fleet, 'node2'),
        'frr',
        'BGP node3 (10.78.0.3): Established, BFD up, 1 of 2 prefixes, missing 10.99.0.0/16',
      )
    },
    'files',
    'node3 runs other files than this tree',
  ],
  [
    'files that were copied and not applied',
    fleet => {
      node(fleet, 'node3').applied = treeOf('old')
      saysBad(node(fleet, 'node3'), 'files', 'files: copied, and not applied yet: /etc/frr/frr.conf')
      saysBad(
        node(fleet, 'node3'),
        'frr',
        'FRR runs with other lines than frr.conf has (2 differ); apply.sh mends that',
      )
    },
    'files',
    'node3 runs other files than this tree, which was copied to it, and not applied',
  ],
  [
    'files edited there',
    fleet => saysBad(node(fleet, 'node3'), 'files', 'files: edited here: /etc/frr/frr.conf'),
    'files',
    'node3: files: edited here: /etc/frr/frr.conf',
  ],
  [
    'a dead bgpd',
    fleet => {
      saysBad(node(fleet, 'node2'), 'frr', 'bgpd does not run')
      endSession(fleet, 'node1', 'node2')
      endSession(fleet, 'node3', 'node2')
      node(fleet, 'node2').sessions = []
    },
    'daemon',
    'node2: bgpd does not run',
  ],
  [
    'a tunnel that is not up',
    fleet => {
      saysBad(node(fleet, 'node2'), 'wg_quick', 'tunnel: ciabmesh is not up')
      silence(fleet, 'node1', 'node2')
      silence(fleet, 'node3', 'node2')
      Object.assign(node(fleet, 'node2'), { tunnel: null, peers: [] })
    },
    'daemon',
    'node2: tunnel: ciabmesh is not up: nobody reaches node2 in the mesh',
  ],
  [
    'a tool that hangs',
    fleet => Object.assign(node(fleet, 'node2'), { silent: ['vtysh'], sound: false }),
    'daemon',
    /^node2: vtysh does not answer/,
  ],
  [
    'a narrow path that swallows',
    fleet => {
      Object.assign(peerIn(fleet, 'node1', 'node2'), { mtu: 1327 })
      Object.assign(peerIn(fleet, 'node2', 'node1'), { mtu: 1327 })
      for (const [of, about] of [
        ['node1', 'node2'],
        ['node2', 'node1'],
      ] as const)
        saysBad(
          node(fleet, of),
          'wg_quick',
          `path to ${about}: no answer to 1440 bytes in one piece, but to 1327`,
        )
    },
    'mtu',
    'node1 and node2: the path MTU is about 1388, planned 1500',
  ],
  [
    'a node that the way to is narrow',
    fleet => {
      for (const [of, about, mtu, pathMtu] of [
        ['node1', 'node2', 1312, 1380],
        ['node2', 'node1', 1312, 1500],
        ['node2', 'node3', 1340, 1500],
        ['node3', 'node2', 1340, 1400],
      ] as const) {
        Object.assign(peerIn(fleet, of, about), { mtu, pathMtu })
        saysBad(
          node(fleet, of),
          'wg_quick',
          `path to ${about}: no answer to 1440 bytes in one piece, but to ${mtu}`,
        )
      }
    },
    'mtu',
    'node2 and each of node1 and node3: the path MTU is 1380 to 1400, planned 1500',
  ],
  [
    'a narrow path that the kernel knows of',
    fleet => {
      Object.assign(peerIn(fleet, 'node1', 'node2'), { pathMtu: 1380 })
      saysBad(
        node(fleet, 'node1'),
        'wg_quick',
        'path: this host cut packets up meanwhile; if nothing else here does, path-mtu in mesh.ini is too large',
      )
    },
    'mtu',
    'node1 and node2: the path MTU is 1380, planned 1500',
  ],
  [
    'an MTU that is not that of the file',
    fleet => {
      saysBad(node(fleet, 'node1'), 'wg_quick', 'tunnel: the MTU of ciabmesh is 1280, not 1440')
      for (const other of ['node2', 'node3'])
        saysBad(node(fleet, 'node1'), 'wg_quick', `path to ${other}: no answer to 1440 bytes in one piece`)
    },
    'node',
    'node1: tunnel: the MTU of ciabmesh is 1280, not 1440',
  ],
  [
    'a session that is down though the tunnel works',
    fleet => endSession(fleet, 'node1', 'node2', 'Active'),
    'session',
    'node1 and node2: the tunnel works, and the BGP session is Active, BFD down',
  ],
  [
    'a prefix that was refused before it was let in',
    fleet => {
      node(fleet, 'node1').appliedAt = now - 60
      Object.assign(sessionIn(fleet, 'node1', 'node2'), { missing: ['10.77.2.0/24'] })
      saysBad(
        node(fleet, 'node1'),
        'frr',
        'BGP node2 (10.78.0.2): Established, BFD up, 0 of 1 prefixes, missing 10.77.2.0/24',
      )
    },
    'prefix',
    'node1: the session with node2 is up, but 10.77.2.0/24 is missing, since node2 was applied before node1',
  ],
  [
    'a prefix that is announced to nobody',
    fleet => {
      for (const of of ['node1', 'node3']) {
        Object.assign(sessionIn(fleet, of, 'node2'), { missing: ['10.77.2.0/24'] })
        saysBad(
          node(fleet, of),
          'frr',
          'BGP node2 (10.78.0.2): Established, BFD up, 0 of 1 prefixes, missing 10.77.2.0/24',
        )
      }
    },
    'prefix',
    'node2 announces 10.77.2.0/24 to nobody, though its sessions are up',
  ],
  [
    'FRR that runs with other lines',
    fleet => {
      saysBad(
        node(fleet, 'node2'),
        'frr',
        'FRR runs with other lines than frr.conf has (1 differ); apply.sh mends that',
      )
      endSession(fleet, 'node1', 'node2', 'Active')
    },
    'node',
    'node2: FRR runs with other lines than frr.conf has (1 differ); apply.sh mends that',
  ],
  [
    'a packet filter that is not loaded',
    fleet => saysBad(node(fleet, 'node2'), 'guard', 'packet filter: not loaded'),
    'node',
    'node2: packet filter: not loaded',
  ],
  [
    'a clock that is behind',
    fleet => {
      node(fleet, 'node2').time = now - 4000
    },
    'clock',
    /^the clock of node2 is 66 minutes behind the others'/,
  ],
  [
    'a clock that is ahead',
    fleet => {
      node(fleet, 'node2').time = now + 90_000
    },
    'clock',
    /^the clock of node2 is 25 hours ahead of the others'/,
  ],
  [
    'a clock that has gone back, and what that does to one that cannot be dialled',
    fleet => {
      silence(fleet, 'node3', 'node1')
      peerIn(fleet, 'node3', 'node1').handshake = -300
      peerIn(fleet, 'node3', 'node1').receivedNow = 0
    },
    'clock',
    'the clock of node3 has gone back since its last handshake with node1',
    meshWith(3, [3]),
  ],
  [
    'no report of a node that is heard',
    fleet => fleet.delete('node2'),
    'report',
    'node2 has no report, though node1 and node3 hear it',
  ],
  [
    'no report of a node that is down',
    fleet => {
      silence(fleet, 'node2', 'node1')
      silence(fleet, 'node2', 'node3')
      fleet.delete('node2')
    },
    'report',
    'node2 has no report, and nobody hears it: it is probably down',
  ],
  [
    'a report of a stranger',
    fleet => fleet.set('node9', { ...node(fleet, 'node1'), node: 'node9' }),
    'report',
    'status/node9.json is of node9, which is not in mesh.ini',
  ],
  [
    'a report of another mesh',
    fleet => fleet.set('other', { ...node(fleet, 'node1'), mesh: 'othermesh' }),
    'report',
    'status/other.json is of node1 in the mesh othermesh, not in ciabmesh',
  ],
  [
    'two reports of one node',
    fleet => fleet.set('node9', { ...node(fleet, 'node1') }),
    'report',
    'status/node9.json and status/node1.json are both of node1',
  ],
]

const cases = table.map(([title, change, cause, message, mesh = three]) => ({
  title,
  change,
  cause,
  message,
  mesh,
}))

describe('the cause is named, and no other', () => {
  test.each(cases)('$title', ({ change, cause, message, mesh }) => {
    const findings = found(change, mesh)
    expect(findings.map(finding => [finding.cause, finding.message])).toEqual([
      [cause, typeof message === 'string' ? message : expect.stringMatching(message)],
    ])
    expect(findings[0]?.hint).toMatch(/^[a-z].{10}/)
  })

  test.each(cases)('all lines are explained: $title', ({ change, mesh }) => {
    const fleet = wellFleet(mesh)
    change(fleet)
    const said = [...fleet.values()].flatMap(({ node, lines, mesh: of }) =>
      of === mesh.name && mesh.nodes.some(({ name }) => name === node)
        ? lines.filter(({ state }) => state === 'bad').map(({ text }) => `${node}: ${text}`)
        : [],
    )
    const explained = judgeFleet(mesh, receivedOf(fleet), trees(mesh)).findings.flatMap(
      ({ explains }) => explains,
    )
    expect([...new Set(explained)].sort()).toEqual([...new Set(said)].sort())
  })
})

test('where all is well nothing is found, whoever has times', () => {
  for (const mesh of [
    three,
    meshWith(3, [3]),
    meshWith(3, [2, 3]),
    meshWith(1),
    meshWith(5, [], 'vni = 5'),
  ]) {
    expect(found(() => {}, mesh)).toEqual([])
    expect(found(() => {}, mesh, null)).toEqual([])
  }
})

test('reports of one hour that were copied together have sound clocks; older ones are told', () => {
  expect(
    found(
      fleet => {
        node(fleet, 'node2').time -= 100
      },
      three,
      now + 3600,
    ),
  ).toEqual([])
  const fleet = wellFleet(three)
  node(fleet, 'node2').time -= 7200
  const received = receivedOf(fleet).map(one =>
    one.report.node === 'node2' ? { ...one, at: now - 7199 } : one,
  )
  expect(judgeFleet(three, received, trees(three)).findings.map(({ message }) => message)).toEqual([
    'the report of node2 is 2 hours older than the others',
  ])
})

test('several causes are each told', () => {
  const findings = found(fleet => {
    silence(fleet, 'node1', 'node2')
    saysBad(node(fleet, 'node4'), 'frr', 'bgpd does not run')
    endSession(fleet, 'node4', 'node5')
    node(fleet, 'node5').tree = treeOf('x')
  }, meshWith(5))
  expect(findings.map(({ cause, nodes }) => [cause, nodes[0]])).toEqual([
    ['files', 'node5'],
    ['daemon', 'node4'],
    ['port', 'node2'],
  ])
})

test('a pair that meets through a third is not missed between the two, and falls with its relay', () => {
  const mesh = meshWith(3, [2, 3])
  const findings = found(fleet => {
    silence(fleet, 'node2', 'node1')
    endSession(fleet, 'node2', 'node3')
  }, mesh)
  expect(findings.map(({ cause, nodes }) => [cause, nodes])).toEqual([['port', ['node1', 'node2']]])
})

test('without trees nothing is said of files', () => {
  const fleet = wellFleet(three)
  node(fleet, 'node2').tree = treeOf('x')
  const { findings, nodes } = judgeFleet(three, receivedOf(fleet))
  expect(findings).toEqual([])
  expect(nodes.map(({ current }) => current)).toEqual([null, null, null])
})

test('each beginning is that of a sentence of --status', () => {
  const [tables = ''] = readFileSync(new URL('../../docs/status.md', import.meta.url), 'utf8').split(
    '\n## For programs\n',
  )
  const sentences = [...tables.matchAll(/^\| `(.*?)` \|/gm)].map(([, sentence = '']) =>
    sentence
      .replaceAll('…', 'x')
      .replace('handshake with x', 'handshake with x: x')
      .replace('endpoint of x', 'endpoint of x: x')
      .replace('path to x', 'path to x: x')
      .replace('name of x', 'name of x: x'),
  )
  for (const [, pattern] of beginnings)
    expect(
      sentences.filter(text => pattern.test(text)),
      `${pattern}`,
    ).not.toEqual([])
})
