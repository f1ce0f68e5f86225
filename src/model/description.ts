import type { Brand } from '../net/index.js'
import type { ExpectKeys } from './expect.js'
import type {
  ClientKeys,
  GroupKeys,
  MeshKeys,
  NodeKeys,
  SegmentKeys,
  TargetKeys,
  TenantKeys,
} from './spec.js'

/**
 * A value as one gives it in a {@link MeshDescription}: numbers, words, `true` and `false` as they are, a list as a
 * list or as its only member, and what has parts as an object of them, or as the text that mesh.ini has for it:
 * `{ ipv4: { prefix: '10.77.0.0/16', length: 24 } }` or `'10.77.0.0/16 /24'`.
 */
export type Given<T> = T extends boolean | number
  ? Unbranded<T>
  : T extends string
    ? Unbranded<T>
    : T extends readonly (infer Member)[]
      ? Given<Member> | readonly Given<Member>[]
      : T extends object
        ? string | GivenParts<T>
        : T

/** A value without what its parser says of it. */
export type Unbranded<T> =
  T extends Brand<string, string> ? string : T extends Brand<number, string> ? number : T

/** The parts of a value; what may be nothing, or an empty list, may be left out. */
export type GivenParts<T> = {
  readonly [Part in keyof T as Part extends OptionalParts<T> ? never : Part]: Given<T[Part]>
} & { readonly [Part in OptionalParts<T>]?: Given<T[Part]> | undefined }

/** Names of such parts. */
export type OptionalParts<T> = {
  [Part in keyof T]: null extends T[Part] ? Part : T[Part] extends readonly unknown[] ? Part : never
}[keyof T]

/** Keys of a section, of which any may be left out; a `keepalive` may be the word `off`, as in mesh.ini. */
export type GivenKeys<Keys> = {
  readonly [Key in keyof Keys]?: Given<Keys[Key]> | (Key extends 'keepalive' ? 'off' : never) | undefined
}

/** What has a name of its own. */
export interface NamedSection {
  readonly name: string
}

/** The nodes that something is on; an empty list is none, and absent it is on all. */
export interface SectionOnNodes {
  readonly nodes?: string | readonly string[] | undefined
}

/** `[node NAME]` of mesh.ini, with the same keys. */
export type NodeDescription = NamedSection & GivenKeys<NodeKeys>

/** `[client NAME]` of mesh.ini, with the same keys. */
export type ClientDescription = NamedSection & GivenKeys<ClientKeys>

/** `[group NAME]` of mesh.ini, with the same keys. */
export type GroupDescription = NamedSection &
  GivenKeys<GroupKeys> & { readonly members?: string | readonly string[] | undefined }

/** `[segment NAME]` of mesh.ini, with the same keys. */
export type SegmentDescription = NamedSection & GivenKeys<SegmentKeys> & SectionOnNodes

/** `[tenant NAME]` of mesh.ini, with the same keys. */
export type TenantDescription = NamedSection &
  GivenKeys<TenantKeys> &
  SectionOnNodes & { readonly share?: string | readonly string[] | undefined }

/**
 * A mesh as typed objects: the sections of mesh.ini, and in each of them its keys under their own names, as
 * docs/mesh-ini.md has them. What is absent, or `undefined`, has its default.
 */
export interface MeshDescription {
  /** `[mesh]` */
  readonly mesh?: GivenKeys<MeshKeys> | undefined
  readonly nodes: readonly NodeDescription[]
  readonly clients?: readonly ClientDescription[] | undefined
  readonly groups?: readonly GroupDescription[] | undefined
  readonly segments?: readonly SegmentDescription[] | undefined
  readonly tenants?: readonly TenantDescription[] | undefined
  /** `[exclude]`: pairs of nodes that do not peer. */
  readonly exclude?: readonly (readonly [string, string])[] | undefined
  /** `[targets]` */
  readonly targets?: GivenKeys<TargetKeys> | undefined
  /** `[expect]`: texts as mesh.ini has them, `tenant blue -> tenant red`. */
  readonly expect?: GivenKeys<ExpectKeys> | undefined
}
