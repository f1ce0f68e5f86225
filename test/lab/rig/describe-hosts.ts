import { type Host, mesh } from './host.js'

const commands = [
  `wg show ${mesh}`,
  'ip -br address',
  'ip route',
  'ip -6 route',
  `bridge fdb show dev v${mesh}`,
  'bridge fdb show | grep -F extern_learn',
  "vtysh -c 'show bgp summary' -c 'show bfd peers brief'",
  'nft list ruleset',
]

/** What a person would look at on each node after a failure. No command prints a private key. */
export const describeHosts = (hosts: readonly Host[]): string =>
  hosts
    .flatMap(host =>
      commands.map(command => {
        const { stdout, stderr } = host.machine.run(['sh', '-c', command])
        return `\n--- ${host.name}: ${command}\n${stdout}${stderr}`
      }),
    )
    .join('')
