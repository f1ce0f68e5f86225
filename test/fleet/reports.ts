import type { Mesh, MeshNode, NodeReport, Received } from '../../src/index.js'
import { load } from '../../src/index.js'

/** A mesh of so many nodes; those of the given ids are behind NAT. */
export const meshWith = (count: number, hidden: readonly number[] = [], more = ''): Mesh => {
  const nodes = Array.from({ length: count }, (_, at) => {
    const id = at + 1
    const key = `${'B'.repeat(41)}${id}A=`
    return `[node node${id}]\nid = ${id}\nendpoint = ${hidden.includes(id) ? 'none' : `203.0.113.${id}`}\npublic-key = ${key}\n${
      hidden.includes(id) ? 'families = ipv4\n' : ''
    }`
  })
  const text = `[mesh]\nname = ciabmesh\npath-mtu = 1500\nfamilies = ipv4\n${more}\n${nodes.join('\n')}`
  const mesh = load({ file: 'mesh.ini', text }, 'hidden')
  if (!mesh.ok) throw new Error(mesh.diagnostics.map(({ message }) => message).join('\n'))
  return mesh.value
}

export const now = 1_767_229_200

/** The sum of a node's tree. */
export const treeOf = (name: string): string => Buffer.from(name.padEnd(32, '.')).toString('hex')

/** A report that may be changed. */
export type Draft = {
  -readonly [K in keyof NodeReport]: NodeReport[K] extends readonly (infer T)[]
    ? T extends object
      ? { -readonly [L in keyof T]: T[L] }[]
      : T[]
    : NodeReport[K]
}

/** What every node of a mesh says where all is well, by name. */
export const wellFleet = (mesh: Mesh): Map<string, Draft> =>
  new Map(mesh.nodes.map(node => [node.name, wellNode(mesh, node)]))

const wellNode = (mesh: Mesh, node: MeshNode): Draft => {
  const others = mesh.nodes.filter(other => other !== node)
  const peers = others.filter(({ id }) => !mesh.detours.get(node.id)?.has(id))
  return {
    version: 1,
    mesh: mesh.name,
    node: node.name,
    sound: true,
    tree: treeOf(node.name),
    applied: treeOf(node.name),
    appliedAt: now - 86_400,
    time: now,
    silent: [],
    tunnel: { publicKey: node.publicKey, listenPort: node.listenPort, mtu: mesh.mtu.tunnel, listened: 6 },
    peers: peers.map(({ name, id, publicKey }) => ({
      name,
      publicKey,
      endpoint: `203.0.113.${id}:51820`,
      handshake: 60,
      received: 90_000,
      sent: 90_000,
      receivedNow: 5796,
      sentNow: 5796,
      mtu: mesh.mtu.tunnel,
      pathMtu: 1500,
    })),
    sessions: others.map(({ name, id }) => ({
      name,
      address: `10.78.0.${id}`,
      carries: 'routes' as const,
      state: 'Established',
      bfd: 'up',
      expected: 1,
      present: 1,
      missing: [],
    })),
    lines: [{ state: 'ok', part: 'guard', text: 'packet filter: loaded' }],
  }
}

/** As collected. */
export const receivedOf = (fleet: ReadonlyMap<string, Draft>, at: number | null = now + 1): Received[] =>
  [...fleet].map(([name, report]) => ({ file: `status/${name}.json`, at, report }))

const said = (report: Draft, part: string, text: string): void => {
  report.sound = false
  report.lines.push({ state: 'bad', part, text })
}

export const saysBad = said

const draftOf = (fleet: ReadonlyMap<string, Draft>, name: string): Draft => {
  const found = fleet.get(name)
  if (!found) throw new Error(`there is no ${name}`)
  return found
}

/** What a node says of another. */
export const peerIn = (fleet: ReadonlyMap<string, Draft>, of: string, about: string) => {
  const found = draftOf(fleet, of).peers.find(({ name }) => name === about)
  if (!found) throw new Error(`${of} has no peer ${about}`)
  return found
}

export const sessionIn = (fleet: ReadonlyMap<string, Draft>, of: string, about: string) => {
  const found = draftOf(fleet, of).sessions.find(({ name }) => name === about)
  if (!found) throw new Error(`${of} has no session with ${about}`)
  return found
}

/** The session of two ends, with the lines that both have of it. */
export const endSession = (
  fleet: ReadonlyMap<string, Draft>,
  a: string,
  b: string,
  state = 'Connect',
): void => {
  for (const [of, about] of [
    [a, b],
    [b, a],
  ] as const) {
    const session = sessionIn(fleet, of, about)
    Object.assign(session, { state, bfd: 'down', present: 0, missing: [`10.77.${about.slice(4)}.0/24`] })
    said(
      draftOf(fleet, of),
      'frr',
      `BGP ${about} (${session.address}): ${state}, BFD down, 0 of 1 prefixes, missing ${session.missing.join(' ')}`,
    )
  }
}

/** Nothing of `from` arrives at `to`; the tunnel between them is dead. */
export const silence = (fleet: ReadonlyMap<string, Draft>, from: string, to: string): void => {
  peerIn(fleet, to, from).receivedNow = 0
  for (const [of, about] of [
    [from, to],
    [to, from],
  ] as const) {
    Object.assign(peerIn(fleet, of, about), { mtu: null, handshake: null })
    said(draftOf(fleet, of), 'wg_quick', `handshake with ${about}: never`)
    said(draftOf(fleet, of), 'wg_quick', `path to ${about}: no answer to 1440 bytes in one piece`)
  }
  endSession(fleet, from, to)
}
