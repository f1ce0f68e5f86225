import { type Carried, carriedIn, clientsBefore, type MeshChange } from '../../impact/index.js'
import type { ClientPlan } from '../../model/client-plan.js'
import type { Mesh } from '../../model/mesh.js'

/** Who carries a client, by the client's name. */
export const carriersIn = (mesh: Mesh | undefined): ReadonlyMap<string, string> =>
  new Map((mesh?.nodes ?? []).flatMap(node => node.clients.map(client => [client.name, node.name] as const)))

/** What is to be done about clients once the nodes have their files: their own have changed, or they have left. */
export const clientLines = (
  { out, command }: { readonly out: string; readonly command: string },
  touched: ReadonlySet<string>,
  clients: ReadonlyMap<string, ClientPlan>,
  alike: ReadonlySet<string>,
  change: MeshChange | null,
): string[] => {
  const due = [...clients.values()].filter(({ name }) => touched.has(name) && !alike.has(name))
  const before = carriersIn(change?.before)
  const old = change ? clientsBefore(change.before, change.after) : new Map<string, Carried>()
  const kept = new Set([...old.values()].map(({ client }) => client.name))
  const gone = change ? carriedIn(change.before).filter(({ client }) => !kept.has(client.name)) : []
  const renamed = [...old].filter(([name, { client }]) => client.name !== name)
  return [
    ...renamed.map(
      ([name, { client }]) =>
        `client ${name}: ${client.name} by another name${alike.has(name) ? '; nothing is to be done on it' : ''}`,
    ),
    ...due.map(({ name, mesh, carrier, privateKey }) => {
      const scan = privateKey === null ? '' : `, or scan what "${command} qr ${name}" shows`
      const turn = touched.has(carrier.name) ? `once ${carrier.name} has applied its files, ` : ''
      return `client ${name}: ${turn}import ${out}/${name}/${mesh}.conf on it${scan}`
    }),
    ...gone.map(
      ({ client: { name } }) => `client ${name}: locked out once ${before.get(name)} has applied its files`,
    ),
  ]
}
