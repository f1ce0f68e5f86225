import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { generate, meshFolder } from '../../src/generate.js'
import { type ForeignSources, type Imported, importMesh } from '../../src/import/index.js'
import { load } from '../../src/load.js'
import type { Mesh } from '../../src/model/mesh.js'
import { textOf } from '../../src/render/chunks.js'

const root = fileURLToPath(new URL('../../fixtures/import/vwgen/', import.meta.url))

/** A mesh that vwgen made: its master file, and what `vwgen showconf` printed for each node. */
export interface Case {
  readonly name: string
  readonly master: { readonly file: string; readonly text: string }
  readonly showconf: ReadonlyMap<string, string>
}

const caseNamed = (name: string): Case => {
  const file = readdirSync(`${root}${name}`).find(entry => entry.endsWith('.conf')) as string
  return {
    name,
    master: { file, text: readFileSync(`${root}${name}/${file}`, 'utf8') },
    showconf: new Map(
      readdirSync(`${root}${name}/showconf`).map(entry => [
        entry.replace(/\.conf$/, ''),
        readFileSync(`${root}${name}/showconf/${entry}`, 'utf8'),
      ]),
    ),
  }
}

export const cases: readonly Case[] = readdirSync(root).sort().map(caseNamed)

/** What the import makes of the files; fails where it makes nothing. */
export const imported = (sources: ForeignSources): Imported => {
  const result = importMesh(sources)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value
}

/** The imported mesh as it will be generated. */
export const meshFrom = ({ text, privateKeys, presharedKeys }: Imported): Mesh => {
  const mesh = load(
    { file: 'mesh.ini', text },
    {
      privateKeys,
      presharedSeed: null,
      pinnedPresharedKeys: presharedKeys,
    },
  )
  if (!mesh.ok) throw new Error(`${JSON.stringify(mesh.diagnostics)}\n${text}`)
  return mesh.value
}

/** Every node's files, by node and path. */
export const filesFrom = (mesh: Mesh): Map<string, Map<string, string>> =>
  new Map(
    [...generate(mesh)]
      .filter(({ node }) => node !== meshFolder)
      .map(({ node, files }) => [node, new Map(files.map(({ path, content }) => [path, textOf(content)]))]),
  )

/** What a master file of one or two nodes says, with some values changed. */
export const masterOf = (
  nodes: Readonly<Record<string, Readonly<Record<string, string>>>>,
  network: Readonly<Record<string, string>> = {},
  rest = '',
): ForeignSources => {
  const table = (header: string, values: Readonly<Record<string, string>>): string =>
    `[${header}]\n${Object.entries(values)
      .map(([key, value]) => `${key} = ${value}\n`)
      .join('')}`
  const text = [
    table('Network', {
      AddressPoolIPv4: '"192.168.168.0/24"',
      AddressPoolIPv6: '"fd5d:9ba2:1f75::/80"',
      VxlanID: '4242',
      VxlanMTU: '1370',
      VxlanPort: '4789',
      ...network,
    }),
    ...Object.entries(nodes).map(([name, values]) => table(`Node.${JSON.stringify(name)}`, values)),
    rest,
  ].join('\n')
  return { vwgen: { file: 'ciabmesh.conf', text } }
}

/** A node as `vwgen add` and `vwgen set … endpoint` leave it. */
export const nodeNumber = (
  number: number,
  values: Readonly<Record<string, string>> = {},
): Record<string, string> => ({
  Address: `[ "192.168.168.${number}/24",]`,
  AllowedIPs: `[ "169.254.1.${number}/32",]`,
  Endpoint: `"203.0.113.${number}:50000"`,
  FwMark: '0',
  LinkLayerAddress: `[ "169.254.1.${number}/16",]`,
  ListenPort: '50000',
  PersistentKeepalive: '0',
  PrivateKey: JSON.stringify(keys[number - 1]),
  SaveConfig: 'false',
  UPnP: 'false',
  ...values,
})

/** Private keys of the cases. */
const keys = [
  'sCmMR//YPmdfsl7lIJJiP7X8jnDjbiDoen+jJpYenVY=',
  '2OMtVEJK4tmK240R9gNxqYiEu4jB6uBfnSIVHhXZrnI=',
  'EPLiQpljPZjVbMQacGlQXUenmFcemH7ZU/gK4rxgCEA=',
  'cEkeV6YgHGmeG6n4vCDTa22rYA/Rzkiy2fVESYtYwGo=',
]
