import { agreement, numbersOf, type Playground } from './rig/agreement.js'
import { stopwatch, until } from './rig/clock.js'
import type { Host } from './rig/host.js'
import type { Lab } from './rig/lab.js'
import { lackingMesh } from './rig/lacking.js'
import { setUpLxd } from './rig/lxd.js'
import { report, thorough } from './rig/numbers.js'
import { pingEveryPair } from './rig/pings.js'
import type { Start } from './scenario.js'

/** Bridges and containers are there; nothing of the mesh has been started. */
export const containersOnly: Start = async ({ lab }) => {
  for (const host of lab.hosts) await openContainers(lab, host)
}

/** As at a boot, by CIAB's two start scripts: apply.sh is never run. */
export const boot: Start = async run => {
  await containersOnly(run)
  await start(run)
}

export const start: Start = async ({ lab, report }) => {
  const elapsed = stopwatch()
  await Promise.all(lab.hosts.map(host => host.boot()))
  await until('convergence', 60, () => lackingMesh(lab.hosts))
  report('from boot to handshakes, sessions and routes of all pairs', elapsed())
  await allReach(lab)
}

/** As on first deployment: apply.sh does it all. */
export const firstApply: Start = async ({ lab, report }) => {
  const elapsed = stopwatch()
  await Promise.all(lab.hosts.map(host => host.applyBeside()))
  for (const host of lab.hosts) await host.openContainers()
  await until('convergence', 60, () => lackingMesh(lab.hosts))
  report('from first apply.sh to handshakes, sessions and routes of all pairs', elapsed())
  await allReach(lab)
}

/** Simultaneous first handshakes can take more than one try: not long to wait for an answer, but often to ask. */
export const allReach = async (lab: Playground): Promise<void> => {
  await until('every container pinging every other', 30, () => pingEveryPair(lab.hosts, 1).wrong)
  if (!thorough || agreed.has(lab)) return
  agreed.add(lab)
  report('what is up first', 'pings as verify says', numbersOf(await agreement(lab)))
}

/** Labs whose files have been held against what pings see: in the long form once in each scenario, as soon as its mesh is up. */
const agreed = new WeakSet<Playground>()

/** Without apply.sh: LXD's part by hand, and two containers. */
export const openContainers = async (lab: Lab, host: Host): Promise<void> => {
  setUpLxd(host.machine, lab.operator.bridgeMtu(host.name))
  await host.openContainers()
}
