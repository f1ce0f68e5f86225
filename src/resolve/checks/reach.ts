import { didYouMean } from '../../diagnostics/index.js'
import type { MeshSpec } from '../../model/spec.js'
import { overlappingClaims } from '../addresses/overlap.js'
import type { IdentifiedClient } from '../nodes/ids.js'
import type { Report } from '../report.js'
import { claimsOf } from './tenant-overlaps.js'

/** What clients may enter: tenants, and segments that have addresses. From one client an address is of one network. */
export const checkReach = (spec: MeshSpec, clients: readonly IdentifiedClient[], report: Report): void => {
  const segments = new Map(spec.segments.map(segment => [segment.name, segment]))
  const tenants = new Set(spec.tenants.map(({ name }) => name))
  for (const { name: client, keys } of clients) {
    const { value: names = [], span = null } = keys.reach ?? {}
    if (span === null) continue
    for (const name of names) {
      const segment = segments.get(name)
      if (tenants.has(name)) continue
      if (!segment)
        report.error(
          'unknown-segment',
          `there is no segment or tenant "${name}"`,
          span,
          didYouMean(name, [...segments.keys(), ...tenants]),
        )
      else if (!segment.keys.subnet)
        report.error(
          'value-conflict',
          `segment ${name} has no subnet, so nobody reaches it from outside`,
          span,
          `write subnet = PREFIX /PART in [segment ${name}]`,
          { message: 'the segment is here', span: segment.span },
        )
    }
    const entered = [
      ...spec.segments.filter(
        ({ name, keys }) => names.includes(name) || names.includes(keys.tenant?.value ?? ''),
      ),
      ...spec.tenants.filter(({ name }) => names.includes(name)),
    ].map(network => ({ network, claims: claimsOf(network) }))
    const told = new Set<string>()
    for (const [late, early] of overlappingClaims(entered.flatMap(({ claims }) => claims))) {
      // Within one routing table that is a fault without any client.
      if (tableOf(late) === tableOf(early) || told.has(`${late.what} ${early.what}`)) continue
      told.add(`${late.what} ${early.what}`)
      report.error(
        'overlap',
        `${client} enters ${late.what} (${late.prefix}) and ${early.what} (${early.prefix}), which overlap: it could mean either`,
        span,
        'use another range for one of them, or take one out of reach and make a second client for it',
        { message: `${early.what} is here`, span: early.span },
      )
    }

    function tableOf(claim: ReturnType<typeof claimsOf>[number]): string | null {
      const network = entered.find(({ claims }) => claims.includes(claim))?.network
      if (!network) return null
      return 'share' in network ? network.name : (network.keys.tenant?.value ?? null)
    }
  }
}
