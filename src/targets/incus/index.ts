import { managedBridges } from '../managed-bridges/target.js'
import { daemon } from './ability.js'

/** Incus: the same as LXD under other names. */
export const incus = managedBridges(daemon)
