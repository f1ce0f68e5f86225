import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Flow } from '../../verify/index.js'
import { all, on, one, UsageError } from '../arguments.js'
import { type Command, formatOption, formats, toggle, valued } from '../command.js'

/** Reads the files of nodes back and says what does not fit together. */
export const verify: Command = {
  usage: 'verify [tree]',
  describe: 'read the files of nodes back and say which packets do not arrive, or should not',
  about:
    'It needs no mesh.ini: a tree collected from the nodes will do. Where there is one, the files are held against its [expect], and what they say otherwise is a warning. The last lines say what it does not look at. It exits with 1 when something does not fit.',
  positionals: { tree: 'the directory with a folder for each node, out if not given' },
  formats,
  options: {
    without: valued(
      'what is lost when these nodes are gone, separated by commas; with --path, the way without them',
    ),
    'each-failure': toggle(
      'what is lost when any one node is gone, or any one site, and what to write against it',
    ),
    path: {
      type: 'string',
      nargs: 2,
      describe:
        'what packets between two nodes meet, hop by hop, and their answers; NODE/ADDRESS, or NODE for its first containers',
    },
    format: formatOption(),
  },
  async run(args, place) {
    const { driftBetween, failuresOf, heldIn, isRead, studyOf, verdictOf } = await import(
      '../../verify/index.js'
    )
    const { eachFolder, namesIn, sitesOf } = await import('../../expect/index.js')
    const { generate } = await import('../../generate.js')
    const { failureLines, pointsLine } = await import('../output/failure-words.js')
    const { saying } = await import('../output/progress.js')
    const { Failure, counted, report } = await import('../output/report.js')
    const { meshAtHand } = await import('../workspace/at-hand.js')
    const { requireNodes } = await import('../workspace/workspace.js')
    const { io, directory } = place
    const tree = one(args, 'tree') ?? 'out'
    const root = resolve(directory, tree)
    const names = existsSync(root)
      ? readdirSync(root).filter(name => existsSync(join(root, name, 'etc')))
      : []
    const refuse = (message: string, hint: string): never => {
      throw new Failure([{ severity: 'error', code: 'file-missing', message, span: null, hint }], {})
    }
    if (names.length === 0)
      refuse(
        `${tree} holds no folder of a node`,
        'run "ciab-gen gen" first, or name the directory with the folders',
      )
    const folders = names.sort().map(name => ({ name, files: filesOf(root, name, tree, isRead) }))
    const without = (one(args, 'without') ?? '').split(',').filter(name => name !== '')
    const ends = all(args, 'path')
    const found = meshAtHand(place, tree, names)
    const hand = typeof found === 'string' ? null : found
    const clients = hand ? hand.mesh.nodes.flatMap(node => node.clients.map(({ name }) => name)) : []
    requireNodes(without, names, clients)
    // What else an end may be, the files say.
    requireNodes(
      ends.filter(end => clients.includes(end)),
      names,
      clients,
    )
    if (ends.length > 0) {
      if (on(args, 'each-failure'))
        throw new UsageError('--each-failure is about all routes', 'write --path with --without NODE')
      const { sayPath } = await import('../output/path.js')
      return sayPath(place, folders, ends, without)
    }
    const study = saying(io, 'reading the files', folders.length > 100, () => studyOf(folders))
    const verdict = verdictOf(study)
    const held = hand ? heldIn(study, hand.expectations) : []
    const known = hand ? namesIn(hand.mesh) : new Map<string, string>()
    const drift = hand ? driftBetween(eachFolder(generate(hand.mesh)), folders, known, hand.file) : []
    const sites = on(args, 'each-failure') && hand ? sitesOf(hand.mesh.nodes) : []
    const losses = [
      ...(without.length > 0 ? [{ name: without.join(' and '), nodes: without }] : []),
      ...(on(args, 'each-failure') ? verdict.nodes.map(name => ({ name, nodes: [name] })) : []),
      ...sites.filter(({ nodes }) => nodes.length > 1),
    ]
    const failures = losses.length > 0 ? failuresOf(study, losses) : []
    const findings = [...verdict.findings, ...held]
    const unread = [...verdict.unread, ...(typeof found === 'string' ? [found] : [])]
    const errors = findings.filter(({ severity }) => severity === 'error')
    const bad = errors.length > 0 || failures.some(({ lost, flows }) => lost.length + flows.length > 0)
    place.answer.give({
      nodes: verdict.nodes,
      mesh: hand?.file ?? null,
      drift: drift.length,
      flows: verdict.flows,
      pairs: verdict.pairs.map(({ from, to, prefix, passes }) => ({ from, to, prefix, passes })),
      failures: failures.map(({ name, without, lost, flows, otherWay, points }) => ({
        name,
        without,
        lost: lost.map(({ from, to, prefix }) => ({ from, to, prefix })),
        flows: flows.map(flowNames),
        otherWay: otherWay.map(flowNames),
        points,
      })),
      unread,
    })
    const sources = Object.fromEntries(
      folders.flatMap(({ files }) => files.map(({ file, text }) => [file, text])),
    )
    const told = io.hear ? drift : drift.slice(0, mostDrift)
    report(io, [...findings, ...told], { ...sources, ...hand?.sources }, true)
    for (const failure of failures)
      for (const line of failureLines(failure, known)) io.stdout.write(`${line}\n`)
    if (on(args, 'each-failure')) io.stdout.write(`${pointsLine(failures, known)}\n`)
    if (drift.length > 0)
      io.stdout.write(
        `${hand?.file} means something else in ${counted(drift.length, 'place')}${drift.length > told.length ? `, of which ${told.length} are told` : ''}\n`,
      )
    const { flows } = verdict
    const passing = verdict.pairs.filter(({ passes }) => passes).length
    const apart = verdict.pairs.filter(({ passes, why }) => !passes && !why)
    io.stdout.write(
      `${tree}: ${counted(names.length, 'node')}, ${passing} of ${counted(verdict.pairs.length, 'route')} carried, ${flows.asExpected} of ${counted(flows.decided, 'flow')} as expected, ${counted(errors.length, 'error')}\n`,
    )
    const expected = hand?.expectations.length ?? 0
    if (expected > 0)
      io.stdout.write(
        `${expected - held.length} of ${counted(expected, 'expectation')} ${expected === 1 ? 'holds' : 'hold'}\n`,
      )
    if (apart.length > 0)
      io.stdout.write(
        `meant to be apart: ${apart.map(({ from, to, prefix }) => `${from} to ${prefix} of ${to}`).join(', ')}\n`,
      )
    for (const line of unread) io.stdout.write(`not looked at: ${line}\n`)
    return bad ? 1 : 0
  },
}

const flowNames = ({ from, to }: Flow) => ({
  from: `${from.name}/${from.address}`,
  to: `${to.name}/${to.address}`,
})

/** A new node is another peer, neighbor and list for each of the others. */
const mostDrift = 40

/** Larger files are none of those that are looked at. */
const largest = 16 * 1024 * 1024

/** The files of a node that are read, where they are plain ones. */
const filesOf = (
  root: string,
  name: string,
  tree: string,
  isRead: (path: string) => boolean,
): { file: string; text: string }[] =>
  readdirSync(join(root, name, 'etc'), { recursive: true, encoding: 'utf8' })
    .filter(path => isRead(`etc/${path}`))
    .sort()
    .map(path => ({ full: join(root, name, 'etc', path), file: `${tree}/${name}/etc/${path}` }))
    .filter(({ full }) => {
      // A link may lead nowhere.
      const found = statSync(full, { throwIfNoEntry: false })
      return found?.isFile() && found.size <= largest
    })
    .map(({ full, file }) => ({ file, text: readFileSync(full, 'utf8') }))
