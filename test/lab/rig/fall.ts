import type { End } from '../../../src/verify/flow/ends.js'
import { failuresOf } from '../../../src/verify/index.js'
import { type Agreement, agreement, echoOf } from './agreement.js'
import { nameOf } from './echoes.js'
import type { Host } from './host.js'
import type { Lab } from './lab.js'

/** How long others may take to know of it: as BGP's hold time, and once more for those who hear it from others. */
const patience = 90

/**
 * Ends a node beside those that fell before, and compares what the others lose with what was foretold while all was well:
 * by `verify --without`, which leaves their files out, and by what hangs on them in `verify --each-failure`.
 */
export const fall = async (
  lab: Lab,
  { study, compared }: Agreement,
  host: Host,
  fallen: readonly Host[],
): Promise<string> => {
  const gone = [...fallen, host].map(({ name }) => name)
  const left = (end: End | string): end is End =>
    typeof end !== 'string' && end.kind !== 'internet' && !gone.includes(end.machine.name)
  const among = compared.filter(({ from, to }) => left(from.end) && left(to.end))
  const pairs = among.map(({ from, to }) => [from.end as End, to.end as End] as const)
  const [failure] = failuresOf(study, [{ name: gone.join(), nodes: gone }], pairs)
  const foretold = new Set(
    failure?.flows.map(({ from, to }) => nameOf({ from: from.address, to: to.address })),
  )

  host.fall()
  const after = await agreement(lab, { without: [...fallen, host], patience })
  const answered = new Set(after.compared.filter(one => one.answered).map(one => nameOf(echoOf(one))))
  const before = among.filter(one => one.answered).map(one => nameOf(echoOf(one)))
  const wrong = before.flatMap(name => {
    if (answered.has(name) !== foretold.has(name)) return []
    return [foretold.has(name) ? `${name} is not lost` : `${name} is lost, and was not foretold`]
  })
  if (wrong.length > 0)
    throw new Error(`without ${gone.join(' and ')}:\n  ${wrong.slice(0, 24).join('\n  ')}`)
  return `${before.filter(name => !answered.has(name)).length} of ${before.length}`
}
