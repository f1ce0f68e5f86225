/** What kind of thing is wrong. */
export const causes = {
  report: 'a node without a report, or with one of elsewhere',
  clock: 'a clock that is not as those of the others',
  files: 'a node that runs other files than this tree, or files that were edited there',
  daemon: 'a device or daemon that the mesh needs and that is not there',
  key: 'two nodes that know one of the two by different keys',
  port: 'a node that hears nothing of what another sends',
  handshake: 'two nodes that hear each other, and have no session',
  mtu: 'a path that is narrower than mesh.ini says',
  session: 'two nodes that have a tunnel, and no BGP session',
  prefix: 'a session that a prefix is missing of',
  node: "something of one node's alone",
} as const

/** The stable name of such a kind. */
export type Cause = keyof typeof causes

/** Something that is wrong. */
export interface FleetFinding {
  readonly cause: Cause
  /** Whom it is about; the one where it has to be mended first. */
  readonly nodes: readonly string[]
  /** One sentence. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
  /** What the nodes say that follows from it: `node1: handshake with node2: never`. */
  readonly explains: readonly string[]
}
