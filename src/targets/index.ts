import type { Target } from '../render/target.js'
import { frr } from './frr/index.js'
import { guard } from './guard/index.js'
import { hosts } from './hosts/index.js'
import { incus } from './incus/index.js'
import { lxd } from './lxd/index.js'
import { wgQuick } from './wg-quick/index.js'
import { zone } from './zone/index.js'

/** Every tool that ciab-gen writes files for. A new one is a folder and a line here. */
export const targets: readonly Target[] = [guard, wgQuick, lxd, incus, frr, hosts, zone]
