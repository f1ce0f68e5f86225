import type { NodePlan } from '../../model/plan.js'
import type { Notes, Step } from '../../render/notes.js'

/** The zones go to the mesh's name servers, which may be none of its nodes. */
export const notes = (node: NodePlan): Notes => {
  const own = node.names?.nodes.find(({ name }) => name === node.name.toLowerCase())?.fullName
  const serves = own !== undefined && node.names?.servers.includes(own) === true
  return {
    packages: serves ? ['bind9'] : [],
    owners: [],
    first: serves ? [copying(node)] : [],
    boot: [],
    updates: [],
    byHand: { start: [], updates: [], looks: [] },
  }
}

const copying = ({ name }: NodePlan): Step => ({
  what: `${name} is a name server of the mesh: copy the zones, each time that they change, and include them in /etc/bind/named.conf.local`,
  commands: [
    `tar -C out/_mesh/zones --owner=0 --group=0 -c . | ssh root@${name} 'mkdir -p /etc/bind/ciab && tar -C /etc/bind/ciab --no-overwrite-dir -x'`,
    `ssh root@${name} 'named-checkconf && rndc reload'`,
  ],
})
