export { type FrrLine, type FrrReader, frrReader, readFrr } from './frr.js'
export { readNetplan } from './netplan.js'
export { type Beside, type FileText, readNetworkd } from './networkd.js'
export { type NftChain, type NftFile, type NftReader, type NftRule, type NftTable, nftReader } from './nft.js'
export type { NftTerm, NftVerdict } from './nft-terms.js'
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
