import { mkdirSync } from 'node:fs'
import { afterAll, beforeEach, describe, expect } from 'vitest'
import { frr } from '../../src/targets/frr/index.js'
import { judged } from '../support/judge.js'
import { meshText } from '../support/resolved.js'
import { Host, hostTools } from './host.js'

const tenants = meshText(
  [
    '[tenant blue]',
    'containers = 10.50.0.0/16 /24, fd50::/48 /64',
    'share = green',
    '[tenant green]',
    'nodes = n1, n2',
    'containers = 10.60.0.0/16 /24',
    '[targets]',
    'firewall = none',
  ],
  ['hostname = n1'],
  ['hostname = n2'],
  ['hostname = n3'],
)

const reflected = meshText(
  ['[targets]', 'firewall = none'],
  ['hostname = n1'],
  ['hostname = n2', 'reflector = yes'],
  ['hostname = n3'],
)

const host = new Host(frr)
afterAll(() => host.remove())

/** What the routing tables have: `ip -4 route show vrf vrf-blue proto 186` → lines. */
const routes = (tables: Readonly<Record<string, string>>): void => {
  const cases = Object.entries(tables).map(([asked, lines]) => `"${asked}") cat <<'END'\n${lines}\nEND\n;;`)
  for (const tool of ['ip', 'bridge'])
    host.command(tool, `#!/bin/sh\ncase "$*" in\n${cases.join('\n')}\nesac\n`)
}

const said = (): string[] =>
  host
    .apply('--status')
    .output.split('\n')
    .filter(line => line.includes('networks of other nodes') || line.includes('nothing gets to'))

beforeEach(() => {
  host.reset()
  host.command('vtysh', '#!/bin/sh\necho bgpd bfdd zebra\n')
  host.command('ping', '#!/bin/sh\n')
})

describe('networks that no prefix list names', () => {
  const blue = '10.50.2.0/24 via 10.79.0.2 dev br-blue\n10.50.3.0/24 via 10.79.0.3 dev br-blue'
  const blue6 =
    'fd50:0:0:2::/64 via ::ffff:10.79.0.2 dev br-blue\nfd50:0:0:3::/64 via ::ffff:10.79.0.3 dev br-blue'
  // Who has both tables announces the networks of one into the other; n3 has green's for that alone.
  const shared = '10.60.2.0/24 via 10.79.0.2 dev br-blue'
  const green = `10.60.2.0/24 via 10.79.0.2 dev br-green\n${blue.replaceAll('br-blue', 'br-green')}`
  const green6 = blue6.replaceAll('br-blue', 'br-green')
  const macs = { '10.79.0.2': '02:00:00:00:00:02', '10.79.0.3': '02:00:00:00:00:03' }
  /** What zebra puts beside the routes, as ip(8) and bridge(8) show it. */
  const beside = (device: string) => ({
    [`-4 neigh show nud all dev ${device}`]: Object.entries(macs)
      .map(([vtep, mac]) => `${vtep} lladdr ${mac} extern_learn NOARP proto zebra `)
      .join('\n'),
    [`-6 neigh show nud all dev ${device}`]: Object.entries(macs)
      .map(([vtep, mac]) => `::ffff:${vtep} lladdr ${mac} extern_learn NOARP proto zebra `)
      .join('\n'),
    [`fdb show br ${device}`]: Object.entries(macs)
      .map(([vtep, mac]) => `${mac} dev vx dst ${vtep} self extern_learn \n${mac} dev vx master ${device}`)
      .join('\n'),
  })
  const whole = {
    ...beside('br-blue'),
    ...beside('br-green'),
    '-4 route show vrf vrf-blue proto 186': `${blue}\n${shared}`,
    '-6 route show vrf vrf-blue proto 186': blue6,
    '-4 route show vrf vrf-green proto 186': green,
    '-6 route show vrf vrf-green proto 186': green6,
  }

  judged(hostTools, 'are all there', () => {
    host.lay(tenants)
    routes(whole)
    expect(said()).toEqual([
      'ok   tenant blue: 5 of 5 networks of other nodes',
      'ok   tenant green: 5 of 5 networks of other nodes',
    ])
  })

  judged(hostTools, 'of tenants are missing, or in the table of another', () => {
    host.lay(tenants)
    routes({
      ...whole,
      '-4 route show vrf vrf-blue proto 186': blue,
      '-6 route show vrf vrf-green proto 186': green6.split('\n')[0] as string,
      '-4 route show proto 186': shared,
    })
    expect(said()).toEqual([
      'BAD  tenant blue: 4 of 5 networks of other nodes, missing 10.60.2.0/24 (n2)',
      'BAD  tenant green: 4 of 5 networks of other nodes, missing fd50:0:0:3::/64 (n3)',
    ])
  })

  judged(hostTools, 'are there, and lead to no MAC address, or to one that no VXLAN entry has', () => {
    host.lay(tenants)
    const { 'fdb show br br-green': entries = '' } = beside('br-green')
    routes({
      ...whole,
      '-6 neigh show nud all dev br-blue': `::ffff:10.79.0.2 lladdr ${macs['10.79.0.2']} extern_learn NOARP`,
      // The MAC address of one is said to be where the other is.
      'fdb show br br-green': entries.replace('dst 10.79.0.2', 'dst 10.79.0.3'),
    })
    expect(said()).toEqual([
      'ok   tenant blue: 5 of 5 networks of other nodes',
      'ok   tenant green: 5 of 5 networks of other nodes',
      'BAD  tenant blue: nothing gets to fd50:0:0:3::/64 (n3): br-blue has no MAC address for ::ffff:10.79.0.3',
      'BAD  tenant green: nothing gets to 10.60.2.0/24 (n2): br-green has no VXLAN entry for 10.79.0.2',
      'BAD  tenant green: nothing gets to fd50:0:0:2::/64 (n2): br-green has no VXLAN entry for ::ffff:10.79.0.2',
    ])
  })

  judged(
    [...hostTools, 'flock'],
    'of tenants are made again by a timer, which runs, or is said not to',
    () => {
      host.lay(tenants)
      routes(whole)
      mkdirSync(host.at('run/systemd/system'), { recursive: true })
      // systemd runs what it was told to.
      const started = host.at('run/started')
      host.command(
        'systemctl',
        `#!/bin/sh\ncase "$*" in 'is-active '*ciab-tenants.timer) [ -e ${started} ] ;; 'start ciab-tenants.timer') : >${started} ;; esac\n`,
      )
      const stopped = 'BAD  tenants: ciab-tenants.timer does not run'
      expect(host.apply('--status').output).toContain(stopped)
      expect(host.apply().output).toContain("make again what FRR forgets of tenants' ways\n")
      expect(host.apply('--status').output).not.toContain(stopped)
      expect(host.apply().output).not.toContain('make again')
    },
  )

  judged(hostTools, 'come by a reflector, or do not', () => {
    host.lay(reflected)
    routes({
      '-4 route show proto 186': '10.77.2.0/24 via 10.78.0.2 dev vciabmesh',
      '-6 route show proto 186': '',
    })
    expect(said()).toEqual(['BAD  BGP: 1 of 2 networks of other nodes, missing 10.77.3.0/24 (n3)'])
  })
})
