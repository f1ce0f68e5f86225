import { afterAll, expect, test } from 'vitest'
import { stopwatch, until } from './rig/clock.js'
import { type Host, mesh } from './rig/host.js'
import type { Lab } from './rig/lab.js'
import { thorough } from './rig/numbers.js'
import { Stream } from './rig/stream.js'
import { hasSystemd, SystemdTimer } from './rig/systemd.js'
import { expectUninterrupted, stateOf } from './rig/uninterrupted.js'
import { scenario } from './scenario.js'
import { firstApply } from './starts.js'

const name = 'moving.example.net'

/** What every node's resolver says of the name. */
const told = ({ hosts }: Lab, address: string): void => {
  for (const { machine } of hosts)
    machine.sh(
      '{ grep -v " $2$" /etc/hosts; echo "$1 $2"; } >/run/hosts; cat /run/hosts >/etc/hosts',
      address,
      name,
    )
}

const keyOf = (host: Host): string => host.machine.must(['wg', 'show', mesh, 'public-key']).trim()

/** What looks names up again, until it is stopped. */
interface Follower {
  stop(): Promise<string>
}

/** By the node's own timer, where there is a systemd to start it; otherwise as that does. */
const follow = ({ machine }: Host): Promise<Follower> =>
  hasSystemd
    ? SystemdTimer.start(machine, 'ciab-names')
    : machine.start(['sh', '-c', 'while :; do sh /etc/ciab/follow-names.sh; sleep 20; done'])

/**
 * node2 is dialled by a name, and its provider gives it another address. node1 hears it from there; node3's router lets
 * nobody in that it has not spoken to.
 */
scenario(
  'an endpoint that moves',
  async run => {
    told(run.lab, '198.18.2.2')
    await firstApply(run)
  },
  run => {
    const followers: Follower[] = []
    const stopped = (): Promise<string[]> => Promise.all(followers.splice(0).map(follower => follower.stop()))
    afterAll(stopped)

    test('is found again within a minute and a half, and no other peer is touched', async () => {
      const [node1, node2, node3] = ['node1', 'node2', 'node3'].map(host => run.lab.host(host)) as [
        Host,
        Host,
        Host,
      ]
      for (const host of [node1, node3])
        expect(host.apply('--status'), host.name).toMatch(
          /^ok {3}name of node2: moving\.example\.net is 198\.18\.2\.2:51820, heard \d+ s ago$/m,
        )
      followers.push(...(await Promise.all([node1, node3].map(follow))))
      const before = stateOf(node3, [keyOf(node2), ...neighborsOf(node2)])
      const stream = await Stream.start([node1, node3])
      const elapsed = stopwatch()
      node2.machine.sh(
        'ip address del 198.18.2.2/24 dev eth0; ip address add 198.18.2.3/24 dev eth0; ip route add default via 198.18.2.1',
      )
      told(run.lab, '198.18.2.3')
      const there = node2.containers[0]
      if (!there) throw new Error('node2 has no containers')
      await until('an answer from node2', 90, () =>
        node3.containers.flatMap(from =>
          from.ping([there.ipv4, there.ipv6]).length === 2 ? [] : [`${from.name} has none`],
        ),
      )
      run.report(`from the move to an answer, by ${hasSystemd ? 'systemd' : 'a loop'}`, elapsed())
      const { answered, lost } = await stream.stop()
      run.report('pings between the two others meanwhile', answered)
      expect(lost).toEqual([])
      expectUninterrupted(node3, before)
      expect(node3.apply('--status')).toMatch(
        /^ok {3}name of node2: moving\.example\.net is 198\.18\.2\.3:51820, /m,
      )
      const [, said] = await stopped()
      expect(said).toMatch(
        /^ciabmesh: node2 is silent at 198\.18\.2\.2:51820, and moving\.example\.net is 198\.18\.2\.3 now$/m,
      )
    })

    test.runIf(thorough)('and once it has an address in mesh.ini, nothing looks it up any more', async () => {
      run.lab.operator.ciabGen('set', 'node', 'node2', 'endpoint', '198.18.2.3')
      run.lab.operator.ciabGen('gen')
      for (const host of run.lab.hosts) {
        host.deploy(run.lab.operator)
        host.apply()
        expect(host.machine.run(['test', '-e', '/etc/ciab/follow-names.sh']).status, host.name).not.toBe(0)
        expect(host.apply('--status')).not.toContain('name of')
      }
    })
  },
  {
    uplinks: ['dual', 'dual', 'nat'],
    size: 3,
    edit: operator => operator.ciabGen('set', 'node', 'node2', 'endpoint', name),
  },
)

/** Its addresses on the overlay, by which BGP's sessions with it are told. */
const neighborsOf = (host: Host): string[] =>
  (
    JSON.parse(host.machine.must(['ip', '-json', 'address', 'show', 'dev', `v${mesh}`])) as {
      addr_info: { local: string }[]
    }[]
  ).flatMap(({ addr_info }) => addr_info.map(({ local }) => local))
