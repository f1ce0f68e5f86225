import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Host } from './host.js'
import { directory, type Operator, program } from './operator.js'
import type { Span } from './pairs.js'

/** A command that was run on a node by ssh, and when. */
export interface Typed extends Span {
  readonly node: string
  readonly command: string
}

/** What is printed under `next:`, as it is pasted: without the numbers, which are no shell. */
export const stepsIn = (said: string): string[] => {
  const lines = said.split('\n')
  const start = lines.indexOf('next:')
  if (start < 0) return []
  const steps: string[] = []
  for (const line of lines.slice(start + 1)) {
    const [, head, text] = /^(\d+\. | {2,})(.*)$/.exec(line) ?? []
    if (head === undefined || text === undefined) break
    if (/\d/.test(head) || steps.length === 0) steps.push(text)
    else steps.push(`${steps.pop()}\n${text}`)
  }
  return steps
}

/**
 * Where an operator pastes what ciab-gen prints: a shell in the mesh's directory, with `ssh root@NODE` that leads to the
 * machines by the names that they have at the time, and `ciab-gen`.
 */
export class Terminal {
  private constructor(
    private readonly operator: Operator,
    private readonly bin: string,
  ) {}

  static open(operator: Operator, hosts: readonly Host[]): Terminal {
    const bin = mkdtempSync(join(tmpdir(), 'lab-terminal-'))
    const terminal = new Terminal(operator, bin)
    terminal.command(
      'ssh',
      `host=\${1#root@}
shift
pid=$(cat "${bin}/host.$host") || exit 255
start=$(date +%s.%N)
nsenter -t "$pid" -m -n -u -i -p -- sh -c "$*"
code=$?
printf '%s\\t%s\\t%s\\t%s\\n' "$host" "$start" "$(date +%s.%N)" "$*" >>"${bin}/typed"
exit $code`,
    )
    const enter = operator.namespace.enter.join(' ')
    terminal.command(
      'ciab-gen',
      `exec ${enter} sh -c 'cd "$0" && exec "$@"' ${directory} "${process.execPath}" "${program}" "$@"`,
    )
    // What systemd's does, which does not run on the lab's machines.
    terminal.command('hostnamectl', '[ "$1" = set-hostname ] && hostname "$2"')
    for (const host of hosts) terminal.reaches(host)
    return terminal
  }

  private command(name: string, text: string): void {
    writeFileSync(join(this.bin, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(this.bin, name), 0o755)
  }

  /** By its name, or another. */
  reaches(host: Host, name = host.name): void {
    writeFileSync(join(this.bin, `host.${name}`), String(host.machine.pid))
  }

  /** Runs a step as it was printed; returns what it printed, and what was typed on nodes and when. */
  async paste(step: string): Promise<{ readonly said: string; readonly typed: readonly Typed[] }> {
    writeFileSync(join(this.bin, 'typed'), '')
    const child = spawn('bash', ['-o', 'pipefail', '-c', step], {
      cwd: `${this.operator.namespace.root}${directory}`,
      env: { ...process.env, PATH: `${this.bin}:${process.env.PATH}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
    const status = await new Promise<number>(resolve => child.on('exit', code => resolve(code ?? 255)))
    if (status !== 0) throw new Error(`rc ${status}: ${step}\n${said}`)
    const typed = readFileSync(join(this.bin, 'typed'), 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => {
        const [node = '', from, to, command = ''] = line.split('\t')
        return { node, from: Number(from), to: Number(to), command }
      })
    return { said, typed }
  }

  close(): void {
    rmSync(this.bin, { recursive: true, force: true })
  }
}
