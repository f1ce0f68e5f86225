import type { Mesh } from '../../model/mesh.js'
import { addressPart } from '../../net/index.js'
import type { Links } from '../links.js'
import { counted, few } from './lettering.js'

/** The mesh in a line. */
export const summary = (mesh: Mesh, { tunnels, detours }: Links): string => {
  const sites = new Set(mesh.nodes.map(({ site }) => site).filter(site => site !== null)).size
  const relayed = detours.filter(({ relay }) => relay !== null).length
  return [
    counted(mesh.nodes.length, 'node'),
    ...(sites > 0 ? [counted(sites, 'site')] : []),
    counted(tunnels.length, 'tunnel'),
    ...(relayed > 0 ? [counted(relayed, 'relayed pair')] : []),
    ...(detours.length > relayed ? [`${counted(detours.length - relayed, 'pair')} without a way`] : []),
    mesh.mode === 'vxlan' ? `VXLAN ${mesh.vni}` : 'no VXLAN',
    `AS ${mesh.asn}`,
  ].join(', ')
}

/** More than this nobody listens to. */
const most = 40

/** What the picture shows, in sentences, for who does not see it. */
export const described = (mesh: Mesh, links: Links): string => {
  const { nodes } = mesh
  const named = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${what}: ${few(names, most).join(', ')}.`]
  const relayed = links.detours.filter(({ relay }) => relay !== null)
  const apart = links.detours.filter(({ relay }) => relay === null)
  return [
    `${summary(mesh, links)}.`,
    ...(nodes.length <= most
      ? nodes.map(({ name, site, overlay, underlay, networks }) =>
          [
            `${name}${site === null ? '' : ` at ${site}`}: underlay ${underlay.map(addressPart).join(' ')}`,
            ...(overlay.length > 0 ? [`overlay ${overlay.map(addressPart).join(' ')}`] : []),
            ...(networks.length > 0
              ? [`networks ${networks.flatMap(({ prefixes }) => prefixes).join(' ')}`]
              : []),
          ]
            .join(', ')
            .concat('.'),
        )
      : []),
    ...named(
      'Behind NAT',
      nodes.filter(({ endpoints }) => endpoints.length === 0).map(({ name }) => name),
    ),
    ...named(
      'Route reflectors',
      nodes.filter(({ reflector }) => reflector).map(({ name }) => name),
    ),
    ...named(
      'Dialled by one side alone',
      links.tunnels
        .filter(({ dials }) => dials !== 'both')
        .map(({ a, b, dials }) =>
          dials === 'a' ? `${a.name} dials ${b.name}` : `${b.name} dials ${a.name}`,
        ),
    ),
    ...named(
      'Relayed',
      relayed.map(({ a, b, relay }) => `${a.name} and ${b.name} by ${relay?.name}`),
    ),
    ...named(
      'Without a way',
      apart.map(({ a, b }) => `${a.name} and ${b.name}`),
    ),
    ...named(
      'Clients',
      nodes.flatMap(({ name, clients }) =>
        clients.map(client =>
          [
            `${client.name} by ${name}`,
            ...(client.reach.length > 0 ? [client.reach.join(' and ')] : []),
          ].join(' into '),
        ),
      ),
    ),
    ...named(
      'LANs',
      nodes.flatMap(({ name, lans }) => lans.map(({ prefixes }) => `${prefixes.join(' ')} behind ${name}`)),
    ),
    ...named(
      'Tenants',
      mesh.tenants.map(({ name }) => name),
    ),
    ...named(
      'Segments',
      mesh.segments.map(({ name }) => name),
    ),
  ].join(' ')
}
