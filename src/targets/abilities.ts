import type { Ability } from '../render/target.js'
import { ability as frr } from './frr/ability.js'
import { ability as guard } from './guard/ability.js'
import { ability as hosts } from './hosts/ability.js'
import { ability as incus } from './incus/ability.js'
import { ability as iproute2 } from './iproute2/ability.js'
import { ability as lxd } from './lxd/ability.js'
import { ability as netplan } from './netplan/ability.js'
import { ability as networkd } from './networkd/ability.js'
import { ability as wgQuick } from './wg-quick/ability.js'
import { ability as zone } from './zone/ability.js'

/** What each tool can that ciab-gen writes files for. A new one is a line here and one in `index.ts`. */
export const abilities: readonly Ability[] = [
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
