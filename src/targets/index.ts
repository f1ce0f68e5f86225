import type { Target } from '../render/target.js'
import { frr } from './frr/index.js'
import { guard } from './guard/index.js'
import { hosts } from './hosts/index.js'
import { incus } from './incus/index.js'
import { iproute2 } from './iproute2/index.js'
import { lxd } from './lxd/index.js'
import { netplan } from './netplan/index.js'
import { networkd } from './networkd/index.js'
import { wgQuick } from './wg-quick/index.js'
import { zone } from './zone/index.js'

/** Every tool that ciab-gen writes files for. A new one is a folder, a line here and one in `abilities.ts`. */
export const targets: readonly Target[] = [
  guard,
  wgQuick,
  networkd,
  netplan,
  lxd,
  incus,
  iproute2,
  frr,
  hosts,
  zone,
]
