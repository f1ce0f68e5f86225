import type { Mesh, MeshNode, MeshSegment, MeshTenant } from '../model/mesh.js'
import { hiddenPresharedKey, hiddenPrivateKey, sumOf } from '../net/index.js'
import { withoutSecrets } from './without-secrets.js'

/** Another one where what is in a mesh is another. */
const format = 'ciab-gen mesh 2'

/**
 * A mesh as JSON: to be kept, sent and compared. Every secret in it is `(hidden)`, and a map is a list of its pairs. It
 * ends with a sum of itself: a mesh holds what was decided and checked, and nobody checks it again, so what is to be
 * another is changed in mesh.ini.
 */
export const meshToJson = (mesh: Mesh): string => {
  const text = JSON.stringify(withoutSecrets(mesh), (_, value) => (value instanceof Map ? [...value] : value))
  return `{"format":${JSON.stringify(format)},"mesh":${text},"sum":"${sumOf(text)}"}\n`
}

/**
 * The mesh that {@link meshToJson} was given, with its secrets hidden; `null` for any other text, be it one that was
 * changed or is of another version. The sum tells accidents, and is no signature.
 */
export const meshFromJson = (text: string): Mesh | null => {
  const [, written = '', body = '', sum = ''] =
    /^\{"format":("[^"]*"),"mesh":(\{.*\}),"sum":"([0-9a-f]+)"\}\n?$/.exec(text) ?? []
  if (written !== JSON.stringify(format) || sum !== sumOf(body)) return null
  const mesh = JSON.parse(body) as AsJson<Mesh>
  return {
    ...(mesh as object as Mesh),
    presharedSeed: mesh.presharedSeed && 'hidden',
    sessionPassword: mesh.sessionPassword && hiddenPresharedKey,
    pinnedPresharedKeys: new Map(mesh.pinnedPresharedKeys.map(([pair]) => [pair, hiddenPresharedKey])),
    detours: new Map(mesh.detours.map(([id, ways]) => [id, new Map(ways)])),
    nodes: mesh.nodes.map(nodeFrom),
    segments: mesh.segments.map(segment => ({
      ...(segment as object as MeshSegment),
      leases: new Map(segment.leases as object as [number, never][]),
    })),
    tenants: mesh.tenants.map(tenant => ({
      ...(tenant as object as MeshTenant),
      networks: new Map(tenant.networks as object as [number, never][]),
    })),
  }
}

/** What JSON makes of a value: of a map its pairs. */
type AsJson<T> =
  T extends ReadonlyMap<infer Key, infer Value>
    ? readonly (readonly [Key, AsJson<Value>])[]
    : T extends readonly (infer Member)[]
      ? readonly AsJson<Member>[]
      : T extends string | number | boolean | null
        ? T
        : { readonly [Key in keyof T]: AsJson<T[Key]> }

const nodeFrom = (node: AsJson<MeshNode>): MeshNode => ({
  ...(node as object as MeshNode),
  privateKey: node.privateKey && hiddenPrivateKey,
  endpointsAt: new Map(node.endpointsAt as object as [string, never][]),
  clients: node.clients.map(client => ({
    ...(client as object as MeshNode['clients'][number]),
    privateKey: client.privateKey && hiddenPrivateKey,
  })),
})
