import { type NodeFolder, pathBetween, type Trip } from '../../verify/index.js'
import { UsageError } from '../arguments.js'
import type { Place } from '../command.js'

/** Says what packets between two ends meet, there and back; the exit code is 1 where they do not pass. */
export const sayPath = (
  { io, answer }: Place,
  folders: readonly NodeFolder[],
  [from = '', to = '', more]: readonly string[],
  without: readonly string[],
): number => {
  if (more !== undefined) throw new UsageError('--path stands twice', 'keep one of the two')
  const flow = pathBetween(folders, from, to, without)
  if ('ok' in flow) throw new UsageError(flow.message, flow.hint)
  const { verdict, why, there, back } = flow
  const trips = [['there', there] as const, ...(back ? [['back', back] as const] : [])]
  answer.give({
    path: {
      from: `${flow.from.name}/${flow.from.address}`,
      to: `${flow.to.name}/${flow.to.address}`,
      verdict,
      why: why && { message: why.message, span: why.span, hint: why.hint },
      ...Object.fromEntries(trips.map(([name, { steps }]) => [name, steps])),
      hidden: there.hidden?.message ?? null,
      mtu: narrowest(trips.map(([, trip]) => trip)),
    },
  })
  io.stdout.write(`${from} to ${to}: ${verdict}\n`)
  for (const [name, { steps }] of trips) {
    io.stdout.write(`${name}:\n`)
    for (const { node, text, span } of steps)
      io.stdout.write(`  ${node}: ${text}${span ? `, ${span.file}:${span.line}` : ''}\n`)
  }
  if (why) {
    io.stdout.write(`${why.message}${why.span ? `, ${why.span.file}:${why.span.line}` : ''}\n`)
    io.stdout.write(`hint: ${why.hint}\n`)
  }
  if (there.hidden) io.stdout.write(`${there.hidden.message}\n`)
  const mtu = narrowest(trips.map(([, trip]) => trip))
  if (mtu !== null) io.stdout.write(`the narrowest interface on the way has an MTU of ${mtu}\n`)
  return verdict === 'passes' ? 0 : 1
}

const narrowest = (trips: readonly Trip[]): number | null => {
  const sizes = trips.flatMap(({ mtu }) => mtu ?? [])
  return sizes.length > 0 ? Math.min(...sizes) : null
}
