/** How one of the two daemons is spoken to, and where it comes from. */
export interface Daemon {
  /** The target's name, which is also the folder in etc/ciab. */
  readonly name: string
  /** As people write it. */
  readonly title: string
  readonly client: string
  /**
   * Where it has a directory for each network that it manages. It makes that before the bridge, which it makes anew at
   * boot, and deletes it with the network (`setup` and `delete` in the daemons' bridge driver).
   */
  readonly directories: readonly string[]
  /** The command that takes a preseed. */
  readonly init: string
  /**
   * The package that a release of an operating system has of it, or what to run where it has none; `null`
   * stands for a release that mesh.ini does not name.
   */
  source(os: string | null): string | readonly string[]
}
