import type { KeyRing } from '../../model/mesh.js'
import { parse, type Source } from '../../parse/parse.js'
import { Failure } from '../output/report.js'

/**
 * Whether this is a clone without the mesh's secrets, as a reviewer or CI has it: no private key is here, though mesh.ini
 * says all public ones, and not of nodes alone that keep theirs themselves.
 */
export const isKeyless = (source: Source, ring: KeyRing): boolean => {
  if (ring.privateKeys.size > 0 || ring.presharedSeed || ring.pinnedPresharedKeys?.size) return false
  const spec = parse(source)
  if (!spec.ok) return false
  const nodes = spec.value.nodes.map(({ keys }) => keys)
  const all = [...nodes, ...spec.value.clients.map(({ keys }) => keys)]
  return all.every(keys => keys['public-key']) && nodes.some(keys => keys['key-on-node']?.value !== true)
}

/** Refuses what needs the secrets, or would make new ones beside those that are elsewhere. */
export const requireKeys = (source: Source, ring: KeyRing): void => {
  if (!isKeyless(source, ring)) return
  throw new Failure(
    [
      {
        severity: 'error',
        code: 'key-missing',
        message: 'none of the private keys of this mesh is in keys/',
        span: null,
        hint: 'do it where keys/ is; without it "ciab-gen gen --public" writes a tree for review, and "add-node NAME --public-key KEY" adds a node',
      },
    ],
    {},
  )
}
