import { type Code, didYouMean, type Span } from '../diagnostics/index.js'
import type { Mesh } from '../model/mesh.js'
import type { MeshSpec } from '../model/spec.js'
import { type DomainName, longestDomainName } from '../net/index.js'
import type { IdentifiedNode } from './nodes/ids.js'
import type { Report } from './report.js'

type Naming = Pick<Mesh, 'domain' | 'nameServers'>
type Named = readonly { readonly name: string }[]

/** The domain and its name servers: as written, or one for private use and the first node. */
export const namingOf = (
  { mesh: { span, keys } }: MeshSpec,
  nodes: readonly IdentifiedNode[],
  mesh: string,
  report: Report,
): Naming & Pick<Mesh, 'domainWritten'> => {
  const first = nodes[0]?.name
  const naming = {
    domain: keys.domain?.value ?? defaultDomain(mesh),
    nameServers: keys['name-servers']?.value ?? (first === undefined ? [] : [first]),
  }
  const spans: Record<NamingFault['key'], Span> = {
    domain: keys.domain?.span ?? span,
    'name-servers': keys['name-servers']?.span ?? span,
  }
  for (const { key, code, message, hint } of namingFaults(naming, nodes))
    report.error(code, message, spans[key], hint)
  checkContainerNames(nodes, naming.domain, report)
  return { ...naming, domainWritten: keys.domain !== undefined }
}

/** Containers are named within their node's name. */
const checkContainerNames = (nodes: readonly IdentifiedNode[], domain: DomainName, report: Report): void => {
  for (const { name, span, keys } of nodes) {
    const written = keys['container-address']
    for (const [at, container] of (written?.value ?? []).entries())
      if (`${container.name}.${name}.${domain}`.length > longestDomainName)
        report.error(
          'domain-length',
          `${container.name}.${name} would have more than ${longestDomainName} characters in ${domain}`,
          written?.each?.[at] ?? span,
          'write a shorter domain, or call the container otherwise',
        )
  }
}

/** `internal` is kept free for names like these (ICANN, 2024); a mesh may have characters that no label has. */
const defaultDomain = (mesh: string): DomainName => {
  const label = mesh
    .toLowerCase()
    .replace(/_/g, '-')
    .replace(/^-+|-+$/g, '')
  return `${label === '' ? 'mesh' : label}.internal` as DomainName
}

/** What is wrong with one of the two keys. */
export interface NamingFault {
  readonly key: 'domain' | 'name-servers'
  readonly code: Code
  readonly message: string
  readonly hint?: string | undefined
}

/** What a node's longest name has in front of its own. */
const longestPart = 'containers.'

/** What speaks against naming these nodes so. */
export const namingFaults = ({ domain, nameServers }: Naming, nodes: Named): NamingFault[] => {
  const faults: NamingFault[] = []
  const names = nodes.map(({ name }) => name)
  const longest = names.reduce((a, b) => (b.length > a.length ? b : a), '')
  const room = longestDomainName - `${longestPart}${longest}.`.length
  if (domain.length > room)
    faults.push({
      key: 'domain',
      code: 'domain-length',
      message: `${longestPart}${longest} would have more than ${longestDomainName} characters in this domain`,
      hint: `write a domain of at most ${room} characters`,
    })
  for (const server of nameServers) {
    if (!server.includes('.')) {
      if (!names.includes(server))
        faults.push({
          key: 'name-servers',
          code: 'unknown-node',
          message: `there is no node "${server}"`,
          hint: didYouMean(server, names),
        })
    } else if (server === domain || server.endsWith(`.${domain}`))
      faults.push({
        key: 'name-servers',
        code: 'value-conflict',
        message: `${server} lies in the mesh's own domain, where only nodes have addresses`,
        hint: 'write the name of a node, without the domain, or a name outside it',
      })
  }
  return faults
}
