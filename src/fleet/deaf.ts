import { endpointFor } from '../model/dialing.js'
import type { Evidence, OpenFinding, Witness } from './evidence.js'
import type { ReportedPeer } from './report.js'
import { sentence } from './words.js'

/** A node that does not hear those that send to it. */
export interface Deaf {
  readonly node: Witness
  /** With what each says of the node. */
  readonly senders: { readonly sender: Witness; readonly said: ReportedPeer }[]
}

/** Says why a node hears nothing of others; `lines` are what all of them have to say of each other. */
export const judgeDeaf = (
  evidence: Evidence,
  { node, senders }: Deaf,
  lines: readonly string[],
): OpenFinding => {
  const { name, listenPort } = node.node
  const listens = node.report.tunnel?.listenPort
  const them = senders.map(({ sender }) => sender.node.name)
  const who = sentence(them)
  const several = them.length > 1
  const found = (cause: 'port', message: string, hint: string, more: readonly string[] = []) =>
    evidence.add({ cause, nodes: [name, ...them], message, hint, explains: [...lines, ...more] })
  if (listens !== listenPort)
    return found(
      'port',
      `${name} listens on UDP ${listens}, and ${who} ${several ? 'send' : 'sends'} to ${listenPort}`,
      `run "sh /etc/ciab/apply.sh" on ${name}`,
      evidence.take(name, ({ kind }) => kind === 'tunnel'),
    )
  const lost = senders.filter(({ said }) => said.endpoint === null)
  const dialled = senders.some(({ sender }) => endpointFor(sender.node, node.node) !== null)
  if (dialled && lost.length === senders.length)
    return found(
      'port',
      `${who} ${several ? 'do' : 'does'} not know where ${name} is`,
      `see whether the name servers of ${who} know the name that mesh.ini has for ${name}`,
    )
  const astray = lines.filter(line => new RegExp(`: endpoint of ${name}: `).test(line))
  if (astray.length === senders.length)
    return found(
      'port',
      `${who} ${several ? 'look' : 'looks'} for ${name} elsewhere than the files say, and it does not answer there`,
      `run "sh /etc/ciab/apply.sh" on ${who}`,
    )
  const others = node.report.peers.flatMap(peer =>
    peer.receivedNow > 0 && peer.name !== null && !them.includes(peer.name) ? [peer.name] : [],
  )
  const ends = [...new Set(senders.flatMap(({ said }) => said.endpoint ?? []))]
  const head = `${who} → ${name}: ${who} ${several ? 'send' : 'sends'}, ${name} hears nothing${
    others.length > 0 ? `, though it hears ${sentence(others)}` : ''
  }: `
  return dialled
    ? found(
        'port',
        `${head}UDP ${listenPort} of ${name} is probably closed${others.length > 0 ? ` to ${several ? 'them' : 'it'}` : ''}`,
        `open UDP ${listenPort} of ${name} to ${who}, in the cloud's firewall and in its own${ends.length > 0 ? `; it is looked for at ${sentence(ends)}` : ''}`,
      )
    : found(
        'port',
        `${head}what lets answers in to ${name}, which is behind NAT, has probably forgotten it`,
        `see what ${name}'s router and firewall do with UDP; where they forget in less than 25 s, write a shorter keepalive in its section`,
      )
}
