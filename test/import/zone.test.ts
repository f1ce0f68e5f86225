import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { DomainName, OutputFile } from '../../src/index.js'
import { planMesh, textOf } from '../../src/index.js'
import { zoneFiles } from '../../src/targets/zone/index.js'
import { readZone } from '../oracles/zone.js'
import { complaintsOf } from '../support/bind.js'
import { ask, judged } from '../support/judge.js'
import { type Case, cases, imported, meshFrom } from './cases.js'

/** What vwgen printed as one zone for each case: names and addresses in it must be in ours, which load. */
const printed = ({ name }: Case): string =>
  readFileSync(
    fileURLToPath(new URL(`../../fixtures/import/vwgen/${name}/zone.txt`, import.meta.url)),
    'utf8',
  )

const zonesOf = ({ master }: Case): OutputFile[] =>
  zoneFiles(planMesh({ ...meshFrom(imported({ vwgen: master })), domain: 'mesh.example.net' as DomainName }))

describe.each(cases)('the zones of $name', one => {
  test('have every name that vwgen gave, and every pointer', () => {
    const theirs = [...printed(one).matchAll(/^(\S+)\s+300\s+IN\s+(A|AAAA|PTR)\s+(\S+)$/gm)].map(
      ([, owner, type, data]) => `${owner} ${type} ${data}`,
    )
    const ours = zonesOf(one)
      .filter(({ path }) => path.startsWith('db.'))
      .flatMap(({ content }) => readZone(textOf(content)).records)
    expect(theirs.length).toBeGreaterThan(10)
    expect(theirs.filter(record => !ours.includes(record))).toEqual([])
  })

  judged(['named-checkzone'], 'load, as what vwgen printed does not', () => {
    expect(complaintsOf(zonesOf(one))).toBe('')
    const { status, output } = ask('named-checkzone', ['mesh.example.net', '/dev/stdin'], printed(one))
    expect(status).toBe(1)
    expect(output).toContain('has no NS records')
    expect(output).toContain('ignoring out-of-zone data')
  })
})
