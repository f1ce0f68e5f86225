export { type FrrLine, readFrr } from './frr.js'
export { readNetplan } from './netplan.js'
export { type Beside, type FileText, readNetworkd } from './networkd.js'
export {
  type Comment,
  lastValue,
  type TunnelEntry,
  type TunnelFile,
  type TunnelSection,
  type VxlanDevice,
  valuesOf,
} from './tunnel-file.js'
export { readWgQuick } from './wg-quick.js'
