import type { Evidence } from './evidence.js'
import type { BadLine, Kind } from './lines.js'

/** What is wrong with a node alone, and others may feel: its tunnel, its packet filter, its devices, its FRR. */
export const judgeHosts = (evidence: Evidence): void => {
  for (const name of evidence.witnesses.keys()) {
    const device = evidence.take(name, ({ kind }) => kind === 'mtu')
    if (device.length > 0)
      evidence.add({
        cause: 'node',
        nodes: [name],
        message: device.join('; '),
        hint: apply(name),
        explains: [...device, ...evidence.take(name, ({ text }) => text.startsWith('path to '))],
      })
    tell(evidence, name, ['tunnel', 'host', 'routing'])
  }
}

/** What nothing else has explained. */
export const judgeRest = (evidence: Evidence): void => {
  for (const [name, { report }] of evidence.witnesses) {
    const known = evidence.trouble(name, 'port', 'key', 'handshake', 'session', 'daemon')
    known?.explains.push(...evidence.take(name, ({ kind }) => kind === 'hop'))
    tell(evidence, name)
    if (!report.sound && report.silent.length === 0 && report.lines.every(({ state }) => state !== 'bad'))
      evidence.add({
        cause: 'node',
        nodes: [name],
        message: `${name} is not as it should be, and does not say why`,
        hint: `run "sh /etc/ciab/apply.sh --status" on ${name}`,
        explains: [],
      })
  }
}

const tell = (evidence: Evidence, name: string, kinds?: readonly Kind[]): void => {
  const chosen = (line: BadLine): boolean => kinds === undefined || kinds.includes(line.kind)
  for (const { text } of evidence.open(name).filter(chosen))
    evidence.add({
      cause: 'node',
      nodes: [name],
      message: `${name}: ${text}`,
      hint: apply(name),
      explains: evidence.take(name, line => line.text === text),
    })
}

const apply = (name: string): string =>
  `run "sh /etc/ciab/apply.sh" on ${name}; docs/status.md has what else there is to do for each line of --status`
