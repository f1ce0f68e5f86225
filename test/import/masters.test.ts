import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Imported, importMesh } from '../../src/import/index.js'
import { load } from '../../src/load.js'
import { type MasterBlueprint, master, printMaster } from '../arbitraries/masters.js'
import { privateTextFor } from '../oracles/keys.js'
import { forAll } from '../support/property.js'

const importOf = (blueprint: MasterBlueprint) =>
  importMesh({ vwgen: { file: 'ciabmesh.conf', text: printMaster(blueprint) } })

/** The section of the node that the name became. */
const sectionOf = (imported: Imported, blueprint: MasterBlueprint, name: string): string => {
  const renamed = imported.findings
    .filter(({ kind }) => kind === 'renamed')
    .map(({ text }) => /^node ("(?:[^"\\]|\\.)*") .* called (\S+) now$/.exec(text))
    .find(match => match && match[1] === JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name))
  const label = renamed?.[2] ?? name
  const section = imported.text.split(/^\[node /m).find(part => part.startsWith(`${label}]`))
  if (section === undefined)
    throw new Error(`${name} of ${blueprint.nodes.length} is nowhere:\n${imported.text}`)
  return section
}

describe('a master file as somebody, or a faulty vwgen, may have left it', () => {
  test('gives a mesh or diagnostics that point into it, and never throws', () =>
    forAll(
      master,
      blueprint => {
        const result = importOf(blueprint)
        if (result.ok) {
          const { text, privateKeys } = result.value
          load({ file: 'mesh.ini', text }, { privateKeys, presharedSeed: null })
        } else
          for (const { span, hint } of result.diagnostics)
            expect([span?.file, hint]).toEqual(['ciabmesh.conf', expect.any(String)])
      },
      200,
    ))

  test('loses nothing silently: every value stands in mesh.ini, or the report speaks of its node', () =>
    forAll(
      master,
      blueprint => {
        const result = importOf(blueprint)
        if (!result.ok) return
        const { findings } = result.value
        for (const { name, values } of blueprint.nodes) {
          const section = sectionOf(result.value, blueprint, name)
          for (const [key, { kept, toml }] of Object.entries(values)) {
            const topics = topicsOf(key)
            if (topics.length === 0) continue
            const said = findings.some(finding => finding.node === name && topics.includes(finding.topic))
            const forms = kept === null ? [] : [kept, ...shorter(key, kept)]
            const stands = forms.some(
              form => section.includes(form) || result.value.text.includes(`= ${form}`),
            )
            if (!stands && !said)
              throw new Error(`${name}: ${key} = ${toml} is lost\n${result.value.report}${section}`)
          }
        }
      },
      200,
    ))

  test('takes every private key into keys/, and shows none', () =>
    forAll(master, blueprint => {
      const result = importOf(blueprint)
      if (!result.ok) return
      const { text, report, privateKeys } = result.value
      const whole = blueprint.nodes.filter(({ values }) => values.PrivateKey?.kept === '')
      expect(privateKeys.size).toBe(whole.length)
      blueprint.nodes.forEach((_, index) => {
        const key = privateTextFor(`n${index + 1}`)
        expect(text + report).not.toContain(key)
      })
    }))

  test('says the same on every run', () =>
    forAll(master, blueprint => {
      const [one, other] = [importOf(blueprint), importOf(blueprint)]
      expect(one.ok && one.value.text).toBe(other.ok && other.value.text)
    }))
})

test('any text at all gives a mesh or diagnostics', () =>
  forAll(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom('', '[', '[Node]', '[Network]\n[Node.a]\n'),
    ),
    text => {
      for (const sources of [
        { vwgen: { file: 'x.conf', text } },
        { wgQuick: [{ file: 'x.conf', text }] },
        { vwgen: { file: 'x.conf', text: '[Node.a]\n' }, frr: [{ file: 'a.conf', text }] },
      ])
        expect(importMesh(sources)).toHaveProperty('ok')
    },
    200,
  ))

/** What the report may say about a key; none for a list as a whole, whose members count, and for keys. */
const topicsOf = (key: string): readonly string[] => {
  const [name = '', member] = key.split(' ')
  const topics: Readonly<Record<string, readonly string[]>> = {
    Endpoint: ['endpoint'],
    ListenPort: ['number', 'port'],
    FwMark: ['fwmark'],
    PersistentKeepalive: ['number', 'keepalive'],
    PrivateKey: ['key'],
    LinkLayerAddr: ['unread'],
    Colour: ['unread'],
    Address: ['address'],
    LinkLayerAddress: ['address', 'vxlan'],
    AllowedIPs: ['allowed-ips'],
    PostUp: ['hook'],
  }
  const isList = ['Address', 'LinkLayerAddress', 'AllowedIPs', 'PostUp'].includes(name)
  return isList && member === undefined ? [] : (topics[name] ?? [])
}

/** An endpoint's port may stand as the listen port, an address's length as its pool's. */
const shorter = (key: string, kept: string): string[] => {
  if (key === 'Endpoint') return [kept.replace(/:\d+$/, '\n')]
  return key.startsWith('Address') ? [kept.replace(/\/.*/, '')] : []
}
