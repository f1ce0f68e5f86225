import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Namespace } from './namespace.js'
import type { Outcome } from './shell.js'

/** The program under test: this repository's, or any other that `CIAB_GEN` names. */
export const program =
  process.env.CIAB_GEN ?? join(dirname(fileURLToPath(import.meta.url)), '../../../bin/ciab-gen.js')

export const directory = '/run/lab/mesh'

/** The operator's own computer: mesh.ini, keys and the generated trees lie in its memory only. */
export class Operator {
  private constructor(readonly namespace: Namespace) {}

  static async open(): Promise<Operator> {
    const namespace = await Namespace.open('operator')
    namespace.sh('mkdir "$1"', directory)
    return new Operator(namespace)
  }

  /** Runs ciab-gen and returns what it printed as data. */
  ciabGen(...args: readonly string[]): string {
    return this.namespace.must([process.execPath, program, '-C', directory, ...args])
  }

  /** The same, where it may find fault. */
  tryCiabGen(...args: readonly string[]): Outcome {
    return this.namespace.run([process.execPath, program, '-C', directory, ...args])
  }

  /** Writes a file beside mesh.ini. */
  put(path: string, text: string): void {
    const file = `${this.namespace.root}${directory}/${path}`
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }

  /** Writes mesh.ini as with an editor. */
  edit(change: (text: string) => string): void {
    writeFileSync(this.file, change(this.read()))
  }

  /** What mesh.ini says. */
  read(): string {
    return readFileSync(this.file, 'utf8')
  }

  private get file(): string {
    return `${this.namespace.root}${directory}/mesh.ini`
  }

  /** Where a node's tree lies in the operator's own file system. */
  tree(node: string): string {
    return `${directory}/out/${node}`
  }

  /** The same place seen from here. */
  treeFromHere(node: string): string {
    return `${this.namespace.root}${this.tree(node)}`
  }

  /** The MTU of a node's bridges, as the plan has it. */
  bridgeMtu(node: string): number {
    const plan = JSON.parse(this.ciabGen('plan', node)) as { mtu: { overlay: number } }
    return plan.mtu.overlay
  }
}
