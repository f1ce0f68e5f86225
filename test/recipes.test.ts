import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { blocksOf, pageAt } from './support/pages.js'

/** The recipes of docs/review.md: their steps are executed as a runner does, in a clone without keys. */
const recipe = (info: string): string => {
  const [block, ...others] = blocksOf(pageAt('docs/review.md')).filter(
    ({ info: words }) => words.join(' ') === info,
  )
  expect(others).toEqual([])
  return block?.body ?? ''
}

const base = mkdtempSync(join(tmpdir(), 'ciab-recipes-'))
const clone = join(base, 'clone')
const home = join(base, 'home')
const summary = join(base, 'summary.md')

const sh = (script: string, cwd = clone, env: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
    {
      cwd,
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${base}/bin:${process.env.PATH}`,
        GIT_CONFIG_GLOBAL: '/dev/null',
        ...{ GIT_AUTHOR_NAME: 'test', GIT_AUTHOR_EMAIL: 'test@example.net' },
        ...{ GIT_COMMITTER_NAME: 'test', GIT_COMMITTER_EMAIL: 'test@example.net' },
        ...env,
      },
    },
  )
  return { status, stdout, stderr }
}

const sound = (script: string, cwd = clone): string => {
  const { status, stdout, stderr } = sh(script, cwd)
  expect([script, status, status === 0 ? '' : stderr]).toEqual([script, 0, ''])
  return stdout
}

beforeAll(() => {
  mkdirSync(join(base, 'bin'))
  const program = join(import.meta.dirname, '../bin/ciab-gen.js')
  const executable = (name: string, line: string) => {
    writeFileSync(join(base, 'bin', name), `#!/bin/sh\n${line}\n`)
    chmodSync(join(base, 'bin', name), 0o755)
  }
  executable('ciab-gen', `exec '${process.execPath}' '${program}' "$@"`)
  // What a runner fetches; ciab-gen is there already.
  executable('npm', `test "$*" = 'install --global the-package'`)
  mkdirSync(home)
  sound(
    `ciab-gen init --nodes node1=203.0.113.1,node2=198.51.100.2,node3
     ciab-gen gen --public -o review
     git init -q -b main; git add mesh.ini review; git commit -qm mesh`,
    home,
  )
}, 300_000)

afterAll(() => rmSync(base, { recursive: true, force: true }))

/** A branch with a change, as a runner clones it: without keys. */
const branch = (change: string): void => {
  rmSync(clone, { recursive: true, force: true })
  rmSync(summary, { force: true })
  sound(`git clone -q '${home}' '${clone}'`, base)
  sound(`git checkout -qb change; ${change}; git add -A; git commit -qm change`)
}

const changes = {
  fine: 'ciab-gen set node node3 keepalive 9; ciab-gen gen --public -o review',
  stale: 'ciab-gen set node node3 keepalive 9',
  broken: "printf '[node node9]\\nid = 1\\n' >> mesh.ini",
}

/** Step by step until one fails; what all printed, and which that was. */
const steps = (lines: readonly string[], env: Record<string, string>) => {
  let said = ''
  for (const line of lines) {
    const { status, stdout, stderr } = sh(line, clone, { CIAB_GEN: 'the-package', ...env })
    said += stdout + stderr
    if (status !== 0) return { failed: line, said }
  }
  return { failed: null, said }
}

describe('the steps for GitHub', () => {
  const { jobs } = parse(recipe('yaml github')) as {
    jobs: { mesh: { steps: { run?: string }[] } }
  }
  const lines = jobs.mesh.steps.flatMap(({ run }) => (run === undefined ? [] : [run]))
  const env = { GITHUB_BASE_REF: 'main', GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: clone }

  test('pass a sound change and say what it does, and fail for drift and errors, at their lines', () => {
    expect(lines).toHaveLength(4)
    branch(changes.fine)
    expect(steps(lines, env)).toMatchObject({ failed: null })
    expect(readFileSync(summary, 'utf8')).toMatch(
      /^### What this change does\n\n[\s\S]*keepalive[\s\S]*```sh\n/,
    )
    branch(changes.stale)
    const stale = steps(lines, env)
    expect([stale.failed, stale.said]).toEqual([
      lines[2],
      expect.stringContaining('changed review/node3/etc/'),
    ])
    branch(changes.broken)
    const broken = steps(lines, env)
    expect(broken.failed).toBe(lines[1])
    expect(broken.said).toMatch(/^::error file=mesh\.ini,line=\d+,col=\d+,title=ciab-gen%3A duplicate-id::/m)
  }, 300_000)
})

describe('the steps for GitLab', () => {
  const { mesh } = parse(recipe('yaml gitlab')) as {
    mesh: { script: string[]; artifacts: { paths: string[] } }
  }

  test('pass a sound change and say what it does, and fail for drift and errors', () => {
    branch(changes.fine)
    const env = { CI_MERGE_REQUEST_DIFF_BASE_SHA: sound('git merge-base origin/main HEAD').trim() }
    expect(steps(mesh.script, env)).toMatchObject({ failed: null })
    for (const path of mesh.artifacts.paths)
      expect(readFileSync(join(clone, path), 'utf8')).toMatch(/^### What this change does\n/)
    branch(changes.stale)
    expect(steps(mesh.script, env).failed).toBe(mesh.script[2])
    branch(changes.broken)
    expect(steps(mesh.script, env).failed).toBe(mesh.script[1])
  }, 300_000)
})

describe('before a commit', () => {
  const hooks = {
    'the hook': () => recipe('sh hook'),
    "pre-commit's entry": () => {
      const { repos } = parse(recipe('yaml pre-commit')) as { repos: { hooks: { entry: string }[] }[] }
      return `#!/bin/sh\n${repos[0]?.hooks[0]?.entry}\n`
    },
  }

  test.each(Object.entries(hooks))(
    '%s lets a whole change pass and stops one that is not',
    (name, hook) => {
      branch('echo x > note')
      const file = join(clone, '.git/hooks/pre-commit')
      mkdirSync(join(clone, '.git/hooks'), { recursive: true })
      writeFileSync(file, hook())
      chmodSync(file, 0o755)
      const commit = (change: string) => sh(`${change}; git commit -qm x`)
      expect(commit(`${changes.stale}; git add -A`).status).toBe(1)
      if (name === 'the hook') {
        expect(commit('git add -A').stderr).toContain('review/ is not as mesh.ini has it')
        expect(commit('ciab-gen gen -q --public -o review').stderr).toContain('not all of it is staged')
      }
      expect(commit('ciab-gen gen -q --public -o review; git add -A')).toMatchObject({
        status: 0,
        stderr: '',
      })
      expect(commit(`${changes.broken}; git add -A`)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('[duplicate-id]'),
      })
      expect(existsSync(join(clone, 'keys'))).toBe(false)
    },
    60_000,
  )
})
