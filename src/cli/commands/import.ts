import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Source } from '../../parse/parse.js'
import { all, UsageError, word } from '../arguments.js'
import { type Command, valued } from '../command.js'

const kinds = ['vwgen', 'wg', 'frr']

/** Makes a mesh.ini of other tools' files, and says what became of them. */
export const importCommand: Command = {
  usage: 'import <kind> <files..>',
  describe: 'make a mesh.ini of files of vwgen, wg-quick or FRR',
  about:
    'Every key and address is pinned. A damage report says what was stored broken and what it was taken to mean, and what will change on the wire.',
  positionals: {
    kind: "vwgen, its master file; wg, each node's file for wg-quick; frr, each node's frr.conf",
    files: 'the files; frr adds to the mesh.ini that is there',
  },
  options: {
    wg: valued("with vwgen: a node's file for wg-quick, to be compared; repeatable"),
    frr: valued("with vwgen and wg: a node's frr.conf, for its AS number and networks; repeatable"),
  },
  async run(args, place) {
    const { attempt, createFile, readMesh, readKeys, replaceFile, whileLocked, writePinned } = await import(
      '../../files/index.js'
    )
    const { importFrr, importMesh } = await import('../../import/index.js')
    const { load } = await import('../../generate.js')
    const { writeKeysAnd } = await import('../newcomers/new-keys.js')
    const { counted, Failure, need, report } = await import('../output/report.js')
    const { homeOf, mendKeys } = await import('../workspace/workspace.js')
    const { io, directory, file } = place

    const kind = word(args, 'kind') ?? ''
    const files = all(args, 'files')
    const [wg, frr] = [all(args, 'wg'), all(args, 'frr')]
    if (!kinds.includes(kind))
      throw new UsageError(
        `"${kind}" is not something to import`,
        'write import vwgen, import wg or import frr',
      )
    if (kind === 'vwgen' && files.length > 1)
      throw new UsageError('a mesh has one master file', "write a node's files as --wg FILE or --frr FILE")
    if ((kind !== 'vwgen' && wg.length > 0) || (kind === 'frr' && frr.length > 0))
      throw new UsageError(`import ${kind} takes its files as they are`, `write import ${kind} FILE FILE …`)
    const read = (name: string): Source => need(readMesh(directory, name))
    const sources = Object.fromEntries([...files, ...wg, ...frr].map(name => [name, read(name)]))
    const texts = Object.fromEntries(Object.values(sources).map(({ file, text }) => [file, text]))
    const named = (names: readonly string[]): Source[] => names.map(name => sources[name] as Source)

    const home = homeOf(place)
    const path = resolve(directory, file)
    const make = () => {
      mendKeys(place)
      if (kind === 'frr') {
        const before = read(file)
        const imported = need(importFrr(before, named(files)), { ...texts, [file]: before.text })
        if (imported.text !== before.text) replaceFile(path, imported.text, before.text)
        return { imported, keys: need(readKeys(home, [])), there: false }
      }
      const imported = need(
        importMesh({
          vwgen: kind === 'vwgen' ? named(files)[0] : undefined,
          wgQuick: named(kind === 'wg' ? files : wg),
          frr: named(frr),
        }),
        texts,
      )
      // A run that was killed may have left any part of this, and is run again.
      const there = existsSync(path)
      if (there && read(file).text !== imported.text) {
        const hint = 'import into another directory with -C, and take from there what you want'
        const message = `${file} exists already`
        throw new Failure([{ severity: 'error', code: 'file-exists', message, span: null, hint }], {})
      }
      const { presharedKeys, privateKeys } = imported
      const ring = { privateKeys, presharedSeed: null, pinnedPresharedKeys: presharedKeys }
      const keys = { ring, drawn: privateKeys, seed: null, found: [] }
      writeKeysAnd(home, keys, () => {
        if (presharedKeys.size > 0) need(writePinned(home, presharedKeys))
        if (!there) createFile(path, imported.text, 0o644)
      })
      return { imported, keys: ring, there }
    }
    const { imported, keys, there } = need(attempt(() => whileLocked(path, make)))
    io.stdout.write(imported.report)
    const secrets = kind === 'frr' ? ('hidden' as const) : keys
    const mesh = load({ file, text: imported.text }, secrets)
    report(io, mesh.ok ? mesh.warnings : mesh.diagnostics, { [file]: imported.text })
    const written = kind === 'frr' ? '' : ` and ${counted(imported.privateKeys.size, 'private key')} in keys/`
    const done = there ? `${file} is there already, just so, with its keys` : `wrote ${file}${written}`
    io.stderr.write(`${done}; the damage report is above\n`)
    if (mesh.ok && kind !== 'frr')
      io.stderr.write(
        'move one node after the other with its apply.sh; old and new ones talk to each other meanwhile\n',
      )
    io.stderr.write(mesh.ok ? 'next: ciab-gen gen\n' : `${file} needs a change before "ciab-gen gen"\n`)
    return mesh.ok ? 0 : 1
  },
}
