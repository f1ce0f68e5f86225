import { managedBridges } from '../managed-bridges/target.js'

/** LXD: its bridges, and a preseed for a host where it was never set up. */
export const lxd = managedBridges({ name: 'lxd', title: 'LXD', client: 'lxc', init: 'lxd init' })
