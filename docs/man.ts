/** The manual page, made of what --help and docs/commands.md are made of. `npm run docs:write` writes it. */
import { readFileSync } from 'node:fs'
import type { Options } from 'yargs'
import { commands, nameOf } from '../src/cli/commands/index.js'
import { examples } from '../src/cli/examples.js'
import { exitCodes } from '../src/cli/exit-codes.js'
import { globalOptions } from '../src/cli/global-options.js'

const { version, description } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string; description: string }

/** Text of ours as roff text: no escape, no request, and minus signs that can be copied. */
const roff = (text: string): string =>
  text
    .replaceAll('`', '')
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replace(/^\./, '\\&.')
    .replaceAll('…', '...')

const bold = (text: string): string => `\\fB${roff(text)}\\fR`
const italic = (text: string): string => `\\fI${roff(text)}\\fR`

/** `gen [nodes..]`, its words in bold and what stands for others in italics. */
const usage = (text: string): string =>
  text
    .split(' ')
    .map((word, index) =>
      index === 0 ? bold(word) : word.replace(/[\w-]+/g, name => italic(name)).replaceAll('..', ' ...'),
    )
    .join(' ')

const tagged = (tag: string, text: string): string => `.TP\n${tag}\n${roff(text)}\n`

const option = ([name, { alias, type, describe }]: readonly [string, Options]): string => {
  const names = [name, ...[alias ?? []].flat()].sort((a, b) => a.length - b.length)
  const written = names.map(word => bold(`${word.length === 1 ? '-' : '--'}${word}`)).join(', ')
  return tagged(type === 'boolean' ? written : `${written} ${italic('VALUE')}`, describe ?? '')
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

const commandSections = (): string =>
  commands
    .map(command => {
      const { describe, about, aliases = [], positionals, options } = command
      return [
        `.SS ${nameOf(command).replaceAll('-', '\\-')}\n`,
        `${usage(command.usage)}\n.PP\n${roff(sentence(describe))}\n`,
        ...(about ? [`${roff(about)}\n`] : []),
        ...(aliases.length > 0 ? [`Also: ${aliases.map(bold).join(', ')}.\n`] : []),
        ...Object.entries(positionals).map(([name, text]) => tagged(italic(name), text)),
        ...Object.entries(options).map(option),
        ...(examples[nameOf(command)] ?? []).map(([line, does]) => tagged(bold(line), does)),
      ].join('')
    })
    .join('')

/** docs/ciab-gen.1 as the code has it now. */
export const manPage = (): string =>
  [
    `.\\" Made of the tables in src/cli; "npm run docs:write" writes it.\n`,
    `.TH CIAB\\-GEN 1 "" "ciab\\-gen ${version}" "User Commands"\n`,
    `.SH NAME\nciab\\-gen \\- write the files of every node of a WireGuard and VXLAN mesh\n`,
    `.SH SYNOPSIS\n${bold('ciab-gen')} [${bold('-C')} ${italic('DIR')}] [${bold('-f')} ${italic('FILE')}] ${italic('COMMAND')}\n`,
    `.br\n${bold('ciab-gen help')} [${italic('COMMAND')}]\n`,
    `.SH DESCRIPTION\n${roff(description)}\n`,
    'Data goes to standard output, talk to standard error.\n',
    `.SH OPTIONS OF EVERY COMMAND\n${Object.entries(globalOptions).map(option).join('')}`,
    option(['help', { alias: 'h', type: 'boolean', describe: 'say what the command does, and how' }]),
    `.SH COMMANDS\n${commandSections()}`,
    `.SH EXIT STATUS\n${exitCodes.map(([code, says]) => tagged(bold(`${code}`), says)).join('')}`,
    `.SH ENVIRONMENT\n${tagged(bold('NO_COLOR'), 'where it is not empty, nothing has color')}`,
    tagged(bold('GITHUB_WORKSPACE'), 'what paths of --format github count from'),
    tagged(bold('SHELL'), 'whose completion is printed where none is named'),
    `.SH FILES\n${tagged(italic('mesh.ini'), 'the mesh')}`,
    tagged(italic('keys/'), 'private keys, for nobody else to read'),
    tagged(italic('out/'), "a folder for each node, with its files' paths"),
    `.SH SEE ALSO\n.BR wg (8),\n.BR wg\\-quick (8),\n.BR vtysh (1)\n`,
  ].join('')
