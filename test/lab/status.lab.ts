import { expect, test } from 'vitest'
import type { FleetFinding } from '../../src/index.js'
import { stopwatch, until } from './rig/clock.js'
import { type Host, mesh } from './rig/host.js'
import type { Lab } from './rig/lab.js'
import { lackingMesh, prefixesOf } from './rig/lacking.js'
import { thorough } from './rig/numbers.js'
import { detections, overlayAddress, routes, vtysh } from './rig/probes.js'
import type { Outcome } from './rig/shell.js'
import { type Run, scenario } from './scenario.js'
import { firstApply } from './starts.js'

/** Something that is wrong with a mesh, and what `status` is to say of it, and that alone. */
interface Ailment {
  readonly what: string
  readonly strike: (lab: Lab) => void
  /** What has not followed from it yet: it is asked when all has. */
  readonly awaited: (lab: Lab) => readonly string[]
  readonly finding: {
    readonly cause: FleetFinding['cause']
    readonly nodes: string
    readonly message: string
  }
  readonly mend: (lab: Lab) => void
}

const shell = (host: Host, script: string, ...words: readonly string[]): string =>
  host.machine.sh(script, ...words)

const publicKey = (host: Host): string => host.machine.must(['wg', 'show', mesh, 'public-key']).trim()

/** Neighbors of a node that BFD has not given up yet. */
const stillSeen = (host: Host, ...others: readonly Host[]): string[] => {
  const seen = detections(host)
  return others.filter(other => seen.get(overlayAddress(other)) === 'up').map(({ name }) => name)
}

const behind: Ailment = {
  what: 'a clock that is behind',
  strike: lab =>
    shell(
      lab.host('node2'),
      `cp /usr/bin/date /run/lab/date.real
      printf '#!/bin/sh\nexec /run/lab/date.real -d "150 minutes ago" "$@"\n' >/run/lab/date
      chmod 755 /run/lab/date
      mount --bind /run/lab/date /usr/bin/date`,
    ),
  awaited: () => [],
  finding: {
    cause: 'clock',
    nodes: 'node2',
    message: "the clock of node2 is 2 hours behind the others', or its report is of another time than theirs",
  },
  mend: lab => shell(lab.host('node2'), 'umount /usr/bin/date'),
}

const ailments: readonly Ailment[] = [
  {
    what: 'a port that is shut to all',
    strike: lab =>
      shell(
        lab.host('node2'),
        `nft -f - <<END
table inet shut { chain in { type filter hook input priority -400; iifname eth0 udp dport 51820 drop; }; }
END`,
      ),
    awaited: lab => stillSeen(lab.host('node2'), lab.host('node1'), lab.host('node3')),
    finding: {
      cause: 'port',
      nodes: 'node2 node1 node3',
      message:
        'node1 and node3 → node2: node1 and node3 send, node2 hears nothing: UDP 51820 of node2 is probably closed',
    },
    mend: lab => shell(lab.host('node2'), 'nft delete table inet shut'),
  },
  {
    what: 'another public key on one side',
    strike: lab =>
      shell(
        lab.host('node1'),
        `ips=$(wg show "$1" allowed-ips | sed -n "s|^$2[[:space:]]*||p" | tr ' ' ,)
        endpoint=$(wg show "$1" endpoints | sed -n "s|^$2[[:space:]]*||p")
        wg set "$1" peer "$2" remove peer "$(wg genkey | wg pubkey)" allowed-ips "$ips" endpoint "$endpoint"`,
        mesh,
        publicKey(lab.host('node2')),
      ),
    awaited: lab => stillSeen(lab.host('node1'), lab.host('node2')),
    finding: {
      cause: 'key',
      nodes: 'node1 node2',
      message:
        'node1 and node2: another public key on each side: node1 knows node2 by another than mesh.ini has, or not at all',
    },
    mend: lab => lab.host('node1').apply(),
  },
  {
    what: 'a node with older files, that dials where another no longer listens',
    strike: lab => {
      lab.operator.ciabGen('set', 'node', 'node2', 'listen-port', '51821')
      lab.operator.ciabGen('gen')
      for (const host of lab.hosts.filter(({ name }) => name !== 'node3')) {
        host.deploy(lab.operator)
        host.apply()
      }
    },
    awaited: lab => stillSeen(lab.host('node2'), lab.host('node3')),
    finding: { cause: 'files', nodes: 'node3', message: 'node3 runs other files than this tree' },
    mend: lab => {
      lab.host('node3').deploy(lab.operator)
      lab.host('node3').apply()
    },
  },
  {
    what: 'a prefix that was refused before it was let in, since nobody asked for it again',
    strike: lab => {
      const [host, other] = [lab.host('node3'), lab.host('node1')]
      const [prefix = ''] = prefixesOf(other)
      const line = vtysh(host, 'show running-config')
        .split('\n')
        .find(line => line.startsWith('ip prefix-list ') && line.includes(` ${prefix}`))
      vtyshAll(host, 'configure terminal', `no ${line}`)
      vtyshAll(host, `clear bgp ${overlayAddress(other)} soft in`)
      // The other announces it again, and that has to come while it is refused.
      shell(
        host,
        'for _ in $(seq 100); do ip -4 route show proto bgp | grep -q "^$1 " || exit 0; sleep 0.1; done',
        prefix,
      )
      vtyshAll(host, 'configure terminal', line ?? '')
    },
    awaited: lab => {
      const [prefix = ''] = prefixesOf(lab.host('node1'))
      return routes(lab.host('node3')).includes(prefix) ? [prefix] : []
    },
    finding: {
      cause: 'prefix',
      nodes: 'node3 node1',
      message:
        'node3: the session with node1 is up, but 10.141.7.0/24 is missing, since node1 was applied before node3',
    },
    mend: lab => lab.host('node3').apply(),
  },
  {
    what: 'a bgpd that is dead',
    strike: lab =>
      shell(
        lab.host('node2'),
        'cd /run/frr; kill -9 "$(cat watchfrr.pid)" "$(cat bgpd.pid)"; rm watchfrr.pid bgpd.*',
      ),
    awaited: lab =>
      lab.hosts
        .filter(({ name }) => name !== 'node2')
        .flatMap(host => routes(host).filter(route => prefixesOf(lab.host('node2')).includes(route))),
    finding: { cause: 'daemon', nodes: 'node2', message: 'node2: bgpd does not run' },
    mend: lab => lab.host('node2').apply(),
  },
  {
    what: 'a path that is narrower than planned',
    strike: lab => narrow(lab, 'node2', 1380),
    awaited: () => [],
    finding: {
      cause: 'mtu',
      nodes: 'node2 node1 node3',
      message: 'node2 and each of node1 and node3: the path MTU is 1380, planned 1500',
    },
    mend: lab => narrow(lab, 'node2', 1500),
  },
  // By a stand-in for date: the kernel has one clock for all of a lab.
  ...(thorough ? [behind] : []),
]

const vtyshAll = (host: Host, ...commands: readonly string[]): string =>
  host.machine.must(['vtysh', ...commands.flatMap(command => ['-c', command])])

/** Everything that goes to a node or comes from it has to pass there. */
const narrow = (lab: Lab, name: string, bytes: number): void => {
  const { site } = lab.host(name).uplink
  lab.internet.namespace.sh(
    'ip link set "site$1" mtu "$2"; ip link set "port$1" mtu "$2"',
    String(site.number),
    String(bytes),
  )
  // What a kernel has learnt of a path it believes for ten minutes.
  for (const { machine } of lab.hosts) machine.sh('ip route flush cache; ip -6 route flush cache')
}

/** What `ciab-gen status` says of what the nodes say. */
const asked = async ({ hosts, operator }: Lab): Promise<Outcome> => {
  const all = await Promise.all(
    hosts.map(async host => ({
      name: host.name,
      ...(await host.machine.runBeside(['sh', '/etc/ciab/apply.sh', '--status', '--json'])),
    })),
  )
  for (const { name, stdout } of all) operator.put(`status/${name}.json`, stdout)
  return operator.tryCiabGen('status', '--json')
}

const findingsIn = ({ stdout }: Outcome): readonly FleetFinding[] =>
  (JSON.parse(stdout) as { findings: FleetFinding[] }).findings

const steps = (run: Run): void => {
  const elapsed = stopwatch()

  test('nothing, where all is well', async () => {
    const said = await asked(run.lab)
    expect(findingsIn(said)).toEqual([])
    expect(said.status).toBe(0)
  })

  test.each(thorough ? ailments : ailments.slice(0, 2))(
    '$what',
    async ({ strike, awaited, finding, mend }) => {
      strike(run.lab)
      await until('what follows from it', 30, () => awaited(run.lab))
      const said = await asked(run.lab)
      mend(run.lab)
      expect(
        findingsIn(said).map(({ cause, nodes, message }) => ({ cause, nodes: nodes.join(' '), message })),
      ).toEqual([finding])
      expect(said.status).toBe(1)
      await until('convergence', 60, () => lackingMesh(run.lab.hosts))
    },
  )

  test('and nothing again, when all is mended', async () => {
    expect(findingsIn(await asked(run.lab))).toEqual([])
    run.report('all causes named, from the first machine on', elapsed())
  })
}

scenario('what status says of a mesh', firstApply, steps, { size: 3, uplinks: ['dual', 'dual', 'nat'] })
