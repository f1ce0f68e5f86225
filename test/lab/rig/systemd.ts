import { existsSync } from 'node:fs'
import type { Background } from './background.js'
import type { Namespace } from './namespace.js'

const program = '/lib/systemd/systemd'

/** Whether this machine has systemd's program; it need not be what runs it. */
export const hasSystemd = existsSync(program)

/**
 * Moves into a control group of its own, which systemd then takes for the root of all: nothing of it is seen outside. Ends
 * with all that systemd has started, and takes the groups away.
 */
const apart = `
  mount -t tmpfs tmpfs /sys/fs/cgroup
  mkdir /sys/fs/cgroup/all
  mount -t cgroup2 cgroup2 /sys/fs/cgroup/all
  group=/sys/fs/cgroup/all$(sed -n 's/^0:://p' /proc/self/cgroup)/ciab-lab-$(hostname)-$$
  mkdir "$group"
  echo $$ >"$group/cgroup.procs"
  unshare --mount --uts --pid --cgroup --fork --kill-child=SIGKILL --mount-proc sh -euc "$1" &
  child=$!
  trap 'kill -KILL $child' INT
  wait $child || :
  wait $child || :
  echo $$ >"\${group%/*}/cgroup.procs"
  find "$group" -depth -type d -exec rmdir {} ';'
`

/**
 * Of the targets that units of the system stand in only the names; what a unit says goes into a file. The machine is not to
 * look as if systemd had started it.
 */
const begin = `
  umount /sys/fs/cgroup/all
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  mount -t tmpfs tmpfs /mnt
  for directory in ciab lab wireguard; do
    mkdir -p /run/$directory /mnt/$directory
    mount --bind /run/$directory /mnt/$directory
  done
  mount --rbind /mnt /run
  mkdir -p /run/lab/units
  cd /run/lab/units
  for target in sysinit basic timers shutdown umount final; do
    printf '[Unit]\\nDefaultDependencies=no\\n' >$target.target
  done
  printf '[Unit]\\nDefaultDependencies=no\\nRequires=%s\\n' UNIT >lab.target
  mkdir -p SERVICE.d
  printf '[Service]\\nStandardOutput=append:/run/lab/SERVICE.said\\nStandardError=inherit\\n' >SERVICE.d/lab.conf
  exec env -i PATH="$PATH" container=lab SYSTEMD_PROC_CMDLINE=systemd.unified_cgroup_hierarchy=1 \\
    SYSTEMD_UNIT_PATH=/run/lab/units:/etc/systemd/system \\
    PROGRAM --system --unit=lab.target --log-target=console
`

/** A systemd of the machine's own that has started one timer of its files, and nothing else. */
export class SystemdTimer {
  private constructor(
    private readonly machine: Namespace,
    private readonly service: string,
    private readonly running: Background,
  ) {}

  static async start(machine: Namespace, name: string): Promise<SystemdTimer> {
    const service = `${name}.service`
    const script = begin
      .replaceAll('SERVICE', service)
      .replace('UNIT', `${name}.timer`)
      .replace('PROGRAM', program)
    const words = ['unshare', '--mount', '--propagation', 'private', 'sh', '-euc', apart, 'sh', script]
    return new SystemdTimer(machine, service, await machine.start(words))
  }

  /** Ends it, and returns what the timer's service said. */
  async stop(): Promise<string> {
    await this.running.stop()
    return this.machine.sh(`cat /run/lab/${this.service}.said 2>/dev/null || :`)
  }
}
