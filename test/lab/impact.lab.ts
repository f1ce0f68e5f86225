import { expect, test } from 'vitest'
import { until } from './rig/clock.js'
import { type Foretold, unforeseen } from './rig/foretold.js'
import type { Host } from './rig/host.js'
import { lackingHandshakes } from './rig/lacking.js'
import { directory } from './rig/operator.js'
import { type PairFlow, Pairs } from './rig/pairs.js'
import { stepsIn, Terminal, type Typed } from './rig/paste.js'
import { type Run, scenario } from './scenario.js'
import { allReach, firstApply } from './starts.js'

/** A change of mesh.ini, and what the lab has to know of it. */
interface Change {
  readonly what: string
  readonly edit: (run: Run) => unknown
  /** Whether the last node has its other name then. */
  readonly renames?: boolean
}

const set =
  (...words: readonly string[]) =>
  ({ lab }: Run): void => {
    lab.operator.ciabGen('set', ...words)
  }

/** How many nodes: the last one is dialled by both families where all are tried. */
const size = 4
const last = `node${size}`
const renamed = 'edge'

/** The commonest changes. node1 and node4 have addresses of both families, node2 has IPv6 alone, node3 is behind NAT. */
const changes: readonly Change[] = [
  {
    what: 'a node comes',
    edit: async ({ lab }) => {
      await lab.addHost(size + 1)
    },
  },
  {
    what: 'a node leaves',
    edit: ({ lab }) => {
      lab.removeHost(`node${size + 1}`)
    },
  },
  {
    what: 'a node has another name',
    edit: ({ lab }) => lab.operator.ciabGen('rename-node', last, renamed),
    renames: true,
  },
  {
    what: 'and its old one again',
    edit: ({ lab }) => lab.operator.ciabGen('rename-node', renamed, last),
  },
  {
    what: 'a node is dialled elsewhere',
    edit: run => set('node', 'node1', 'endpoint', `[${run.lab.host('node1').uplink.site.ipv6}]`)(run),
  },
  { what: 'a node has another port', edit: set('node', 'node1', 'listen-port', '51900') },
  { what: 'all nodes have another port', edit: set('mesh', 'port', '51910') },
  { what: 'paths carry less', edit: set('mesh', 'path-mtu', '1420') },
  { what: 'paths carry more', edit: set('mesh', 'path-mtu', '1460') },
  { what: 'another VNI', edit: set('mesh', 'vni', '4242') },
  { what: 'a node has another key', edit: ({ lab }) => lab.operator.ciabGen('rotate-key', 'node2') },
  {
    what: 'a node has another key, staged',
    edit: ({ lab }) => lab.operator.ciabGen('rotate-key', 'node1', '--stage'),
  },
  {
    what: 'a node has a container network more',
    edit: ({ lab: { operator } }) => {
      const { containers } = JSON.parse(operator.ciabGen('plan', 'node2')) as {
        containers: { networks: { bridge: string; addresses: string[] }[] }
      }
      const kept = containers.networks.map(({ bridge, addresses }) => `${bridge} ${addresses.join(', ')}`)
      operator.ciabGen(
        'set',
        'node',
        'node2',
        'containers',
        ...kept,
        'br-one 10.200.1.1/24, fd00:200:1::1/64',
      )
    },
  },
  {
    what: 'pairs have other preshared keys',
    edit: ({ lab }) => lab.operator.ciabGen('rotate-psk'),
  },
  { what: 'pairs have no preshared keys', edit: set('mesh', 'preshared-keys', 'no') },
  {
    what: 'two nodes reflect routes',
    edit: run => {
      set('node', 'node1', 'reflector', 'yes')(run)
      set('node', 'node4', 'reflector', 'yes')(run)
    },
  },
]

/** What was foretold, what was typed on which node, and what was lost meanwhile. */
interface Phase {
  readonly foretold: Foretold
  readonly typed: readonly Typed[]
  readonly flows: readonly PairFlow[]
}

/**
 * Runs a step that writes trees, then those that it prints, word for word, with pings between all containers, up to one
 * that writes trees again.
 */
const phaseFrom = async (
  { lab: { operator, hosts } }: Run,
  terminal: Terminal,
  writing: string,
): Promise<Phase & { readonly next: string | undefined }> => {
  operator.namespace.sh('cp "$1/out/_mesh/mesh.ini" "$1/before.ini"', directory)
  const { said } = await terminal.paste(writing)
  const foretold = JSON.parse(
    operator.ciabGen('impact', '--from', 'before.ini', '--format', 'json'),
  ) as Foretold
  const steps = stepsIn(said)
  const again = steps.findIndex(step => /^ciab-gen .* && ciab-gen .*gen$/.test(step))
  const pairs = await Pairs.start(hosts.filter(({ containers }) => containers.length > 0))
  const typed: Typed[] = []
  for (const step of again < 0 ? steps : steps.slice(0, again))
    typed.push(...(await terminal.paste(step)).typed)
  await pairs.flow(60)
  return { foretold, typed, flows: await pairs.stop(), next: again < 0 ? undefined : steps[again] }
}

const steps = (run: Run): void => {
  for (const change of changes)
    test(change.what, async () => {
      const { lab } = run
      await change.edit(run)
      const terminal = Terminal.open(lab.operator, lab.machines)
      terminal.reaches(lab.host(last), renamed)
      const nameOf = ({ name }: Host): string => (change.renames && name === last ? renamed : name)
      const wrong: string[] = []
      let writing: string | undefined = 'ciab-gen gen'
      while (writing !== undefined) {
        const { foretold, typed, flows, next } = await phaseFrom(run, terminal, writing)
        run.report(`${change.what}: foretold`, pairsIn(foretold))
        run.report(`${change.what}: pings lost`, lossIn(flows))
        wrong.push(...unforeseen(foretold, flows, typed, nameOf))
        writing = next
      }
      terminal.close()
      expect(wrong).toEqual([])
      for (const host of lab.hosts) if (host.containers.length === 0) await host.openContainers()
      await until('handshakes', 60, () => lackingHandshakes(lab.hosts))
      await allReach(lab)
    })
}

const pairsIn = ({ gaps }: Foretold): string =>
  gaps
    .map(({ between, until, both, longer, most }) => {
      const nodes = [...(both ? ['both'] : []), ...until].join(' and ')
      const time = most === null ? `until ${nodes}, ${longer ?? 'and'} s longer` : `${most} s`
      return `${between.map(side => side.join(' ')).join(' with ')} ${time}`
    })
    .join('; ') || 'nothing'

const lossIn = (flows: readonly PairFlow[]): string =>
  flows
    .filter(({ lost }) => lost.length > 0)
    .map(({ between, lost, sent }) => {
      const seconds = (lost.at(-1) as number) - (lost[0] as number)
      return `${between.map(({ name }) => name).join('-')} ${lost.length} of ${sent} in ${seconds.toFixed(1)} s`
    })
    .join('; ') || 'none'

scenario('what a change interrupts', firstApply, steps, {
  uplinks: ['dual', 'ipv6', 'nat', 'dual'],
  edit: operator => operator.ciabGen('set', 'mesh', 'preshared-keys', 'yes'),
  size,
})
