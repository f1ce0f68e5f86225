import type { NodeNames } from '../../model/plan.js'
import type { Stanzas } from '../../render/stanzas.js'
import type { Target } from '../../render/target.js'
import { template } from '../../render/template.js'
import { ability } from './ability.js'
import part from './apply.sh'
import hostsSource from './hosts.mustache'

const hostsFile = template(hostsSource)

/** The names in each node's own /etc/hosts, for meshes without a name server. */
export const hosts: Target = {
  ...ability,
  files(node, stanzas) {
    const { lines } = stanzas.chunks(stanza, node.names?.nodes ?? [])
    return [
      {
        path: 'etc/ciab/hosts',
        mode: 0o644,
        secret: false,
        content: hostsFile.chunks({ node: node.name }, { lines }),
      },
    ]
  },
  part: [part],
  facts: () => ({}),
  notes: ({ mesh }) => ({
    packages: [],
    owners: [],
    first: [],
    boot: [],
    updates: [
      {
        path: 'etc/ciab/hosts',
        command: "puts it into /etc/hosts, between two lines of ciab-gen's",
        interrupts: 'nothing',
      },
    ],
    byHand: {
      start: [{ what: "Put the mesh's names into /etc/hosts", commands: block(mesh) }],
      updates: [{ paths: ['etc/ciab/hosts'], commands: block(mesh), interrupts: 'nothing' }],
      looks: [],
    },
  }),
}

/** The same two marks as apply.sh has, so that one can follow the other. */
const block = (mesh: string): string[] => {
  const [begin, end] = [`# BEGIN ciab-gen ${mesh}`, `# END ciab-gen ${mesh}`]
  return [
    `sed -i '/^${begin}$/,/^${end}$/d' /etc/hosts`,
    `{ echo '${begin}'; cat /etc/ciab/hosts; echo '${end}'; } >>/etc/hosts`,
  ]
}

const stanza: Stanzas<NodeNames, 'lines'> = {
  lines: ({ name, fullName, overlay, underlay, gateways, pinned }) => {
    // "localhost" alone is every machine's own (RFC 6761, section 6.3).
    const names = name === 'localhost' ? fullName : `${fullName} ${name}`
    return [
      ...overlay.map(address => `${address} ${names}\n`),
      ...underlay.map(address => `${address} underlay.${fullName}\n`),
      ...gateways.map(address => `${address} containers.${fullName}\n`),
      ...pinned.flatMap(container =>
        container.addresses.map(address => `${address} ${container.name}.${fullName}\n`),
      ),
    ].join('')
  },
}
