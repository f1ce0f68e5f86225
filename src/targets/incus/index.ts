import { managedBridges } from '../managed-bridges/target.js'

/** Incus: the same as LXD under other names. */
export const incus = managedBridges({
  name: 'incus',
  title: 'Incus',
  client: 'incus',
  init: 'incus admin init',
})
