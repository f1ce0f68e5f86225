import type { ClientPlan } from '../model/client-plan.js'
import { addressPart } from '../net/index.js'
import source from './client.md.mustache'
import type { OutputFile } from './target.js'
import { template } from './template.js'

const page = template(source)

/** `<client>.md`. The same with secrets and without. */
export const clientPage = ({
  mesh,
  name,
  privateKey,
  addresses,
  fullTunnel,
  carrier,
}: ClientPlan): OutputFile => ({
  path: `${name}.md`,
  mode: 0o644,
  secret: false,
  content: page.chunks({
    name,
    mesh,
    carrier: carrier.name,
    held: privateKey === null ? null : { name },
    kept: privateKey === null,
    addresses: addresses.map(addressPart).join(' and '),
    reached: fullTunnel ? `the mesh, and the internet by ${carrier.name}` : carrier.allowedIps.join(', '),
  }),
})
