import type { MeshChange } from '../../impact/index.js'
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
  change: MeshChange | null,
): string[] => {
  const due = [...clients.values()].filter(({ name }) => touched.has(name))
  const [before, after] = [carriersIn(change?.before), carriersIn(change?.after)]
  const keys = new Set(change?.after.nodes.flatMap(node => node.clients.map(client => client.publicKey)))
  const gone =
    change?.before.nodes.flatMap(node =>
      node.clients.filter(client => !after.has(client.name) && !keys.has(client.publicKey)),
    ) ?? []
  return [
    ...due.map(({ name, mesh, carrier, privateKey }) => {
      const scan = privateKey === null ? '' : `, or scan what "${command} qr ${name}" shows`
      const turn = touched.has(carrier.name) ? `once ${carrier.name} has applied its files, ` : ''
      return `client ${name}: ${turn}import ${out}/${name}/${mesh}.conf on it${scan}`
    }),
    ...gone.map(({ name }) => `client ${name}: locked out once ${before.get(name)} has applied its files`),
  ]
}
