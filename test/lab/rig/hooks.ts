import type { Machine } from './machine.js'

/** What hooks leave on a machine: rules of iptables, tables of nft that are not the mesh's, and settings that they name. */
export const effectsOf = ({ namespace }: Machine, device: string, text: string): string[] => {
  const rules = ['iptables', 'ip6tables'].flatMap(tool =>
    ['filter', 'nat', 'mangle'].flatMap(table =>
      namespace
        .run([tool, '-t', table, '-S'])
        .stdout.split('\n')
        .filter(line => line.startsWith('-A'))
        .map(line => `${tool} -t ${table} ${line}`),
    ),
  )
  const tables = namespace
    .must(['nft', 'list', 'tables'])
    .split('\n')
    .filter(line => !/ (ciab|filter|nat|mangle|wg-quick-\S+)$|^$/.test(line))
  const settings = [...text.matchAll(/\bnet[./]ipv[46][\w./%-]*/g)].map(([name]) => {
    const path = name.replaceAll('.', '/').replaceAll('%i', device)
    return `${name.replaceAll('/', '.').replaceAll('%i', device)} = ${namespace.run(['cat', `/proc/sys/${path}`]).stdout.trim()}`
  })
  const word = new RegExp(`(?<![\\w-])${device}(?![\\w-])`, 'g')
  return [...rules, ...tables, ...new Set(settings)].map(line => line.replace(word, '%i'))
}
