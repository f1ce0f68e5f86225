import type { Located, MeshDescription, MeshSpec } from '../../src/index.js'

const valuesOf = (keys: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(keys as Record<string, Located<unknown>>).map(([key, { value }]) => [key, value]),
  )

const namesOf = (key: string, names: readonly Located<string>[] | null): Record<string, unknown> =>
  names === null ? {} : { [key]: names.map(({ value }) => value) }

/** The objects that say what a spec says, its values as they are. */
export const descriptionOf = (spec: MeshSpec): MeshDescription =>
  ({
    mesh: valuesOf(spec.mesh.keys),
    nodes: spec.nodes.map(({ name, keys }) => ({ name, ...valuesOf(keys) })),
    clients: spec.clients.map(({ name, keys }) => ({ name, ...valuesOf(keys) })),
    groups: spec.groups.map(({ name, keys, members }) => ({
      name,
      ...valuesOf(keys),
      ...namesOf('members', members),
    })),
    segments: spec.segments.map(({ name, keys, nodes }) => ({
      name,
      ...valuesOf(keys),
      ...namesOf('nodes', nodes),
    })),
    tenants: spec.tenants.map(({ name, keys, nodes, share }) => ({
      name,
      ...valuesOf(keys),
      ...namesOf('nodes', nodes),
      ...(share.length > 0 ? namesOf('share', share) : {}),
    })),
    exclude: spec.exclude.map(([one, other]) => [one.value, other.value] as const),
    targets: valuesOf(spec.targets),
  }) as unknown as MeshDescription
