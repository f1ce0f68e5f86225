import type { Diagnostic, Result } from '../diagnostics/index.js'
import { escaped } from '../diagnostics/printable.js'
import { parseLabel, parseMeshName, parsePublicKey } from '../net/index.js'
import type { NodeReport } from './report.js'
import { valuesIn } from './split.js'

/** A value that is not what it should be: its place, and what is the matter. */
class Unfit extends Error {}

/**
 * Reads the reports in a text: one, several one after the other, or a list of them. What one of them lacks is told at
 * the first thing that it lacks; an empty text has none.
 *
 * @param file what the text is called in diagnostics
 */
export const readReports = (text: string, file: string): Result<readonly NodeReport[]> => {
  const reports: NodeReport[] = []
  for (const value of valuesIn(text.replace(/^\ufeff/, ''))) {
    try {
      for (const one of listed(parsed(value))) reports.push(reportIn(one))
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      return { ok: false, diagnostics: [refusal(file, error.message)] }
    }
  }
  return { ok: true, value: reports, warnings: [] }
}

const refusal = (file: string, why: string): Diagnostic => ({
  severity: 'error',
  code: 'report-syntax',
  message: `${escaped(file)} is no report of a node: ${why}`,
  span: null,
  hint: 'write what "sh /etc/ciab/apply.sh --status --json" prints there, and nothing else, into a file for each node',
})

const parsed = (text: string | null): unknown => {
  try {
    if (text !== null) return JSON.parse(text)
  } catch {
    // Said below.
  }
  throw new Unfit('it is not JSON, or its end is missing')
}

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

type Fields = Readonly<Record<string, unknown>>
type Reader<T> = (value: unknown, at: string) => T

const fields: Reader<Fields> = (value, at) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Unfit(`${at} is not an object`)
  return value as Fields
}

/** A line of text that a terminal shows as it is. */
const text: Reader<string> = (value, at) => {
  if (typeof value !== 'string') throw new Unfit(`${at} is not a text`)
  if (escaped(value) !== value)
    throw new Unfit(`${at} has characters that control a terminal, or are not seen`)
  if (value.length > 65_536) throw new Unfit(`${at} is longer than a line of --status`)
  return value
}

const numeric: Reader<number> = (value, at) => {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new Unfit(`${at} is not a whole number`)
  return value
}

const truth: Reader<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new Unfit(`${at} is not true or false`)
  return value
}

const list =
  <T>(of: Reader<T>): Reader<T[]> =>
  (value, at) => {
    if (!Array.isArray(value)) throw new Unfit(`${at} is not a list`)
    return value.map((one, index) => of(one, `${at}[${index}]`))
  }

const orNull =
  <T>(of: Reader<T>): Reader<T | null> =>
  (value, at) =>
    value === null ? null : of(value, at)

/** A text that a reader of values takes. */
const worded =
  (parse: (text: string) => { readonly ok: boolean }, what: string): Reader<string> =>
  (value, at) => {
    const found = text(value, at)
    if (!parse(found).ok) throw new Unfit(`${at} is not ${what}`)
    return found
  }

const oneOf =
  <T extends string>(words: readonly T[]): Reader<T> =>
  (value, at) => {
    const found = words.find(word => word === value)
    if (found === undefined) throw new Unfit(`${at} is not ${words.join(' or ')}`)
    return found
  }

const nodeName = worded(parseLabel, "a node's name")
const publicKey = worded(parsePublicKey, 'a public key')
const sum = worded(found => ({ ok: /^[0-9a-f]{64}$/.test(found) }), 'a SHA-256')

const reportIn = (value: unknown): NodeReport => {
  const report = fields(value, 'it')
  if (typeof report.version !== 'number') throw new Unfit('it has no version')
  if (report.version !== 1)
    throw new Unfit(`it is of version ${String(report.version).slice(0, 20)}, and this ciab-gen reads 1`)
  if (report.mesh !== undefined && report.peers === undefined && report.lines !== undefined)
    throw new Unfit('its apply.sh is an older one, which has no peers in it: copy the tree, and run apply.sh')
  return {
    version: 1,
    mesh: worded(parseMeshName, "a mesh's name")(report.mesh, 'mesh'),
    node: nodeName(report.node, 'node'),
    sound: truth(report.sound, 'sound'),
    tree: orNull(sum)(report.tree, 'tree'),
    applied: orNull(sum)(report.applied, 'applied'),
    appliedAt: orNull(numeric)(report.appliedAt, 'appliedAt'),
    time: numeric(report.time, 'time'),
    silent: list(text)(report.silent, 'silent'),
    tunnel: orNull(tunnelIn)(report.tunnel, 'tunnel'),
    peers: list(peerIn)(report.peers, 'peers'),
    sessions: list(sessionIn)(report.sessions, 'sessions'),
    lines: list(lineIn)(report.lines, 'lines'),
  }
}

const tunnelIn: Reader<NonNullable<NodeReport['tunnel']>> = (value, at) => {
  const tunnel = fields(value, at)
  return {
    publicKey: publicKey(tunnel.publicKey, `${at}.publicKey`),
    listenPort: numeric(tunnel.listenPort, `${at}.listenPort`),
    mtu: numeric(tunnel.mtu, `${at}.mtu`),
    listened: numeric(tunnel.listened, `${at}.listened`),
  }
}

const peerIn: Reader<NodeReport['peers'][number]> = (value, at) => {
  const peer = fields(value, at)
  return {
    name: orNull(nodeName)(peer.name, `${at}.name`),
    publicKey: publicKey(peer.publicKey, `${at}.publicKey`),
    endpoint: orNull(text)(peer.endpoint, `${at}.endpoint`),
    handshake: orNull(numeric)(peer.handshake, `${at}.handshake`),
    received: numeric(peer.received, `${at}.received`),
    sent: numeric(peer.sent, `${at}.sent`),
    receivedNow: numeric(peer.receivedNow, `${at}.receivedNow`),
    sentNow: numeric(peer.sentNow, `${at}.sentNow`),
    mtu: orNull(numeric)(peer.mtu, `${at}.mtu`),
    pathMtu: orNull(numeric)(peer.pathMtu, `${at}.pathMtu`),
  }
}

const sessionIn: Reader<NodeReport['sessions'][number]> = (value, at) => {
  const session = fields(value, at)
  return {
    name: nodeName(session.name, `${at}.name`),
    address: text(session.address, `${at}.address`),
    carries: oneOf(['routes', 'evpn'])(session.carries, `${at}.carries`),
    state: text(session.state, `${at}.state`),
    bfd: text(session.bfd, `${at}.bfd`),
    expected: numeric(session.expected, `${at}.expected`),
    present: numeric(session.present, `${at}.present`),
    missing: list(text)(session.missing, `${at}.missing`),
  }
}

const lineIn: Reader<NodeReport['lines'][number]> = (value, at) => {
  const line = fields(value, at)
  return {
    state: oneOf(['ok', 'bad', 'note'])(line.state, `${at}.state`),
    part: text(line.part, `${at}.part`),
    text: text(line.text, `${at}.text`),
  }
}
