import type { MeshSpec } from '../../src/model/spec.js'

/** The spec without the places where things were written. */
export const withoutPlaces = (spec: MeshSpec): unknown =>
  JSON.parse(JSON.stringify(spec, (key, value) => (key === 'span' || key === 'each' ? undefined : value)))
