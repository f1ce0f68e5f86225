import type { FileText, FrrLine, FrrReader } from '../../readers/index.js'
import { type Fact, hidden, type Names, shown } from './fact.js'

/** What a frr.conf says, line by line, as vtysh takes it: an entry of a list, a neighbor, a network, or a command. */
export const routingFacts = (
  node: string,
  { file, text }: FileText,
  names: Names,
  readFrr: FrrReader,
): Fact[] => {
  const seen = new Set<string>()
  return readFrr(file, text).flatMap(line => {
    const { words } = line
    if (words[1] === 'prefix-list') return listFacts(node, line, seen)
    if (words[0] === 'neighbor') return neighborFacts(node, line, seen, names)
    return [commandFact(node, line)]
  })
}

const under = ({ within }: FrrLine): string | null => (within === null ? null : `frr  ${within}`)

/** Of a tenant's routing table, as it is called there. */
const whose = ({ within }: FrrLine): string => {
  const vrf = / vrf (\S+)$/.exec(within ?? '')?.[1]
  return vrf === undefined ? '' : ` in ${vrf}`
}

const listFacts = (node: string, { words, span }: FrrLine, seen: Set<string>): Fact[] => {
  const [ip = '', , name = '', ...rest] = words
  const [verdict = '', ...what] = rest[0] === 'seq' ? rest.slice(2) : rest
  const own = `list ${ip} ${name}`
  const prefixes = what.join(' ').replace(/^any$/, 'everything')
  const [does, not] = verdict === 'permit' ? ['admits', 'admit'] : ['refuses', 'refuse']
  const entry: Fact = {
    key: `${own} ${verdict} ${what.join(' ')}`,
    value: '',
    under: own,
    group: own,
    span,
    has: `${node}'s list ${name} ${does} ${prefixes}`,
    lacks: `${node}'s list ${name} does not ${not} ${prefixes}`,
  }
  if (seen.has(own)) return [entry]
  seen.add(own)
  const list: Fact = {
    key: own,
    value: '',
    under: null,
    group: 'lists',
    span,
    has: `${node} has the list ${name}`,
    lacks: `${node} lacks the list ${name}`,
  }
  return [list, entry]
}

const neighborFacts = (node: string, line: FrrLine, seen: Set<string>, names: Names): Fact[] => {
  const { words, span, within, family } = line
  const [, who = '', ...rest] = words
  const other = names.get(who) ?? who
  const own = `neighbor ${within} ${who}`
  const single = rest[0] === 'remote-as' || rest[0] === 'password'
  const [kind, value] = single ? [rest[0], rest.slice(1).join(' ')] : [rest.join(' '), '']
  const said = shown(`neighbor ${who} ${rest.join(' ')}`)
  const part: Fact = {
    key: `${own} ${family ?? ''} ${kind}`,
    value: value.startsWith('(hidden') ? hidden : value,
    under: own,
    group: `${own} ${family ?? ''}`,
    span,
    has: `${node} has "${said}"${family === null ? '' : ` for ${family}`}${whose(line)}`,
    lacks: `${node} lacks "${said}"${family === null ? '' : ` for ${family}`}${whose(line)}`,
  }
  if (seen.has(own)) return [part]
  seen.add(own)
  const isGroup = rest.length === 1 && rest[0] === 'peer-group'
  const what = isGroup ? `the peer-group ${who}` : `BGP neighbor ${other}`
  const neighbor: Fact = {
    key: own,
    value: '',
    under: under(line),
    group: `neighbors ${within}`,
    span,
    has: `${node} has ${what}${whose(line)}`,
    lacks: `${node} lacks ${what}${whose(line)}`,
  }
  return [neighbor, part]
}

const commandFact = (node: string, line: FrrLine): Fact => {
  const { words, span, within, family, text } = line
  const network = words[0] === 'network' && family !== null
  const said = `"${shown(text)}"${within === null ? '' : ` in "${shown(within)}"`}`
  return {
    key: `frr ${within === null ? '' : `${within}|${family ?? ''}`} ${text}`,
    value: '',
    under: under(line),
    group: `frr ${within} ${family ?? ''} ${words[0]}`,
    span,
    has: network ? `${node} announces ${words[1]}${whose(line)}` : `${node}'s frr.conf has ${said}`,
    lacks: network
      ? `${node} does not announce ${words[1]}${whose(line)}`
      : `${node}'s frr.conf lacks ${said}`,
  }
}
