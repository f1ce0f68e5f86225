import {
  type ExpectEnd,
  type ExpectFlow,
  type ExpectLoss,
  expectEndText,
  expectLossText,
} from '../model/expect.js'
import type { Mesh, MeshNode } from '../model/mesh.js'
import type { MeshSpec } from '../model/spec.js'
import type { Expectation, Loss, Selector, WantedEnds } from '../verify/index.js'

/**
 * What `[expect]` of a mesh.ini says, as facts about packets that files of nodes can be held against: names of clients,
 * sites and tenants have become what files show of them.
 *
 * @param spec what `parse` read; the places of the lines come from it
 * @param mesh what it means
 */
export const expectationsIn = ({ expect }: Pick<MeshSpec, 'expect'>, mesh: Mesh): Expectation[] => {
  if (!expect) return []
  const flow =
    (kind: 'reach' | 'isolate') =>
    (one: ExpectFlow): Expectation => ({
      kind,
      from: wanted(one.from.value, mesh),
      to: wanted(one.to.value, mesh),
      span: one.span,
      hint: kind === 'reach' ? reachHint(one) : isolateHint(one),
    })
  return [
    ...expect.reach.map(flow('reach')),
    ...expect.isolate.map(flow('isolate')),
    ...expect.survive.map(
      ({ value, span }): Expectation => ({
        kind: 'survive',
        text: expectLossText(value),
        losses: lossesOf(value, mesh),
        span,
      }),
    ),
  ]
}

const wanted = (end: ExpectEnd, mesh: Mesh): WantedEnds => ({
  text: expectEndText(end),
  any: selectorsOf(end, mesh),
})

const selectorsOf = ({ kind, name, interface: device }: ExpectEnd, { nodes }: Mesh): Selector[] => {
  switch (kind) {
    case 'node':
      return [{ of: 'node', node: name }]
    case 'site':
      return nodes.filter(({ site }) => site === name).map(node => ({ of: 'node', node: node.name }))
    case 'interface':
    case 'lan':
      return [{ of: 'device', node: name, device: device ?? '' }]
    case 'tenant':
    case 'segment':
      return [{ of: kind, name }]
    case 'client':
      return [
        {
          of: 'client',
          addresses: nodes
            .flatMap(({ clients }) => clients)
            .filter(client => client.name === name)
            .flatMap(({ addresses }) => addresses.map(address => address.split('/')[0] as string)),
        },
      ]
    case 'internet':
      return [{ of: 'internet' }]
    case 'address':
      return [{ of: 'address', prefix: name }]
  }
}

/** What a line `survive` stands for, each by its name. */
export const lossesOf = ({ kind, name }: ExpectLoss, { nodes }: Pick<Mesh, 'nodes'>): Loss[] => {
  const one = (node: MeshNode): Loss => ({ name: node.name, nodes: [node.name] })
  if (kind === 'any node') return nodes.map(one)
  if (kind === 'node') return nodes.filter(node => node.name === name).map(one)
  return sitesOf(nodes).filter(site => kind === 'any site' || site.name === `site ${name}`)
}

/** Sites as losses, all of their nodes at once. */
export const sitesOf = (nodes: Mesh['nodes']): Loss[] => {
  const names = [...new Set(nodes.flatMap(({ site }) => (site === null ? [] : [site])))].sort()
  return names.map(name => ({
    name: `site ${name}`,
    nodes: nodes.filter(({ site }) => site === name).map(node => node.name),
  }))
}

const reachHint = ({ from, to }: ExpectFlow): string => {
  const [one, other] = [from.value, to.value]
  const tenants = [one, other].flatMap(({ kind, name }) => (kind === 'tenant' ? [name] : []))
  const [first, second] = tenants
  if (first !== undefined && second !== undefined && first !== second)
    return `write share = ${second} in [tenant ${first}], or delete the line`
  const client = [one, other].find(({ kind }) => kind === 'client')
  const entered = [one, other].find(({ kind }) => kind === 'tenant' || kind === 'segment')
  if (client && entered) return `write reach = ${entered.name} in [client ${client.name}], or delete the line`
  return first !== undefined
    ? `no packet of a node changes its tenant: have somebody in tenant ${first} run what is to be reached, or delete the line`
    : 'change what is in the way, or delete the line'
}

const isolateHint = ({ from, to }: ExpectFlow): string => {
  const tenants = [from.value, to.value].filter(({ kind }) => kind === 'tenant')
  return tenants.length === 2
    ? 'take the one out of share in [tenant] of the other, or delete the line'
    : 'put one of the two into a [tenant] of its own, or delete the line'
}
