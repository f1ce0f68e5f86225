import type { Hooks } from '../../model/spec.js'
import { addressPart, type InterfaceAddress, type Prefix } from '../../net/index.js'
import type { Findings } from '../finding.js'
import type { FoundNode } from '../found.js'
import { type Step, stepsOf, textOf } from '../hooks/commands.js'
import { addsAgain, type Meaning, meaningOf, type Surroundings, standsAlone } from '../hooks/understood.js'
import { escaped, shown } from '../values.js'

/** What a node's hooks become: what the mesh does itself goes, what names an interface that is called otherwise is rewritten. */
export const settledHooks = (
  node: FoundNode,
  mesh: string,
  routes: readonly Prefix[],
  addresses: readonly InterfaceAddress[],
  exit: boolean,
  findings: Findings,
): Hooks => {
  const around: Surroundings = {
    tunnel: ['%i', mesh, ...(node.interface === null ? [] : [node.interface])],
    replaced: devicesOf(node, mesh).flat(),
    routes,
    addresses: addresses.map(addressPart),
    exit,
  }
  if (node.interface !== null && node.interface !== mesh)
    findings.add(
      'renamed',
      'name',
      node.name,
      `its interface ${node.interface} is called ${mesh} now: stop the old one, and look for what else names it`,
    )
  for (const [, device] of devicesOf(node, mesh))
    if (device !== `v${mesh}`)
      findings.wire('vxlan', node.name, `its VXLAN device ${device} is called v${mesh} now`)
  const settled = (commands: readonly string[]): string[] =>
    commands.flatMap(command => {
      const kept = withoutOurs(command, node, around, findings)
      return kept === null ? [] : [replacing(renamed(kept, node, mesh, findings), node, around, findings)]
    })
  const { preUp, postUp, preDown, postDown } = node.hooks
  return {
    preUp: settled(preUp),
    postUp: settled(postUp),
    preDown: settled(preDown),
    postDown: settled(postDown),
  }
}

/** VXLAN devices as hooks write them, `v%i`, and as they are called. */
const devicesOf = (node: FoundNode, mesh: string): (readonly [written: string, device: string])[] =>
  node.replaced.map(name => [name, name.replaceAll('%i', node.interface ?? mesh)])

/** What is left of a hook, or `null`. */
const withoutOurs = (
  command: string,
  { name }: FoundNode,
  around: Surroundings,
  findings: Findings,
): string | null => {
  // wg-quick(8)'s own example has a process substitution there.
  const steps = stepsOf(command.replace(/ private-key <\(cat (\S+)\)/g, ' private-key $1'))
  if (steps === null) {
    findings.assumed('hook', name, `the hook ${shown(command)} stays, not understood: look at it`)
    return command
  }
  const kept = steps.filter(step => {
    const meanings = step.tries.map(simple => meaningOf(simple, around))
    const drops = meanings.filter(meaning => meaning.verdict === 'drop')
    const [first] = drops
    // In `ip … || true` the second says nothing.
    if (first && drops.length === meanings.filter((_, index) => !isIdle(step, index)).length) {
      findings.leftOut('hook', name, `the hook ${shown(textOf([step]))}: ${first.why}`)
      return false
    }
    for (const look of lookedAt(meanings))
      findings.assumed('hook', name, `the hook ${shown(textOf([step]))}: ${look}`)
    return true
  })
  if (kept.length === 0) return null
  return kept.length === steps.length ? command : textOf(kept)
}

const isIdle = ({ tries }: Step, index: number): boolean =>
  /^(true|:|false|exit|return)$/.test(tries[index]?.words[0] ?? '')

const lookedAt = (meanings: readonly Meaning[]): string[] =>
  meanings.flatMap(meaning => (meaning.verdict === 'keep' && meaning.look !== null ? [meaning.look] : []))

/** `wg0` as a word, in a path and in the name of a setting. */
const asWord = (name: string): RegExp => new RegExp(`(?<![\\w-])${escaped(name)}(?![\\w-])`, 'g')

/** Words in which an interface's name is one: a path may be called after it, and so may a table of routes. */
const namesInterface = (word: string, before: string): boolean =>
  !/^(table|lookup)$/.test(before) &&
  (!/[/.]/.test(word) ||
    /^net[./]|\/proc\/sys\/net\/|\/sys\/class\/net\/|\/etc\/wireguard\/[^/]+\.conf$/.test(word))

const withInterface = (command: string, name: string): string => {
  // A table of nft's is called one thing in all of its commands.
  const ofNft = /\bnft\b/.test(command)
  let before = ''
  return command
    .replace(new RegExp(`(\\s-[io])${escaped(name)}(?![\\w.-])`, 'g'), '$1 %i')
    .replace(/[^\s"'=;&|()]+/g, word => {
      const now = namesInterface(word, before) ? word.replace(asWord(name), '%i') : word
      before = ofNft ? '' : word
      return now
    })
}

/** `ip route add` of a route that is there fails, and a hook that fails ends wg-quick: one that stays takes what is there over. */
const replacing = (command: string, node: FoundNode, around: Surroundings, findings: Findings): string => {
  const simple = stepsOf(command)?.flatMap(({ tries }) => tries)
  if (simple?.every(one => standsAlone(one) && !addsAgain(one, around))) return command
  const text = command.replace(
    /\b(ip(?:\s+-\S+(?:\s+inet6?)?)*\s+r(?:o(?:ute?)?)?)\s+a(?:dd)?\b/g,
    (_, route: string) => `${route} replace`,
  )
  if (text !== command)
    findings.assumed(
      'hook',
      node.name,
      `the hook ${shown(command)} is ${shown(text)} now: the tunnel may have that route itself, and to add it again would fail`,
    )
  return text
}

const renamed = (command: string, node: FoundNode, mesh: string, findings: Findings): string => {
  let text = command
  if (node.interface !== null && node.interface !== mesh) text = withInterface(text, node.interface)
  for (const [written, device] of devicesOf(node, mesh))
    if (device !== `v${mesh}`)
      text = text.replace(asWord(written), `v${mesh}`).replace(asWord(device), `v${mesh}`)
  if (text !== command)
    findings.add('renamed', 'hook', node.name, `the hook ${shown(command)} is ${shown(text)} now`)
  return text
}
