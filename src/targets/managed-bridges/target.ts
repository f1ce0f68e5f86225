import type { NodePlan } from '../../model/plan.js'
import type { Chunk } from '../../render/chunks.js'
import type { OutputFile, Target } from '../../render/target.js'
import { template, type View } from '../../render/template.js'
import { scalar } from '../../render/yaml.js'
import { abilityOf } from './ability.js'
import bridges from './apply.sh'
import { type Bridge, bridgeOf } from './bridge.js'
import bridgeSource from './bridge.yaml.mustache'
import type { Daemon } from './daemon.js'
import left from './left.sh'
import { interrupts, notesOf } from './notes.js'
import pinned from './pinned.sh'
import preseedSource from './preseed.yaml.mustache'
import removePart from './remove.sh'

const bridgeYaml = template(bridgeSource)
const preseedYaml = template(preseedSource)

/** A target for a daemon that keeps bridges for its containers, LXD or its fork Incus. */
export const managedBridges = (daemon: Daemon): Target => {
  const { name } = daemon
  return {
    ...abilityOf(daemon),

    files(node) {
      const [first, ...others] = node.containers.networks
        .filter(network => !network.existing)
        .map(network => bridgeOf(node, network))
      // The operator's own bridges are in no file: a preseed or an edit would set all of their keys.
      if (!first) return []
      const bridges = [first, ...others].map(bridgeView)
      const file = (base: string, content: Chunk[]): OutputFile => ({
        path: `etc/ciab/${name}/${base}.yaml`,
        mode: 0o644,
        secret: false,
        content,
      })
      return [
        file('preseed', preseedYaml.chunks({ node: node.name, first: scalar(first.name), bridges })),
        ...[first, ...others].map((bridge, at) =>
          file(bridge.name, bridgeYaml.chunks({ node: node.name, ...bridges[at] })),
        ),
      ]
    },

    notes: node => notesOf(daemon, node),
    interrupts,

    part: [left, pinned, bridges, removePart],

    facts: node => ({
      variables: {
        daemon: name,
        daemon_title: daemon.title,
        daemon_client: daemon.client,
        daemon_init: daemon.init,
        daemon_networks: networkFacts(node),
        daemon_pinned: pinnedOf(node),
      },
    }),
  }
}

const bridgeView = ({ name, description, config }: Bridge): View => ({
  name: scalar(name),
  description: scalar(description),
  config: Object.entries(config).map(([key, value]) => ({ key, value: scalar(value) })),
})

/** `BRIDGE|own or existing|MTU|ADDRESS,…` for each network. */
const networkFacts = ({ containers }: NodePlan): string =>
  containers.networks
    .map(({ bridge, existing, mtu, addresses }) =>
      [bridge, existing ? 'existing' : 'own', mtu, addresses.join(',')].join('|'),
    )
    .join(' ')

/** `BRIDGE|CONTAINER|ADDRESS,…` for each container whose addresses are fixed. */
const pinnedOf = ({ containers }: NodePlan): string =>
  containers.networks
    .flatMap(({ bridge, pinned }) =>
      pinned.map(({ name, addresses }) => [bridge, name, addresses.join(',')].join('|')),
    )
    .join(' ')
