import { join, resolve } from 'node:path'
import { didYouMean } from '../../diagnostics/index.js'
import type { Mesh } from '../../model/mesh.js'
import { one, UsageError } from '../arguments.js'
import { type Command, valued } from '../command.js'

/** Prints a zone of the mesh's names, or writes all of them. */
export const zone: Command = {
  usage: 'zone [domain]',
  describe: "print the DNS zone of the nodes' names, or write it and the reverse zones",
  positionals: {
    domain: "the names' domain, that of mesh.ini if not given; or a reverse zone to print",
  },
  options: { o: valued('write all zones, and a named.conf, into this directory', 'output') },
  async run(args, place) {
    const { writeBeside } = await import('../../files/index.js')
    const { planMesh } = await import('../../plan/plan.js')
    const { textOf } = await import('../../render/chunks.js')
    const { zoneFiles } = await import('../../targets/zone/index.js')
    const { counted, need, report } = await import('../output/report.js')
    const { loadForShow } = await import('../workspace/loading.js')
    const { io, directory } = place

    const name = one(args, 'domain')
    const out = one(args, 'o')
    const reverse = name !== undefined && /\.arpa\.?$/i.test(name)
    if (reverse && out !== undefined)
      throw new UsageError(`${name} is a reverse zone, and -o writes all zones`, 'leave one of the two out')
    const { mesh, warnings, sources } = loadForShow(place)
    const files = zoneFiles(planMesh(name === undefined || reverse ? mesh : await within(mesh, name)))
    if (out !== undefined) {
      report(io, warnings, sources)
      const changes = need(writeBeside(resolve(directory, out), files))
      for (const { kind, path } of changes) io.stdout.write(`${kind} ${join(out, path)}\n`)
      if (changes.length === 0) io.stderr.write(`${out}: nothing to change\n`)
      return 0
    }
    const zones = files.filter(({ path }) => path.startsWith('db.'))
    const origins = zones.map(({ path }) => path.slice('db.'.length))
    const at = reverse ? origins.indexOf(name.toLowerCase().replace(/\.$/, '')) : 0
    const chosen = zones[at]
    if (!chosen) throw new UsageError(`there is no zone ${name}`, didYouMean(name ?? '', origins))
    io.stdout.write(textOf(chosen.content))
    if (!reverse)
      io.stderr.write(
        `${counted(origins.length - 1, 'reverse zone')} beside it: -o DIR writes all of them, "zone ${origins.at(-1)}" prints one\n`,
      )
    return 0
  },
}

/** The mesh under another domain than mesh.ini's. */
const within = async (mesh: Mesh, text: string): Promise<Mesh> => {
  const { parseDomain } = await import('../../net/index.js')
  const { namingFaults } = await import('../../resolve/domain.js')
  const parsed = parseDomain(text)
  if (!parsed.ok) throw new UsageError(parsed.message, parsed.hint)
  const named = { ...mesh, domain: parsed.value }
  for (const { message, hint } of namingFaults(named, mesh.nodes)) throw new UsageError(message, hint)
  return named
}
