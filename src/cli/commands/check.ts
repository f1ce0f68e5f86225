import type { Mesh } from '../../index.js'
import { on } from '../arguments.js'
import { type Command, formatOption, formats, toggle } from '../command.js'

/** Says all that is wrong with the mesh. */
export const check: Command = {
  usage: 'check',
  describe: 'say what is wrong with mesh.ini',
  about:
    'All that is wrong, or risky, is said at once; warnings that several nodes have in a line for each kind. Where mesh.ini has [expect], the files are made in memory and held against it.',
  positionals: {},
  formats,
  options: {
    format: formatOption(),
    strict: toggle('let warnings fail too'),
    verbose: toggle('each warning by itself, at its line'),
    public: toggle('without the private keys, as a reviewer has it'),
  },
  async run(args, place) {
    const strict = on(args, 'strict')
    const { counted, report } = await import('../output/report.js')
    const { loadForShow, loadMesh } = await import('../workspace/loading.js')
    const { asExpected } = await import('../workspace/expected.js')
    const loaded = on(args, 'public') ? loadMesh(place, { public: true }) : loadForShow(place)
    const { mesh, warnings, sources, withKeys } = await asExpected(place, loaded)
    report(place.io, warnings, sources, on(args, 'verbose'))
    for (const line of openIn(mesh)) place.io.stderr.write(`${line}\n`)
    const nodes = counted(mesh.nodes.length, 'node')
    const found = warnings.length === 0 ? 'sound' : `sound, with ${counted(warnings.length, 'warning')}`
    const keys = withKeys ? '' : '; private keys were not looked at'
    place.io.stderr.write(`${place.file}: ${nodes}, ${found}${keys}\n`)
    place.answer.give({
      nodes: mesh.nodes.length,
      open: mesh.nodes.flatMap(({ name, forward, metadata }) =>
        forward.length > 0 || metadata ? [{ name, forward, metadata }] : [],
      ),
      keys: withKeys,
    })
    return strict && warnings.length > 0 ? 1 : 0
  },
}

/** What mesh.ini opens on purpose, a line for each node. */
const openIn = ({ nodes }: Mesh): string[] =>
  nodes.flatMap(({ name, forward, metadata }) => [
    ...(forward.length > 0
      ? [`${name}: ${forward.join(' and ')} may enter the mesh, and is reached from it`]
      : []),
    ...(metadata ? [`${name}: its containers may ask for the cloud's metadata`] : []),
  ])
