/**
 * What the operator has to know, and to do, about a target's files on one node. Commands are lines for a
 * POSIX shell, typed as root on the node.
 */
export interface Notes {
  /** Debian's packages with the tools that read the files. */
  readonly packages: readonly string[]
  /** Who owns what, where that is not root with the mode that the tree has. */
  readonly owners: readonly Ownership[]
  /** Once, when the files are there for the first time; `apply.sh` comes after. */
  readonly first: readonly Step[]
  /** Once, so that all of it is there again after a reboot, where `apply.sh --enable` does not see to it. */
  readonly boot: readonly Step[]
  /** What a new version of a file takes: an entry for each file, be it that nothing has to be done. */
  readonly updates: readonly Update[]
  /** The same where there is no `apply.sh`. */
  readonly byHand: ByHand
}

/** What the operator types on a node without `apply.sh`. */
export interface ByHand {
  /** What brings the files into effect the first time, after {@link Notes.first}. */
  readonly start: readonly Step[]
  /** What new versions of files take, in this order: every file is in one of them. */
  readonly updates: readonly HandUpdate[]
  /** What shows whether it runs. */
  readonly looks: readonly Look[]
}

/** What a change of files takes without `apply.sh`. */
export interface HandUpdate {
  /** Files as in {@link Ownership}. */
  readonly paths: readonly string[]
  /** What has changed in them, where not every change takes this: `peers that came, left or changed`. */
  readonly what?: string
  /** None where nothing has to be done. */
  readonly commands: readonly string[]
  /** As in {@link Update}. */
  readonly interrupts: string
}

/** A command that only looks. */
export interface Look {
  readonly command: string
  /** What it shows: `handshakes and endpoints`. */
  readonly tells: string
}

/** Whose a file is. */
export interface Ownership {
  /** Relative to the node's root; `*` stands for the names of files, whole or in part. */
  readonly path: string
  /** `root:systemd-network` */
  readonly owner: string
  /** Octal: `0640`. */
  readonly mode: string
}

/** Something to be done once, by hand. */
export interface Step {
  /** One sentence without a period. */
  readonly what: string
  readonly commands: readonly string[]
}

/** What a change of a file takes. */
export interface Update {
  /** Files as in {@link Ownership}. */
  readonly path: string
  /** What `apply.sh` runs for it: `wg set and wg addconf, for the peers that differ`. */
  readonly command: string
  /** What that interrupts: `nothing`, or for whom and how long. */
  readonly interrupts: string
}

/** What there is to know about one node: its targets' notes together. */
export interface NodeNotes extends Notes {
  readonly node: string
  readonly mesh: string
  /** The names of its targets, in the order of the concerns. */
  readonly targets: readonly string[]
  /** What `apply.sh --enable` lets systemd start at boot. */
  readonly units: readonly string[]
  /** What may come in, sentence by sentence. */
  readonly open: readonly string[]
  /** What has to be open, and to whom: `UDP port 51820 in the cloud's own firewall`; `null` where nobody dials it. */
  readonly opening: string | null
  /** What `installer` says: whether `apply.sh` does it all, or the operator what is in {@link Notes.byHand}. */
  readonly installer: string
}

/** What files take that are about a program which a timer of systemd's runs: its unit starts nothing else. */
export const timed = (
  timer: string,
  what: string,
  paths: readonly string[],
): { readonly updates: readonly Update[]; readonly byHand: Pick<ByHand, 'start' | 'updates'> } => {
  const units = paths.filter(path => path.includes('/systemd/'))
  const others = paths.filter(path => !units.includes(path))
  const commands = ['systemctl daemon-reload', `systemctl restart ${timer}`]
  return {
    updates: paths.map(path => ({
      path,
      command: units.includes(path) ? 'systemctl daemon-reload' : 'nothing: the timer runs it',
      interrupts: 'nothing',
    })),
    byHand: {
      start: [{ what, commands }],
      updates: [
        { paths: others, commands: [], interrupts: 'nothing' },
        { paths: units, commands, interrupts: 'nothing' },
      ],
    },
  }
}

/** What a node takes that has no such program. */
export const untimed: ReturnType<typeof timed> = { updates: [], byHand: { start: [], updates: [] } }

/** The entry about a file, or `undefined` where nobody says anything. */
export const about = <Entry extends { readonly path: string }>(
  path: string,
  entries: readonly Entry[],
): Entry | undefined =>
  entries.find(entry => entry.path === path) ?? entries.find(entry => matches(entry.path, path))

/** Whether a path is the one, or one of those that a path with `*` in it stands for. */
export const matches = (pattern: string, path: string): boolean => {
  const [start = '', end] = pattern.split('*')
  return end === undefined
    ? path === pattern
    : path.startsWith(start) && path.slice(start.length).endsWith(end)
}
