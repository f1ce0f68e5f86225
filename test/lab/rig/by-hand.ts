import { readFileSync } from 'node:fs'
import type { Host } from './host.js'
import type { Operator } from './operator.js'

/** A block of commands in a node's notes, and the sentence before it. */
interface Block {
  readonly lead: string
  readonly commands: string
}

/** What no namespace can do: install packages, be logged into, and have systemd run. */
const elsewhere = /^(apt-get|tar .* ssh|systemctl) /m

/** The blocks of one section of the node's notes, as an operator reads them. */
const blocksOf = (operator: Operator, node: string, heading: string): Block[] => {
  const page = readFileSync(operator.treeFromHere(`_mesh/${node}.md`), 'utf8')
  const section = page.split(/^## /m).find(text => text.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/([^\n]*)\n\n```sh\n([\s\S]*?)```/g)]
    .map(([, lead = '', commands = '']) => ({ lead, commands }))
    .filter(({ commands }) => !elsewhere.test(commands))
}

/** Types what the notes say for the first time, on a host whose LXD was set up by nobody before. */
export const followFirst = (operator: Operator, host: Host): Promise<void> =>
  type(host, blocksOf(operator, host.name, 'The first time'))

/** Types what the notes say for these files; of what depends on the kind of change, what `kind` names. */
export const followChange = (
  operator: Operator,
  host: Host,
  files: readonly string[],
  kind: string,
): Promise<void> => {
  const due = blocksOf(operator, host.name, 'After a change').filter(
    ({ lead }) =>
      files.some(file => lead.includes(`\`${file}\``)) &&
      (!/, (if|for|where) /.test(lead.split(';')[0] as string) || lead.includes(kind)),
  )
  const owners = blocksOf(operator, host.name, 'The first time').filter(({ lead }) => /root's/.test(lead))
  return type(host, [...owners, ...due])
}

const type = async (host: Host, blocks: readonly Block[]): Promise<void> => {
  for (const { commands } of blocks) await host.type(commands)
}
