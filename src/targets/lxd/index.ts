import { managedBridges } from '../managed-bridges/target.js'
import { daemon } from './ability.js'

/** LXD: its bridges, and a preseed for a host where it was never set up. */
export const lxd = managedBridges(daemon)
