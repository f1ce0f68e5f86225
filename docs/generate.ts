/**
 * What the pages of docs/ and the README take from the code, so that it cannot drift: regions between
 * `<!-- generated: NAME -->` and `<!-- end -->`, and code blocks whose info string names a file. `npm run
 * docs:write` fills them, test/docs.test.ts compares.
 */
import { readFileSync } from 'node:fs'
import type { Options } from 'yargs'
import { commands, nameOf } from '../src/cli/commands/index.js'
import { examples } from '../src/cli/examples.js'
import { exitCodes } from '../src/cli/exit-codes.js'
import { globalOptions } from '../src/cli/global-options.js'
import { codes } from '../src/diagnostics/index.js'
import { causes, concerns, targets } from '../src/index.js'
import { expectFields, expectMeanings } from '../src/parse/expect.js'
import {
  clientMeanings,
  type Meaning,
  meshMeanings,
  nodeMeanings,
  segmentMeanings,
  targetMeanings,
  tenantMeanings,
} from '../src/parse/meanings.js'
import {
  clientFields,
  groupFields,
  meshFields,
  nodeFields,
  segmentFields,
  tenantFields,
} from '../src/parse/schema.js'
import { defaultTargets } from '../src/resolve/defaults.js'
import { installers } from '../src/resolve/targets.js'
import { emittedFiles } from './emitted-files.js'
import { declaredIn, keysOf, planSources } from './keys-of-types.js'

const fromRoot = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

/** A Markdown table; a `|` in a cell would end it. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const lines = [head, ...rows].map(
    cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`,
  )
  return [lines[0], `|${'---|'.repeat(head.length)}\n`, ...lines.slice(1)].join('')
}

const code = (words: readonly string[]): string => words.map(word => `\`${word}\``).join(', ')

const keys = (
  fields: Readonly<Record<string, { readonly many: boolean }>>,
  meanings: Readonly<Record<string, Meaning>>,
): string =>
  table(
    ['key', 'default', 'meaning'],
    Object.entries(meanings).map(([key, { default: unwritten, meaning }]) => [
      code([key]),
      unwritten,
      `${fields[key]?.many ? 'repeatable: ' : ''}${meaning}`,
    ]),
  )

const tools = (): string =>
  table(
    ['key', 'default', 'tools', 'for'],
    concerns.map(concern => [
      code([concern]),
      code([defaultTargets[concern]]),
      code(
        [...targets, ...installers]
          .filter(target => target.concerns.includes(concern))
          .map(({ name }) => name),
      ),
      targetMeanings[concern],
    ]),
  )

/** `-o, --output VALUE` */
const option = (name: string, { alias, type }: Options): string => {
  const names = [name, ...[alias ?? []].flat()].sort((a, b) => a.length - b.length)
  const written = names.map(word => `${word.length === 1 ? '-' : '--'}${word}`).join(', ')
  return code([`${written}${type === 'boolean' ? '' : ' VALUE'}`])
}

/** What `--help` says of each command. */
const commandSections = (): string =>
  commands
    .map(command => {
      const { usage, describe, about, aliases = [], positionals, options } = command
      const rows = [
        ...Object.entries(positionals).map(([name, text]) => [code([name]), text]),
        ...Object.entries(options).map(([name, given]) => [option(name, given), given.describe ?? '']),
      ]
      const paragraphs = [
        `### ${nameOf(command)}\n`,
        `\`ciab-gen ${usage}\`: ${describe}.\n`,
        ...(about ? [`${about}\n`] : []),
        ...(aliases.length > 0 ? [`Also: ${code(aliases)}.\n`] : []),
        ...(rows.length > 0 ? [table(['argument or option', 'is'], rows)] : []),
        table(
          ['example', 'does'],
          (examples[nameOf(command)] ?? []).map(([line, does]) => [code([line]), does]),
        ),
      ]
      return paragraphs.join('\n')
    })
    .join('\n')

/** Each code with what a fixture made it say. */
const diagnostics = (): string =>
  Object.entries(codes)
    .map(([name, meaning]) => {
      const path = `fixtures/errors/${name}/stderr.txt`
      const sentence = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`
      return `### ${name}\n\n${sentence}\n\n\`\`\`text ${path}\n${fromRoot(path)}\`\`\`\n`
    })
    .join('\n')

const files = (): string =>
  table(
    ['file', 'mode', 'tool', 'what reads it'],
    emittedFiles().map(({ path, modes, owners, reader, tools }) => [
      code([path]),
      [modes.join(', '), ...owners].join('; then '),
      code(tools),
      reader,
    ]),
  )

/** A row for all files that take the same. */
const updates = (): string => {
  const rows = new Map<string, { readonly update: readonly string[]; readonly paths: string[] }>()
  for (const { path, updates } of emittedFiles())
    for (const update of updates) {
      const row = rows.get(update.join()) ?? { update, paths: [] }
      row.paths.push(path)
      rows.set(update.join(), row)
    }
  return table(
    ['file', '`apply.sh` runs', 'that interrupts'],
    [...rows.values()].map(({ update, paths }) => [code(paths), ...update]),
  )
}

const keysOfType = (name: string, sources: readonly string[]): string =>
  table(
    ['key', 'is', 'holds'],
    keysOf(declaredIn([...planSources, ...sources]), name).map(({ path, is, holds }) => [
      code([path]),
      is.join(' or '),
      holds,
    ]),
  )

const kindsOfFinding = (): string =>
  table(
    ['cause', 'is'],
    Object.entries(causes).map(([cause, is]) => [code([cause]), is]),
  )

const regions: Readonly<Record<string, () => string>> = {
  'keys of [mesh]': () => keys(meshFields, meshMeanings),
  'keys of [node NAME]': () => keys(nodeFields, nodeMeanings),
  'keys of a node alone': () => `${code(Object.keys(nodeFields).filter(key => !(key in groupFields)))}\n`,
  'keys of [client NAME]': () => keys(clientFields, clientMeanings),
  'keys of [segment NAME]': () => keys(segmentFields, segmentMeanings),
  'keys of [tenant NAME]': () => keys(tenantFields, tenantMeanings),
  'keys of [expect]': () => keys(expectFields, expectMeanings),
  'keys of [targets]': tools,
  'options of every command': () =>
    table(
      ['option', 'is'],
      Object.entries(globalOptions).map(([name, given]) => [option(name, given), given.describe ?? '']),
    ),
  'exit codes': () =>
    table(
      ['exit code', 'says'],
      exitCodes.map(([number, says]) => [`${number}`, says]),
    ),
  causes: kindsOfFinding,
  'keys of a plan': () => keysOfType('NodePlan', []),
  'keys of show': () => keysOfType('Row', ['src/cli/commands/show.ts']),
  commands: commandSections,
  diagnostics,
  files,
  updates,
}

/** What there is to generate; each stands on one page. */
export const generated: readonly string[] = Object.keys(regions)

/** The page with everything generated as the code has it now. */
export const filled = (page: string): string =>
  page
    .replace(/(<!-- generated: (.*) -->\n)[\s\S]*?(<!-- end -->)/g, (_all, start, name, end) => {
      const region = regions[name]
      if (!region) throw new Error(`nothing generates "${name}"`)
      return `${start}\n${region()}\n${end}`
    })
    .replace(
      /^(```\w+ (\S+\/\S+)\n)[\s\S]*?^(```)$/gm,
      (_all, start, path, end) => `${start}${fromRoot(path)}${end}`,
    )
