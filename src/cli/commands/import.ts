import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Source } from '../../parse/parse.js'
import { all, UsageError, word } from '../arguments.js'
import { type Command, toggle, valued } from '../command.js'

const kinds = ['vwgen', 'wg', 'netplan', 'networkd', 'frr'] as const
type Kind = (typeof kinds)[number]
const isKind = (text: string): text is Kind => (kinds as readonly string[]).includes(text)

/** More than any key. */
const largestSecret = 4096

/** Makes a mesh.ini of other tools' files, and says what became of them. */
export const importCommand: Command = {
  usage: 'import <kind> <files..>',
  describe: 'make a mesh.ini of files of vwgen, wg-quick, netplan, systemd-networkd or FRR',
  about:
    'Every key and address is pinned. A damage report says what was stored broken and what it was taken to mean, what will change on the wire, what is left out, and which nodes reach each other while one moves after the other.',
  positionals: {
    kind: "vwgen, its master file; wg, each node's file for wg-quick; netplan, each node's YAML; networkd, each node's .netdev and .network files in a folder; frr, each node's frr.conf",
    files: 'the files; frr adds to the mesh.ini that is there',
  },
  options: {
    wg: valued("a node's file for wg-quick beside the others; with vwgen, to be compared; repeatable"),
    netplan: valued("a node's file for netplan beside the others; repeatable"),
    networkd: valued("a node's file for systemd-networkd beside the others; repeatable"),
    frr: valued("a node's frr.conf beside the others, for its AS number and networks; repeatable"),
    'dry-run': toggle('print the report and the mesh.ini, and write nothing'),
  },
  async run(args, place) {
    const { attempt, createFile, readMesh, readRegular, replaceFile, whileLocked, writePinned } =
      await import('../../files/index.js')
    const { importFrr, importMesh } = await import('../../import/index.js')
    const { load } = await import('../../load.js')
    const { writeKeysAnd } = await import('../newcomers/new-keys.js')
    const { counted, Failure, need, report } = await import('../output/report.js')
    const { homeOf } = await import('../workspace/loading.js')
    const { mendKeys } = await import('../workspace/workspace.js')
    const { io, directory, file } = place

    const kind = word(args, 'kind') ?? ''
    const files = all(args, 'files')
    if (!isKind(kind))
      throw new UsageError(
        `"${kind}" is not something to import`,
        'write import vwgen, import wg, import netplan, import networkd or import frr',
      )
    const names = Object.fromEntries(
      kinds.map(one => [one, [...(one === kind ? files : []), ...(one === 'vwgen' ? [] : all(args, one))]]),
    ) as Record<Kind, string[]>
    if (names.vwgen.length > 1)
      throw new UsageError('a mesh has one master file', "write a node's files as --wg FILE or --frr FILE")
    if (kind === 'frr' && kinds.some(one => one !== 'frr' && names[one].length > 0))
      throw new UsageError('import frr takes its files as they are', 'write import frr FILE FILE …')
    const read = (name: string): Source =>
      need(readMesh(directory, name, 'give the path of a file that is there'))
    const sources = Object.fromEntries(
      Object.values(names)
        .flat()
        .map(name => [name, read(name)]),
    )
    const texts = Object.fromEntries(Object.values(sources).map(({ file, text }) => [file, text]))
    const named = (one: Kind): Source[] => names[one].map(name => sources[name] as Source)
    // A path is one of the node's own; what was copied from there lies beside the file that names it.
    const beside = (file: string, path: string): string | null => {
      const bytes = readRegular(resolve(directory, join(dirname(file), basename(path))), largestSecret)
      return typeof bytes === 'string' ? null : Buffer.from(bytes).toString('latin1').trim()
    }

    const home = homeOf(place)
    const path = resolve(directory, file)
    const before = kind === 'frr' ? read(file) : null
    const imported = before
      ? need(importFrr(before, named('frr')), { ...texts, [file]: before.text })
      : need(
          importMesh({
            vwgen: named('vwgen')[0],
            wgQuick: named('wg'),
            netplan: named('netplan'),
            networkd: named('networkd'),
            frr: named('frr'),
            beside,
          }),
          texts,
        )
    const { presharedKeys, privateKeys } = imported
    const ring = { privateKeys, presharedSeed: null, pinnedPresharedKeys: presharedKeys }
    const make = () => {
      mendKeys(place)
      if (before) {
        if (imported.text !== before.text) replaceFile(path, imported.text, before.text)
        return false
      }
      // A run that was killed may have left any part of this, and is run again.
      const there = existsSync(path)
      if (there && read(file).text !== imported.text) {
        const hint = 'import into another directory with -C, and take from there what you want'
        const message = `${file} exists already`
        throw new Failure([{ severity: 'error', code: 'file-exists', message, span: null, hint }], {})
      }
      const keys = { ring, drawn: privateKeys, seed: null, found: [] }
      writeKeysAnd(home, keys, () => {
        if (presharedKeys.size > 0) need(writePinned(home, presharedKeys))
        if (!there) createFile(path, imported.text, 0o644)
      })
      return there
    }
    const dry = args['dry-run'] === true
    const there = dry ? false : need(attempt(() => whileLocked(path, make)))
    io.stdout.write(imported.report)
    if (dry) io.stdout.write(`\n${imported.text}`)
    const mesh = load({ file, text: imported.text }, before ? 'hidden' : ring)
    // A hub that no file dials: the report asks for its endpoint, without which it has no clients.
    const asked =
      !mesh.ok &&
      mesh.diagnostics.every(({ code, severity }) => code === 'client-via' || severity === 'warning')
    if (!asked) report(io, mesh.ok ? mesh.warnings : mesh.diagnostics, { [file]: imported.text })
    const written = before ? '' : ` and ${counted(privateKeys.size, 'private key')} in keys/`
    const done = there ? `${file} is there already, just so, with its keys` : `wrote ${file}${written}`
    io.stderr.write(
      dry ? 'wrote nothing: report and mesh.ini are above\n' : `${done}; the damage report is above\n`,
    )
    const then = dry ? 'next: the same without --dry-run' : 'next: ciab-gen gen'
    const next = asked ? `write the endpoint that the report asks for; ${then}` : then
    io.stderr.write(mesh.ok || asked ? `${next}\n` : `${file} needs a change before "ciab-gen gen"\n`)
    return mesh.ok || asked ? 0 : 1
  },
}
