/** A stream of numbers from 0 up to, but not including, `below`; the same for the same seed (mulberry32). */
export type Dice = (below: number) => number

export const diceOf = (seed: number): Dice => {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** Words that mean something to us, to JavaScript, to a shell, to wg-quick, to a terminal or to a file system. */
export const dictionary: readonly string[] = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'undefined', 'null', 'true'],
  ...['%i', '$(reboot)', '`reboot`', '; reboot', '&& reboot', '../', '../../etc/passwd', '/dev/zero', 'C:\\'],
  ...[
    '[',
    ']',
    '[]',
    '[[',
    '=',
    '==',
    ',',
    ',,',
    ';',
    '#',
    '"',
    "'",
    '\\',
    '\\;',
    '\\"',
    '" "',
    "''",
    ' ',
    '\t',
  ],
  ...[
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    '\u0000',
    '\u001b[2J',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\ufffd',
  ],
  ...['0', '-1', '1e9', '0x1F', '007', '4294967296', '18446744073709551616', '99999999999999999999', 'NaN'],
  ...[
    '[mesh]',
    '[node node1]',
    '[node]',
    '[node a b]',
    '[node __proto__]',
    '[node constructor]',
    '[node ../x]',
  ],
  ...['[group g]', '[exclude]', '[targets]', '[node n]\nid = 9\nendpoint = none\n', 'members = node1, node2'],
  ...[
    'id = 1',
    'id = 16777214',
    'endpoint = none',
    'endpoint[] = none',
    'endpoint = [::1]:0',
    'families = ipv6',
  ],
  ...['underlay = 0.0.0.0/0', 'overlay = ::/0', 'containers = 10.0.0.0/8 /30', 'containers[] = lxdbr0 auto'],
  ...['underlay-address = 10.79.255.255', 'mac = ff:ff:ff:ff:ff:ff', 'keepalive = off', 'post-up = "a\\nb"'],
  ...[
    '/0',
    '/32',
    '/128',
    '/129',
    '10.77.0.0/16',
    '169.254.169.254',
    '255.255.255.255',
    '::ffff:1.2.3.4',
    'fe80::1%eth0',
  ],
  ...[
    'private-key = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=',
    'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk',
  ],
  ...['preshared-keys = yes', 'key-on-node = yes', 'next-id = 1', 'vxlan-port = 51820', 'path-mtu = 1410'],
]

/** Junk by the megabyte; one input in a few hundred gets it. */
const junk: readonly string[] = [
  'A',
  '\u0000',
  '[',
  '"',
  '\\',
  ' ',
  '\n',
  ',',
  'a = 1\n',
  '[a]\n',
  '=',
  ';\n',
  'é',
  '[ ',
  "'a'",
]

const pick = <T>(dice: Dice, from: readonly T[]): T => from[dice(from.length)] as T

const splice = (text: string, at: number, removed: number, added: string): string =>
  text.slice(0, at) + added + text.slice(at + removed)

type Mutation = (text: string, dice: Dice, corpus: readonly string[]) => string

const place = (text: string, dice: Dice): number => dice(text.length + 1)

const mutations: readonly Mutation[] = [
  // Flip a bit of a byte; what is no UTF-8 afterwards becomes U+FFFD.
  (text, dice) => {
    const bytes = Buffer.from(text)
    const at = dice(bytes.length)
    if (bytes.length > 0) bytes[at] = (bytes[at] as number) ^ (1 << dice(8))
    return bytes.toString()
  },
  (text, dice) => splice(text, place(text, dice), 1 + dice(8), ''),
  (text, dice) => splice(text, place(text, dice), 1 + dice(200), ''),
  (text, dice) => {
    const at = place(text, dice)
    return splice(text, at, 0, text.slice(at, at + 1 + dice(120)))
  },
  (text, dice) => splice(text, place(text, dice), 0, pick(dice, dictionary)),
  (text, dice) => splice(text, place(text, dice), 1 + dice(12), pick(dice, dictionary)),
  // A value, a key or a name becomes another word.
  (text, dice) => {
    const words = [...text.matchAll(/[^\s=,[\]]+/g)]
    const word = words.length > 0 ? pick(dice, words) : undefined
    return word ? splice(text, word.index, word[0].length, pick(dice, dictionary)) : text
  },
  // Whole lines swap, double or go.
  (text, dice) => {
    const lines = text.split('\n')
    const [from, to] = [dice(lines.length), dice(lines.length)]
    const moved = lines.splice(from, dice(2))
    lines.splice(to, 0, ...moved, ...(dice(2) ? moved : []))
    return lines.join('\n')
  },
  // One file continues as another.
  (text, dice, corpus) => {
    const other = pick(dice, corpus)
    return text.slice(0, place(text, dice)) + other.slice(place(other, dice))
  },
  (text, dice) => text.replaceAll('\n', pick(dice, ['\r\n', '\r', '\n\n', '\n ', ' \n'])),
]

/** Changes that leave a well-formed file more often than not, so that the stages behind the first are met too. */
const gentle: readonly Mutation[] = [
  // A line of another file.
  (text, dice, corpus) => {
    const lines = text.split('\n')
    lines.splice(dice(lines.length + 1), dice(2), pick(dice, pick(dice, corpus).split('\n')))
    return lines.join('\n')
  },
  // A key gets the value that it has in another file.
  (text, dice, corpus) => {
    const lines = text.split('\n')
    const at = dice(lines.length)
    const key = lines[at]?.split('=')[0]?.trim() ?? ''
    const others = pick(dice, corpus)
      .split('\n')
      .filter(line => key !== '' && line.split('=')[0]?.trim() === key)
    if (others.length > 0) lines[at] = pick(dice, others)
    return lines.join('\n')
  },
  // A number becomes another.
  (text, dice) => {
    const numbers = [...text.matchAll(/\d+/g)]
    const number = numbers.length > 0 ? pick(dice, numbers) : undefined
    return number
      ? splice(text, number.index, number[0].length, `${dice(pick(dice, [4, 300, 70000]))}`)
      : text
  },
  // A section goes, or stands at the end instead.
  (text, dice) => {
    const sections = text.split(/^(?=\[)/m)
    const moved = sections.splice(dice(sections.length), 1)
    return [...sections, ...(dice(2) ? moved : [])].join('')
  },
]

/** The `index`-th input: one of the corpus with a few things done to it. */
export const inputOf = (index: number, seed: number, corpus: readonly string[]): string => {
  const dice = diceOf(Math.imul(index + 1, 0x9e3779b1) ^ seed)
  let text = pick(dice, corpus)
  for (let left = dice(4); left > 0; left--) text = pick(dice, gentle)(text, dice, corpus)
  for (let left = dice(2) * dice(8); left > 0; left--) text = pick(dice, mutations)(text, dice, corpus)
  if (dice(400) > 0) return text
  const piece = pick(dice, junk)
  return splice(text, place(text, dice), 0, piece.repeat((1 + dice(9 << 20)) / piece.length))
}
