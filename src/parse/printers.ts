import type {
  BfdTimers,
  BgpTimers,
  ContainerNetworkSpec,
  ContainerPools,
  LanSpec,
  OverlayPin,
  PinnedContainerSpec,
  Pools,
} from '../model/spec.js'
import type { EndpointSpec } from '../net/index.js'

/**
 * How values are written that are more than a word: each gives what its parser reads back. Parts that may be nothing
 * may be absent, and a list of one may be its member, as in a mesh that is given as objects.
 */

type Loose<T> = { readonly [Part in keyof T]?: T[Part] | undefined }

export const yesOrNoText = (value: boolean): string => (value ? 'yes' : 'no')

/** Members with commas between; `none` where there is nobody. */
export const listText = (members: readonly (string | number)[]): string => members.join(', ') || 'none'

/** The same, as the texts of a key that may stand several times. */
export const listTexts = (members: readonly string[]): readonly string[] => [listText(members)]

const commas = (...members: unknown[]): string =>
  members
    .flat()
    .filter(member => member !== null && member !== undefined)
    .join(', ')

export const poolsText = ({ ipv4, ipv6 }: Loose<Pools>): string => commas(ipv4, ipv6)

export const containerPoolsText = ({ ipv4, ipv6 }: Loose<ContainerPools>): string =>
  listText([ipv4, ipv6].flatMap(pool => (pool ? [`${pool.prefix} /${pool.length}`] : [])))

/** An IPv6 address has brackets around it, and only that. */
const endpointText = ({ host, family, port }: Loose<EndpointSpec>): string => {
  const bracketed = (family ?? (`${host}`.includes(':') ? 'ipv6' : 'ipv4')) === 'ipv6'
  return `${bracketed ? `[${host}]` : host}${port === null || port === undefined ? '' : `:${port}`}`
}

export const endpointTexts = (endpoints: readonly Loose<EndpointSpec>[]): readonly string[] => [
  listText(endpoints.map(endpointText)),
]

export const overlayText = (pins: readonly Loose<OverlayPin>[]): string =>
  pins
    .map(({ address, length }) =>
      length === null || length === undefined ? address : `${address}/${length}`,
    )
    .join(', ')

/** A line for each, or what says that there is none. */
const lines = (texts: readonly string[]): readonly string[] => (texts.length > 0 ? texts : ['none'])

export const networkTexts = (networks: readonly Loose<ContainerNetworkSpec>[]): readonly string[] =>
  lines(
    networks.map(({ bridge, prefixes, addresses }) => `${bridge} ${commas(prefixes, addresses) || 'auto'}`),
  )

export const pinnedTexts = (pins: readonly Loose<PinnedContainerSpec>[]): readonly string[] =>
  pins.map(({ name, addresses }) => `${name} ${commas(addresses)}`)

export const lanTexts = (lans: readonly Loose<LanSpec>[]): readonly string[] =>
  lines(lans.map(({ interface: name, prefixes }) => `${name} ${commas(prefixes)}`))

export const bgpText = ({ keepalive, hold }: Loose<BgpTimers>): string => `${keepalive} ${hold}`

export const bfdText = ({ interval, multiplier }: Loose<BfdTimers>): string => `${interval} ${multiplier}`

export const hookTexts = (commands: readonly string[]): readonly string[] => commands
