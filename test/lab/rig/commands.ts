import { type Host, type HostOptions, mesh } from './host.js'
import { existing } from './lxd.js'
import type { Operator } from './operator.js'

/** Writes mesh.ini with its first node. */
export const initMesh = (operator: Operator, host: Host, options: HostOptions): void => {
  operator.ciabGen('init', mesh, '--nodes', host.name)
  operator.ciabGen('set', 'node', host.name, 'endpoint', host.uplink.endpoint)
  describe(operator, host, options)
}

export const addNode = (operator: Operator, host: Host, options: HostOptions): void => {
  operator.ciabGen('add-node', host.name, '--endpoint', host.uplink.endpoint)
  describe(operator, host, options)
}

const describe = (operator: Operator, host: Host, options: HostOptions): void => {
  if (options.reflector) operator.ciabGen('set', 'node', host.name, 'reflector', 'yes')
  if (!options.existingBridge) return
  const { name, ipv4, ipv6 } = existing
  operator.ciabGen('set', 'node', host.name, 'containers', `${name} ${ipv4}, ${ipv6}`)
}

export const removeNode = (operator: Operator, name: string): void => {
  operator.ciabGen('remove-node', name)
}
