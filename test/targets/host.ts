import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { planner, type Target, textOf } from '../../src/index.js'
import { applyData, applyProgram } from '../../src/render/program.js'
import { StanzaCache } from '../../src/render/stanzas.js'
import { ask, type Verdict } from '../support/judge.js'
import { resolved } from '../support/resolved.js'

/** What a command of {@link Host.run} needs of the machine. */
export const hostTools = ['unshare', 'root']

/**
 * A host for one target's part of apply.sh: an /etc, a /run, a /var/lib and a network of its own, and commands that stand in
 * for the system's.
 */
export class Host {
  readonly root = mkdtempSync(join(tmpdir(), 'ciab-host-'))

  constructor(private readonly target: Target) {}

  at(path: string): string {
    return join(this.root, path)
  }

  /** As on the first day. */
  reset(): void {
    this.remove()
    for (const folder of ['etc', 'bin', 'run', 'var/lib']) mkdirSync(this.at(folder), { recursive: true })
    cpSync('/etc/alternatives', this.at('etc/alternatives'), { recursive: true, verbatimSymlinks: true })
    for (const file of ['passwd', 'group'])
      writeFileSync(this.at(`etc/${file}`), readFileSync(`/etc/${file}`))
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }

  /** Lays down the target's files for the first node, apply.sh and its data; what only an older tree had stays. */
  lay(text: string): void {
    const mesh = resolved(text)
    const [plan] = mesh.nodes.map(planner(mesh))
    if (!plan) throw new Error('there is no node')
    const files = this.target.files(plan, new StanzaCache())
    const targets = [this.target]
    for (const { path, mode, content } of [...files, applyProgram(targets), applyData(plan, targets)]) {
      mkdirSync(dirname(this.at(path)), { recursive: true })
      writeFileSync(this.at(path), textOf(content))
      chmodSync(this.at(path), mode)
    }
  }

  command(name: string, text: string): void {
    writeFileSync(this.at(`bin/${name}`), text)
    chmodSync(this.at(`bin/${name}`), 0o755)
  }

  /** Runs shell commands there, after `before`, where $1 is the root of what the host has of its own. */
  run(commands: string, before = 'true'): Verdict {
    const script = `for folder in etc run var/lib; do mount --bind "$1/$folder" "/$folder" || exit 9; done
      hostname n1 && ${before} && PATH=$1/bin:$PATH && ${commands}`
    return ask('unshare', ['--mount', '--uts', '--net', 'sh', '-c', script, '-', this.root])
  }

  apply(option = '', before = 'true'): Verdict {
    return this.run(`sh /etc/ciab/apply.sh ${option}`, before)
  }
}
