import { expect, test } from 'vitest'
import { until } from './rig/clock.js'
import type { Host } from './rig/host.js'
import { lackingRoutes, lackingSessions } from './rig/lacking.js'
import { thorough } from './rig/numbers.js'
import { fragments, routes } from './rig/probes.js'
import { type Run, type Stage, type Start, scenario } from './scenario.js'
import { allReach, containersOnly } from './starts.js'

/** Every path of the internet, and the nodes' own ends of it, as on a provider's private network. */
const narrow = ({ lab }: Run, path: number): void => {
  for (const { machine, uplink } of lab.hosts) {
    const words = [String(uplink.site.number), String(path)]
    lab.internet.namespace.sh('ip link set port$1 mtu $2; ip link set site$1 mtu $2', ...words)
    machine.must(['ip', 'link', 'set', 'eth0', 'mtu', String(path)])
  }
}

/** The mesh dialled in IPv4, with these lines in [mesh] in place of what they replace, and others for each node. */
const with4 =
  (
    mesh: readonly string[],
    ofNode: (id: number) => readonly string[] = () => [],
  ): NonNullable<Stage['edit']> =>
  operator => {
    let id = 0
    operator.edit(text =>
      text
        .split('\n')
        .flatMap(line => {
          const key = line.split(/[ =]/)[0] as string
          if (line === '[mesh]') return [line, 'families = ipv4', ...mesh]
          if (line.startsWith('[node ')) return [line, ...ofNode(++id)]
          const replaced = id === 0 ? mesh : ofNode(id)
          if (replaced.some(other => other.startsWith(`${key} =`))) return []
          return [key === 'endpoint' ? line.replace(/, \[.*/, '') : line]
        })
        .join('\n'),
    )
  }

const expectWhole = (hosts: readonly Host[], capture: { lines(filter: string): string[] }): void => {
  for (const host of hosts) expect(fragments(host), `${host.name}: FragCreates`).toBe(0)
  expect(capture.lines('(ip[6:2] & 0x3fff != 0) or ip6[6] = 44')).toEqual([])
}

const narrowAndStart: (path: number) => Start = path => async run => {
  narrow(run, path)
  await containersOnly(run)
}

scenario(
  'a path of 1400 bytes, dialled in IPv4',
  narrowAndStart(1400),
  run => {
    test('carries packets of exactly 1290 bytes, in both families, in one piece', async () => {
      await Promise.all(run.lab.hosts.map(host => host.boot()))
      await until('convergence', 60, () => [
        ...lackingSessions(run.lab.hosts),
        ...lackingRoutes(run.lab.hosts),
      ])
      await allReach(run.lab)
      const capture = await run.lab.internet.capture()
      const containers = run.lab.hosts.flatMap(host => host.containers.slice(0, 1))
      for (const from of containers) {
        expect(from.bridge.mtu).toBe(1400 - 60 - 50)
        const to = containers.filter(other => other !== from).flatMap(other => [other.ipv4, other.ipv6])
        expect(from.fitting(to, 1290).sort(), from.name).toEqual(to.sort())
        expect(from.fitting(to, 1291, 1), from.name).toEqual([])
      }
      await capture.stop()
      // 14 of Ethernet are counted as well.
      run.report('largest packets at the internet', capture.lines('greater 1400').length)
      expect(capture.lines('greater 1400')).not.toEqual([])
      expectWhole(run.lab.hosts, capture)
    })
  },
  { uplinks: ['dual', 'dual', 'dual'], size: 'smallest', edit: with4(['path-mtu = 1400']) },
)

/** Bridges of the operator's own: LXD makes none so narrow. */
const ownBridges: Start = async run => {
  narrow(run, 1280)
  for (const { machine, uplink } of run.lab.hosts)
    machine.sh(
      'ip link add br0 mtu 1220 type bridge; ip address add 10.77.$1.1/24 dev br0; ip link set br0 up',
      String(uplink.site.number),
    )
}

if (thorough)
  scenario(
    'IPv4 alone and no VXLAN, on a path of 1280 bytes',
    ownBridges,
    run => {
      const number = (host: Host): number => host.uplink.site.number
      test('carries packets of exactly 1220 bytes in one piece', async () => {
        // Not by wg-meshup.sh, which gives the tunnel an IPv6 address: on so narrow a device there is no IPv6.
        await Promise.all(run.lab.hosts.map(host => host.applyBeside()))
        const others = (host: Host): Host[] => run.lab.hosts.filter(other => other !== host)
        await until('routes', 60, () =>
          run.lab.hosts.flatMap(host => {
            const found = routes(host)
            return others(host).flatMap(other =>
              found.includes(`10.77.${number(other)}.0/24`) ? [] : [`${host.name} has none to ${other.name}`],
            )
          }),
        )
        const capture = await run.lab.internet.capture()
        for (const host of run.lab.hosts)
          for (const other of others(host)) {
            const [from, to] = [`10.77.${number(host)}.1`, `10.77.${number(other)}.1`]
            const ping = (size: number): number =>
              host.machine.run([
                'ping',
                '-n',
                '-q',
                '-c',
                '1',
                '-W',
                '3',
                '-M',
                'do',
                '-s',
                `${size - 28}`,
                '-I',
                from,
                to,
              ]).status ?? -1
            await until(`${from} to ${to}`, 15, () => (ping(1220) === 0 ? [] : ['no answer']))
            expect(ping(1221), `${from} to ${to}`).not.toBe(0)
          }
        await capture.stop()
        expect(capture.lines('greater 1280')).not.toEqual([])
        expectWhole(run.lab.hosts, capture)
        for (const host of run.lab.hosts) expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
        await Promise.all(run.lab.hosts.map(host => host.applyBeside('--status')))
      })
    },
    {
      uplinks: ['dual', 'dual', 'dual'],
      size: 'smallest',
      edit: with4(
        [
          'path-mtu = 1280',
          'mode = l3',
          'underlay = 10.79.0.0/16',
          'overlay = 10.78.0.0/16',
          'containers = none',
          'container-runtime = none',
        ],
        id => [`containers = br0 10.77.${id}.1/24`],
      ),
    },
  )
