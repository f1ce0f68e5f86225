import type { Evidence, Witness } from './evidence.js'
import type { BadLine } from './lines.js'
import type { Received } from './report.js'
import { duration, sentence } from './words.js'

/** How far a clock may be off: by then a report that was on its way for long is told from one that was not. */
const mostAstray = 120

/** Whom there is no report of, or one too many. */
export const judgeReports = (evidence: Evidence, received: readonly Received[]): void => {
  const { mesh, witnesses } = evidence
  for (const { file, report } of received) {
    const first = witnesses.get(report.node)?.received
    const about = { cause: 'report', explains: [] as string[], nodes: first ? [report.node] : [] } as const
    if (report.mesh !== mesh.name)
      evidence.add({
        ...about,
        message: `${file} is of ${report.node} in the mesh ${report.mesh}, not in ${mesh.name}`,
        hint: 'ask the nodes of this mesh, or name its mesh.ini with -C or -f',
      })
    else if (!first)
      evidence.add({
        ...about,
        message: `${file} is of ${report.node}, which is not in mesh.ini`,
        hint: `take the mesh off it ("sh /etc/ciab/apply.sh --remove" there), or bring it back into mesh.ini`,
      })
    else if (first.file !== file || first.report !== report)
      evidence.add({
        ...about,
        message: `${file} and ${first.file} are both of ${report.node}`,
        hint: 'see whether two host names lead to the same machine, or delete the older of the two',
      })
  }
  for (const { name, targets } of mesh.nodes) {
    // Without apply.sh there is none to be had.
    if (witnesses.has(name) || targets.installer === 'none') continue
    const hearing = [...witnesses.values()].filter(({ report }) =>
      report.peers.some(peer => peer.name === name && peer.receivedNow > 0),
    )
    const deaf = [...witnesses.values()].filter(({ report }) =>
      report.peers.some(peer => peer.name === name && peer.receivedNow === 0),
    )
    const heard =
      hearing.length > 0
        ? `, though ${sentence(hearing.map(({ node }) => node.name))} ${hearing.length > 1 ? 'hear' : 'hears'} it`
        : deaf.length > 0
          ? ', and nobody hears it: it is probably down'
          : ''
    evidence.add({
      cause: 'report',
      nodes: [name],
      message: `${name} has no report${heard}`,
      hint: `see whether it runs, and ask it: ssh root@${name} sh /etc/ciab/apply.sh --status --json`,
      explains: [...witnesses.keys()].flatMap(other => evidence.take(other, line => line.peer === name)),
    })
  }
}

/** Clocks: WireGuard takes no handshake that is older than the last one that it has seen (its §5.1, TAI64N). */
export const judgeClocks = (evidence: Evidence): void => {
  const all = [...evidence.witnesses.values()]
  const collected = all.filter(({ received }) => received.at !== null)
  const usual = median(collected.map(({ received: { at }, report }) => (at as number) - report.time))
  const time = median(all.map(({ report }) => report.time))
  for (const { node, received, report } of all) {
    const { name } = node
    // Ahead of us where it is below zero.
    const behind = received.at === null ? time - report.time : received.at - report.time - usual
    const future = report.peers.filter(({ handshake }) => handshake !== null && handshake < -2)
    if (Math.abs(behind) > mostAstray && (received.at === null ? Math.abs(behind) > 600 : all.length > 2))
      evidence.add({
        cause: 'clock',
        nodes: [name],
        message: `the clock of ${name} is ${duration(Math.abs(behind))} ${behind > 0 ? 'behind' : 'ahead of'} the others', or its report is of another time than theirs`,
        hint: `set it, and have it kept (timedatectl set-ntp true): WireGuard refuses handshakes that seem older than the last one; else collect anew`,
        explains: staleLines(evidence, name),
      })
    else if (future.length > 0)
      evidence.add({
        cause: 'clock',
        nodes: [name],
        message: `the clock of ${name} has gone back since its last handshake with ${sentence(future.map(peer => peer.name ?? 'an unknown peer'))}`,
        hint: `set it, and have it kept (timedatectl set-ntp true): WireGuard refuses handshakes that seem older than the last one`,
        explains: staleLines(evidence, name),
      })
    else if (Math.abs(time - report.time) > 600)
      evidence.add({
        cause: 'report',
        nodes: [name],
        message: `the report of ${name} is ${duration(Math.abs(time - report.time))} ${time > report.time ? 'older' : 'newer'} than the others`,
        hint: 'collect the reports anew',
        explains: [],
      })
  }
}

/** By a wrong clock a handshake seems long ago. */
const staleLines = (evidence: Evidence, name: string): string[] =>
  evidence.take(name, ({ text }) => /^handshake with \S+: stale/.test(text))

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Which files run, and whether anybody edited them. */
export const judgeFiles = (evidence: Evidence, trees: ReadonlyMap<string, string>): void => {
  for (const witness of evidence.witnesses.values()) {
    const { name } = witness.node
    const said = evidence.open(name).filter(({ kind }) => kind === 'files')
    const finding = otherFiles(witness, trees.get(name)) ?? editedFiles(name, said)
    if (finding)
      evidence.add({
        cause: 'files',
        nodes: [name],
        ...finding,
        explains: evidence.take(name, followsFromFiles),
      })
  }
}

const followsFromFiles = ({ kind }: BadLine): boolean =>
  ['files', 'tunnel', 'mtu', 'routing', 'host'].includes(kind)

const otherFiles = (
  { node: { name }, report: { tree, applied } }: Witness,
  wanted: string | undefined,
): { message: string; hint: string } | null => {
  if (wanted === undefined || tree === null || (tree === wanted && (applied === null || applied === wanted)))
    return null
  return tree === wanted
    ? {
        message: `${name} runs other files than this tree, which was copied to it, and not applied`,
        hint: `run "sh /etc/ciab/apply.sh" on ${name}`,
      }
    : {
        message: `${name} ${applied === wanted ? 'has' : 'runs'} other files than this tree`,
        hint: `copy the tree to ${name}, and run "sh /etc/ciab/apply.sh" there; or, if its files are the right ones, make the tree anew from their mesh.ini`,
      }
}

const editedFiles = (name: string, said: readonly BadLine[]): { message: string; hint: string } | null => {
  const [first] = said
  if (!first) return null
  return {
    message: `${name}: ${first.text}`,
    hint: first.text.startsWith('files: copied')
      ? `run "sh /etc/ciab/apply.sh" on ${name}`
      : `copy the tree to ${name}, and run "sh /etc/ciab/apply.sh" there`,
  }
}

/** Devices and daemons that are not there, and what was said of the host itself. */
export const judgeDaemons = (evidence: Evidence): void => {
  for (const { node, report } of evidence.witnesses.values()) {
    const { name } = node
    const [absent] = evidence.take(name, ({ kind }) => kind === 'absent')
    if (absent !== undefined)
      evidence.add({
        cause: 'daemon',
        nodes: [name],
        message: `${absent}: nobody reaches ${name} in the mesh`,
        hint: `run "sh /etc/ciab/apply.sh" on ${name}, which says why if it cannot start it`,
        explains: [absent, ...evidence.take(name, ({ kind }) => kind !== 'daemon' && kind !== 'other')],
      })
    const dead = evidence.take(name, ({ kind }) => kind === 'daemon')
    if (dead.length > 0)
      evidence.add({
        cause: 'daemon',
        nodes: [name],
        message: `${name}: ${sentence(dead.map(line => line.slice(name.length + 2)))}`,
        hint: `run "sh /etc/ciab/apply.sh" on ${name}; if it dies again, see its log (journalctl)`,
        explains: [
          ...dead,
          ...evidence.take(name, ({ kind }) => ['session', 'hop', 'routing'].includes(kind)),
        ],
      })
    const silent = report.silent.filter(tool => !dead.some(line => line.includes(tool)))
    if (silent.length > 0)
      evidence.add({
        cause: 'daemon',
        nodes: [name],
        message: `${name}: ${sentence(silent)} ${silent.length > 1 ? 'do' : 'does'} not answer, so that not all is known of it`,
        hint: `look what hangs on ${name}, and ask it again`,
        explains: [],
      })
  }
}
