import { type FrrReader, frrReader, type NftReader, nftReader } from '../readers/index.js'

/** Readers of one tree, whose nodes have most lines in common. */
export interface Readers {
  readonly frr: FrrReader
  readonly nft: NftReader
}

/** Readers that have read nothing yet. */
export const newReaders = (): Readers => ({ frr: frrReader(), nft: nftReader() })
