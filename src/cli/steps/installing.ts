import type { MeshNode } from '../../model/mesh.js'

type Installed = Pick<MeshNode, 'targets'>

/** How new files take effect on these nodes, as the middle of a sentence: `copy the trees, and … there`. */
export const takingEffect = (nodes: readonly Installed[]): string => {
  const byHand = nodes.filter(({ targets }) => targets.installer === 'none')
  if (byHand.length === 0) return 'run apply.sh'
  return byHand.length === nodes.length ? 'do what the notes say' : 'run apply.sh, or do what the notes say,'
}
