import { meshText } from '../../support/resolved.js'

/** Three nodes, and sections behind them. */
export const withNetworks = (networks: string, mesh: readonly string[] = [], ...nodes: string[][]): string =>
  `${meshText(mesh, ...[0, 1, 2].map(at => nodes[at] ?? []))}\n${networks}`

export const tenant = (name: string, ...lines: string[]): string =>
  [`[tenant ${name}]`, ...lines, ''].join('\n')
export const segment = (name: string, ...lines: string[]): string =>
  [`[segment ${name}]`, ...lines, ''].join('\n')
export const containers = 'containers = 10.80.0.0/16 /24'
export const subnet = 'subnet = 10.90.0.0/16 /24'
