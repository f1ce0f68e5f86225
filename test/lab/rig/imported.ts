import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publicHalf } from '../../oracles/keys.js'
import type { Setup } from './machine.js'
import { must } from './shell.js'

const program = join(dirname(fileURLToPath(import.meta.url)), '../../../bin/ciab-gen.js')

/** An operator's directory with what the program made of files of wg-quick. */
export class Imported {
  /** What the import said. */
  readonly report: string

  private constructor(
    private readonly directory: string,
    files: readonly string[],
  ) {
    this.report = must([process.execPath, program, '-C', directory, 'import', 'wg', ...files])
  }

  static from(files: readonly { readonly file: string; readonly text: string | Uint8Array }[]): Imported {
    const directory = mkdtempSync(join(tmpdir(), 'ciab-imported-'))
    for (const { file, text } of files) {
      mkdirSync(dirname(join(directory, file)), { recursive: true })
      writeFileSync(join(directory, file), text)
    }
    return new Imported(
      directory,
      files.map(({ file }) => file),
    )
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }

  get ini(): string {
    return readFileSync(join(this.directory, 'mesh.ini'), 'utf8')
  }

  /** The name of the mesh, and so of the interface. */
  get mesh(): string {
    return /^name += (\S+)$/m.exec(this.ini)?.[1] as string
  }

  /** Says where a node is dialled, as the report asks its operator to. */
  write(privateKey: string, endpoint: string): void {
    const [kind, name] = this.sectionOf(publicHalf(privateKey))
    if (kind !== 'node') return
    const without = new RegExp(`(\\[node ${name}\\]\n(?:.+\n)*?endpoint *)= none`)
    writeFileSync(join(this.directory, 'mesh.ini'), this.ini.replace(without, `$1= ${endpoint}`))
  }

  generate(): void {
    must([process.execPath, program, '-C', this.directory, 'gen'])
  }

  /** The files that came of the node or client with this private key, which lies where they look for it. */
  setupOf(privateKey: string): Setup {
    const { mesh } = this
    const [kind, name] = this.sectionOf(publicHalf(privateKey))
    const tree = join(this.directory, 'out', name)
    if (kind === 'client') {
      const text = readFileSync(join(tree, `${mesh}.conf`), 'utf8')
      const whole = text
        .replace(/^PrivateKey.*\n/m, '')
        .replace('[Interface]', `[Interface]\nPrivateKey = ${privateKey}`)
      return { device: mesh, files: [[`/etc/wireguard/${mesh}.conf`, whole]] }
    }
    const files = readdirSync(tree, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\/etc\/(wireguard|ciab|nftables)/.test(entry.parentPath))
      .map(entry => join(entry.parentPath, entry.name))
      .map(path => [path.slice(tree.length), readFileSync(path, 'utf8')] as const)
    return { device: mesh, files: [...files, [`/etc/wireguard/${mesh}.key`, `${privateKey}\n`]] }
  }

  /** What mesh.ini calls whom the key belongs to. */
  nameOf(privateKey: string): string {
    return this.sectionOf(publicHalf(privateKey))[1]
  }

  private sectionOf(publicKey: string): [kind: string, name: string] {
    for (const section of this.ini.split(/^(?=\[)/m)) {
      const [, kind = '', name = ''] = /^\[(node|client) (.*)\]/.exec(section) ?? []
      if (kind === '') continue
      const key = join(this.directory, 'keys', `${name}.key`)
      const own = existsSync(key) ? publicHalf(readFileSync(key, 'utf8').trim()) : null
      if (section.includes(publicKey) || own === publicKey) return [kind, name]
    }
    throw new Error(`mesh.ini has nobody with the key ${publicKey}\n${this.ini}`)
  }
}
