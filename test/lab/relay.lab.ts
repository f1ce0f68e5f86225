import { expect, test } from 'vitest'
import { stopwatch, until } from './rig/clock.js'
import { lackingRoutes, lackingSessions } from './rig/lacking.js'
import { pingEveryPair } from './rig/pings.js'
import { handshakes } from './rig/probes.js'
import { scenario } from './scenario.js'
import { allReach, containersOnly } from './starts.js'

/** Two nodes behind NAT have no way to each other: node1 has to forward between them. */
scenario(
  'two nodes behind NAT',
  containersOnly,
  run => {
    test('all of it comes up, by way of another node', async () => {
      const elapsed = stopwatch()
      await Promise.all(run.lab.hosts.map(host => host.boot()))
      await until('convergence', 60, () => [
        ...lackingSessions(run.lab.hosts),
        ...lackingRoutes(run.lab.hosts),
      ])
      run.report('from boot to sessions and routes of all pairs', elapsed())
      await allReach(run.lab)
      run.report('pings answered, sources unchanged', pingEveryPair(run.lab.hosts).passed)
      for (const host of run.lab.hosts) {
        const others = run.lab.hosts.length - 1
        expect(handshakes(host).size, host.name).toBe(host.uplink.kind === 'nat' ? others - 1 : others)
      }
    })

    test('packets of the full MTU pass between the two', () => {
      const [from, to] = run.lab.hosts
        .filter(({ uplink }) => uplink.kind === 'nat')
        .map(host => host.containers[0])
      if (!from || !to) throw new Error('there are no two nodes behind NAT')
      expect(from.fitting([to.ipv4, to.ipv6], from.bridge.mtu)).toHaveLength(2)
    })
  },
  // Other nodes would be neither end nor the way between.
  { uplinks: ['dual', 'nat', 'nat'], size: 'smallest', falling: ['node1'] },
)
