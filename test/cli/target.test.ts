import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ask, judged } from '../support/judge.js'
import { session } from './session.js'

const { ok, path, run } = session()

const recipes = fileURLToPath(new URL('../../fixtures/targets/', import.meta.url))
const both = '--target ansible.mjs --target metrics.mjs'

const begin = async (): Promise<void> => {
  await ok('init ciabmesh --nodes node1=203.0.113.1,node2=198.51.100.2,node3')
  cpSync(recipes, path('.'), { recursive: true })
}

const json = (file: string): unknown => JSON.parse(readFileSync(path(file), 'utf8'))

/** Ansible insists on UTF-8. */
const ansible = (...words: string[]) => ask('env', ['LC_ALL=C.UTF-8', 'ansible-playbook', ...words])

describe('gen --target', () => {
  it('writes the files of a module beside all others, and diff shows them', async () => {
    await begin()
    expect(await ok(`diff ${both}`)).toContain('+++ out/_mesh/metrics/nodes.json\n')
    expect(await ok(`gen ${both}`)).toContain('created out/_mesh/ansible/inventory.json\n')
    expect(json('out/_mesh/ansible/inventory.json')).toEqual({
      mesh: {
        hosts: {
          node1: { ansible_host: '203.0.113.1' },
          node2: { ansible_host: '198.51.100.2' },
          node3: {},
        },
      },
    })
    const groups = [1, 2, 3].map(id => ({
      targets: [`10.79.0.${id}:9100`],
      labels: { mesh: 'ciabmesh', node: `node${id}`, peers: '2' },
    }))
    expect(json('out/_mesh/metrics/nodes.json')).toEqual(groups)
    expect(await ok(`gen ${both}`)).toBe('')
    expect(await ok(`gen --check ${both}`)).toBe('')
    expect(await ok('gen')).toContain('removed out/_mesh/metrics/nodes.json\n')
  })

  it('gives no module a secret', async () => {
    await begin()
    await ok('set mesh preshared-keys yes')
    writeFileSync(
      path('curious.mjs'),
      `const reveal = (_, value) => (value?.reveal ? value.reveal() : value instanceof Map ? [...value] : value)
       export default {
         name: 'curious',
         files: ({ mesh, plans }) => [{ path: 'all', text: JSON.stringify([mesh, [...plans]], function (key, value) {
           return reveal(key, this[key])
         }) }],
       }`,
    )
    await ok('gen --target curious.mjs')
    const text = readFileSync(path('out/_mesh/curious/all'), 'utf8')
    expect(text).toContain('"privateKey":"(hidden)"')
    for (const name of ['node1.key', 'node2.key', 'node3.key', 'preshared.seed'])
      expect(text).not.toContain(readFileSync(path(`keys/${name}`), 'utf8').trim())
    const written = readFileSync(path('out/node1/etc/wireguard/ciabmesh.conf'), 'utf8')
    for (const [, secret] of written.matchAll(/^P\w+Key = (.*)$/gm))
      if (!text.includes(`"publicKey":"${secret}"`)) expect(text).not.toContain(secret)
  })

  it('refuses what is no target, and says so before anything is written', async () => {
    await begin()
    const modules: Readonly<Record<string, string>> = {
      'no default export': 'export const x = 1',
      'is no target': 'export default { name: "x" }',
      'failed: no nodes of mine':
        'export default { name: "x", files: () => { throw new Error("no nodes of mine") } }',
      'not in lower-case': 'export default { name: "../x", files: () => [] }',
      'no path in its folder':
        'export default { name: "x", files: () => [{ path: "../../node1/etc/passwd", text: "" }] }',
      'no list of files': 'export default { name: "x", files: () => 5 }',
      'writes a twice':
        'export default { name: "x", files: () => [{ path: "a", text: "" }, { path: "a", text: "" }] }',
      'or control characters': 'export default { name: "x", files: () => [{ path: "a", text: "\\x1b[2J" }] }',
      'cannot be loaded': 'export default {',
    }
    for (const [at, [said, text]] of Object.entries(modules).entries()) {
      writeFileSync(path(`x${at}.mjs`), text)
      const { code, stderr } = await run(['gen', '--target', `x${at}.mjs`])
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining(said === 'no default export' ? 'is no target' : said),
      ])
      expect(stderr).not.toMatch(/\n {4}at /)
    }
    expect(await run(['gen', '--target', 'absent.mjs'])).toMatchObject({ code: 2 })
    expect(await run(['gen', '--target', 'own/typed.mts'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /is TypeScript.*\nhint: compile it, and write --target own\/typed\.mjs\n/,
      ),
    })
    expect(await run(['gen', '--target', 'metrics.mjs', '--target', 'metrics.mjs'])).toMatchObject({
      code: 2,
    })
    expect(await run(['gen', 'node1', '--target', 'metrics.mjs'])).toMatchObject({ code: 2 })
    expect(existsSync(path('out'))).toBe(false)
  })

  judged(['ansible-playbook'], 'Ansible reads the inventory and the play', async () => {
    await begin()
    await ok(`gen ${both}`)
    const folder = path('out/_mesh/ansible')
    const words = ['-i', `${folder}/inventory.json`, `${folder}/play.yml`]
    expect(ansible('--syntax-check', ...words)).toEqual({
      status: 0,
      output: `\nplaybook: ${folder}/play.yml\n`,
    })
    const { output } = ansible('--list-hosts', '--list-tasks', ...words)
    for (const name of ['node1', 'node2', 'node3', 'apply.sh']) expect(output).toContain(name)
  })

  judged(['ansible-playbook'], 'the play refuses a tree for review', async () => {
    await begin()
    await ok(`gen --public -o review ${both}`)
    const folder = path('review/_mesh/ansible')
    const { status, output } = ansible(
      '-i',
      `${folder}/inventory.json`,
      '--connection=local',
      '--check',
      `${folder}/play.yml`,
    )
    expect([status === 0, output]).toEqual([false, expect.stringContaining('Assertion failed')])
    expect(output).not.toContain('TASK [Files')
  })
})
