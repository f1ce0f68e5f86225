import type { ContainerNetworkPlan } from '../../model/plan.js'
import { familyOf } from '../../net/index.js'
import type { Ability, Unsupported } from '../../render/target.js'
import type { Daemon } from './daemon.js'
import { habitsOf } from './habits.js'

/** What both daemons can, and do by themselves. */
export const abilityOf = (daemon: Daemon): Ability => ({
  name: daemon.name,
  concerns: ['containers'],
  habits: habitsOf(daemon),
  supports: node => node.containers.networks.flatMap(network => unsupported(daemon.name, network)),
})

const unsupported = (tool: string, network: ContainerNetworkPlan): Unsupported[] => {
  const path = `containers.networks.${network.bridge}`
  const facts: Unsupported[] = []
  if (network.bridge === 'preseed' && !network.existing)
    facts.push({ path, fact: 'a bridge named "preseed" would take the name of the preseed\'s file' })
  if (network.mtu < 1280 || network.mtu > 16384)
    facts.push({
      path: `${path}.mtu`,
      fact: `${tool} bridges have an MTU of 1280 to 16384, not ${network.mtu}`,
    })
  if (!network.existing)
    for (const family of ['ipv4', 'ipv6'] as const) {
      const count = network.addresses.filter(address => familyOf(address) === family).length
      if (count > 1)
        facts.push({
          path: `${path}.addresses`,
          fact: `${tool} gives a bridge one ${family} address, and this one has ${count}`,
        })
    }
  return facts
}
