import type { BfdTimers, BgpTimers } from '../model/spec.js'
import { accepted, type Parsed, quoted, refused } from '../net/index.js'
import { integer } from './fields.js'

/** `10 30`: two whole numbers, each within its bounds. */
const twoNumbers =
  <T>(
    example: string,
    read: (first: string, second: string) => readonly [Parsed<number>, Parsed<number>],
    together: (first: number, second: number) => Parsed<T>,
  ) =>
  (value: string): Parsed<T> => {
    const [first, second, ...more] = value.split(/\s+/)
    if (first === undefined || second === undefined || more.length > 0 || value.includes(','))
      return refused(
        'value-list',
        `${quoted(value)} is not two numbers`,
        `write them with a blank between, such as ${example}`,
      )
    const [one, other] = read(first, second)
    if (!one.ok) return one
    return other.ok ? together(one.value, other.value) : other
  }

/** `10 30`: BGP's keepalive and hold time in seconds; three keepalives fit into the hold time (RFC 4271, section 4.4). */
export const bgpTimers = twoNumbers<BgpTimers>(
  '10 30',
  (keepalive, hold) => [
    integer('a keepalive in seconds', 1, 21845)(keepalive),
    integer('a hold time in seconds', 3, 65535)(hold),
  ],
  (keepalive, hold) =>
    hold >= 3 * keepalive
      ? accepted({ keepalive, hold })
      : refused(
          'value-conflict',
          `a hold time of ${hold} seconds has no room for three keepalives of ${keepalive}`,
          `write ${keepalive} ${3 * keepalive}, or more`,
        ),
)

/** `1000 3`: milliseconds between BFD's packets, and how many may be missed. */
export const bfdTimers = twoNumbers<BfdTimers>(
  '1000 3',
  (interval, multiplier) => [
    integer('an interval in milliseconds', 50, 4294)(interval),
    integer('a number of packets', 2, 255)(multiplier),
  ],
  (interval, multiplier) => accepted({ interval, multiplier }),
)
