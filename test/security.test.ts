import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { attacksOn } from './lab/rig/attacks.js'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

/** The first column of the table of who can do what. */
const lines = [
  ...(read('../docs/security.md').split('## Who can do what')[1]?.split('\n## ')[0] ?? '').matchAll(
    /^\| (?!it does|-)(.*?) \|/gm,
  ),
].map(([, line = '']) => line)

test('each line of docs/security.md is tried in the lab or on virtual machines, and nothing else is', () => {
  const tried = (['plain', 'l3', 'segment'] as const).flatMap(attacksOn).map(({ line }) => line)
  const tenants = lines.filter(line => line.startsWith("a tenant's"))
  const clients = lines.filter(line => line.startsWith('a client '))
  const lans = lines.filter(line => line.startsWith('somebody '))
  const scenario = read('./lab/vm/tenants.sh')
  expect(tenants.filter(line => !scenario.includes(line))).toEqual([])
  expect(lans.filter(line => !read('./lab/lans.lab.ts').includes(`test("${line}"`))).toEqual([])
  const named = read('./lab/clients.lab.ts')
  expect(clients.filter(line => !named.includes(`'${line}'`))).toEqual([])
  expect(clients.length).toBe(named.split('const lines = {')[1]?.split('}')[0]?.match(/: '/g)?.length)
  expect(lines.filter(line => ![...tenants, ...clients, ...lans].includes(line)).sort()).toEqual(
    [...new Set(tried)].sort(),
  )
})

test('each is tried in both families', () => {
  for (const family of ['ipv4', 'ipv6'] as const) {
    const tried = new Set(
      (['plain', 'l3', 'segment'] as const)
        .flatMap(attacksOn)
        .filter(attack => attack.family === family)
        .map(({ line }) => line),
    )
    // What IPv6 alone has: advertisements of routers.
    const other = family === 'ipv4' ? ['a container of a segment is the router of others'] : []
    expect(
      lines.filter(
        line => !/^(a (tenant's|client)|somebody) /.test(line) && !other.includes(line) && !tried.has(line),
      ),
    ).toEqual([])
  }
})
