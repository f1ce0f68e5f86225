import type { Evidence, OpenFinding, Witness } from './evidence.js'
import type { ReportedSession } from './report.js'
import { type DeadPairs, pairName } from './tunnels.js'
import { sentence } from './words.js'

/** Sessions of pairs whose tunnel works, and what is announced by them. */
export const judgeSessions = (evidence: Evidence, dead: DeadPairs): void => {
  const lacks = new Map<string, Lack>()
  const judged = new Map<string, OpenFinding>()
  for (const [name, witness] of evidence.witnesses)
    for (const session of [...witness.sessions.values()].flat()) {
      const other = evidence.witnesses.get(session.name)
      const pair = pairName(name, session.name)
      if (!other || isSound(session)) continue
      const known =
        onTheWay(evidence, dead, witness, other) ?? judged.get(`${pair} ${session.carries}`) ?? null
      const lines = evidence.take(name, line => line.kind === 'session' && line.peer === session.name)
      if (known) known.explains.push(...lines)
      else if (isUp(session)) joinLack(lacks, witness, other, session.missing, lines)
      else judged.set(`${pair} ${session.carries}`, noSession(evidence, witness, other, session, lines))
    }
  for (const lack of lacks.values()) missing(evidence, lack)
}

const isUp = ({ state, bfd }: ReportedSession): boolean => state === 'Established' && bfd === 'up'

const isSound = (session: ReportedSession): boolean => isUp(session) && session.missing.length === 0

/** What was found of the two, or of whoever their packets go by. */
const onTheWay = (evidence: Evidence, dead: DeadPairs, a: Witness, b: Witness): OpenFinding | undefined => {
  const relay = evidence.mesh.detours.get(a.node.id)?.get(b.node.id)
  const between = evidence.mesh.nodes.find(({ id }) => id === relay)?.name
  const [from, to] = [a.node.name, b.node.name]
  const legs =
    between === undefined
      ? [[from, to]]
      : [
          [from, between],
          [between, to],
        ]
  for (const [one = '', other = ''] of legs) {
    const found = dead.get(pairName(one, other))
    if (found) return found
  }
  for (const name of [from, to, ...(between === undefined ? [] : [between])]) {
    const found = evidence.trouble(name, 'files', 'daemon', 'node')
    if (found) return found
  }
  return undefined
}

const noSession = (
  evidence: Evidence,
  { node }: Witness,
  other: Witness,
  { address, state, bfd, carries }: ReportedSession,
  explains: string[],
): OpenFinding =>
  evidence.add({
    cause: 'session',
    nodes: [node.name, other.node.name],
    message: `${node.name} and ${other.node.name}: the tunnel works, and the BGP session${carries === 'evpn' ? ' for segments and tenants' : ''} is ${state}, BFD ${bfd}`,
    hint: `see whether another firewall there drops TCP 179 or UDP 3784 from the mesh; on ${node.name}, vtysh -c "show bgp neighbors ${address}" has the last reason`,
    explains,
  })

/** Prefixes of a node that some have not. */
interface Lack {
  readonly announcer: Witness
  readonly receivers: Witness[]
  readonly prefixes: Set<string>
  readonly lines: string[]
}

const joinLack = (
  lacks: Map<string, Lack>,
  receiver: Witness,
  announcer: Witness,
  prefixes: readonly string[],
  lines: readonly string[],
): void => {
  const key = `${announcer.node.name} ${prefixes.join(' ')}`
  const lack = lacks.get(key) ?? { announcer, receivers: [], prefixes: new Set(), lines: [] }
  lack.receivers.push(receiver)
  for (const prefix of prefixes) lack.prefixes.add(prefix)
  lack.lines.push(...lines)
  lacks.set(key, lack)
}

const missing = (evidence: Evidence, { announcer, receivers, prefixes, lines }: Lack): void => {
  const { name } = announcer.node
  const who = receivers.map(({ node }) => node.name)
  const what = sentence([...prefixes])
  const is = prefixes.size > 1 ? 'are' : 'is'
  const all = [...evidence.witnesses.values()].filter(({ sessions }) =>
    sessions.get(name)?.some(({ expected }) => expected > 0),
  )
  const [first] = receivers
  const silent = receivers.length > 1 && receivers.length === all.length
  const later = receivers.every(
    ({ report }) =>
      report.appliedAt !== null &&
      announcer.report.appliedAt !== null &&
      announcer.report.appliedAt < report.appliedAt,
  )
  evidence.add({
    cause: 'prefix',
    nodes: silent ? [name] : [...who, name],
    message: silent
      ? `${name} announces ${what} to nobody, though its sessions are up`
      : `${sentence(who)}: the session with ${name} is up, but ${what} ${is} missing${
          later ? `, since ${name} was applied before ${sentence(who)}` : ''
        }`,
    hint: silent
      ? `run "sh /etc/ciab/apply.sh" on ${name}; on ${first?.node.name ?? name}, too, where it stays away`
      : `run "sh /etc/ciab/apply.sh" on ${sentence(who)}, which asks ${name} for it again`,
    explains: lines,
  })
}
