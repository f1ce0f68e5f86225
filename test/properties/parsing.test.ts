import fc from 'fast-check'
import { parse as parseIni } from 'ini'
import { describe, expect, test } from 'vitest'
import { printMesh as printSpec } from '../../src/edit/index.js'
import type { Result } from '../../src/index.js'
import { addressOf, parseAddress } from '../../src/net/index.js'
import { specOf } from '../../src/parse/description.js'
import { parse } from '../../src/parse/parse.js'
import { scan } from '../../src/parse/scan.js'
import { meshWithNetworks, anyMesh as plainMesh } from '../arbitraries/meshes.js'
import { printMesh } from '../arbitraries/print.js'
import { descriptionOf } from '../support/describe-spec.js'
import { liesIn } from '../support/errors.js'
import { withoutPlaces } from '../support/places.js'
import { forAll } from '../support/property.js'

const anyMesh = fc.oneof({ weight: 3, arbitrary: plainMesh }, { weight: 1, arbitrary: meshWithNetworks })

const source = (text: string) => ({ file: 'mesh.ini', text })

/** Whatever is in a mesh.ini, and much that is not. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '[',
          ']',
          '=',
          '"',
          "'",
          '\\',
          ';',
          '#',
          ',',
          '\n',
          '\r\n',
          ' ',
          '\t',
          '[]',
          '\u0000',
        ),
        fc.constantFrom(
          '[mesh]\n',
          '[node a]\n',
          '[group g]\n',
          '[segment s]\n',
          '[tenant t]\n',
          '[exclude]\n',
          '[targets]\n',
          'members = ',
          'id = ',
        ),
        fc.constantFrom(
          'underlay = ',
          'containers = ',
          'endpoint = ',
          '10.0.0.0/8',
          '::/0',
          'none',
          'br0 auto',
          '1',
        ),
        fc.string({ maxLength: 4 }),
      ),
      { maxLength: 40 },
    )
    .map(pieces => pieces.join('')),
)

test('40: any text gives a value or diagnostics that lie in it', () => {
  forAll(
    anyText,
    text => {
      const result = parse(source(text))
      const lines = text.split('\n')
      const diagnostics = result.ok ? result.warnings : result.diagnostics
      if (!result.ok) expect(diagnostics.length).toBeGreaterThan(0)
      for (const { span, related } of diagnostics)
        for (const place of [span, related?.span])
          if (place) expect(place).toSatisfy(() => liesIn(place, lines))
    },
    1500,
  )
})

/** Values that no key can have but a hook, which is any command. */
const nonsense = fc.constantFrom('$(reboot)', '%i', '../..', '"a\\nb"', '=', '!', ', ,', '-1/x')

test('41: a field that is broken is reported at its line', () => {
  forAll(
    fc.record({ blueprint: anyMesh, at: fc.nat(), wrong: nonsense }),
    ({ blueprint, at, wrong }) => {
      const lines = printMesh(blueprint).split('\n')
      const fields = lines.flatMap((line, index) =>
        /^(?!(pre|post)-)[a-z0-9[\]-]+ = /.test(line) ? [index] : [],
      )
      const broken = fields[at % fields.length] as number
      lines[broken] = (lines[broken] as string).replace(/=.*/, `= ${wrong}`)
      const result = parse(source(lines.join('\n')))
      expect(result.ok ? [] : result.diagnostics.map(({ span }) => span?.line)).toEqual([broken + 1])
    },
    200,
  )
})

test('41: a key that is misspelt is reported at its line', () => {
  forAll(
    fc.record({ blueprint: anyMesh, at: fc.nat() }),
    ({ blueprint, at }) => {
      const lines = printMesh(blueprint).split('\n')
      const fields = lines.flatMap((line, index) => (line.includes(' = ') ? [index] : []))
      const broken = fields[at % fields.length] as number
      lines[broken] = `x_${lines[broken]}`
      const result = parse(source(lines.join('\n')))
      expect(result.ok ? [] : result.diagnostics.map(({ span }) => span?.line)).toEqual([broken + 1])
    },
    200,
  )
})

/** The spec, where there is one. */
const good = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value
}

test('42: what is printed of a spec reads as that spec', () => {
  forAll(
    anyMesh,
    blueprint => {
      const first = good(parse(source(printMesh(blueprint))))
      const text = good(printSpec(first))
      const second = good(parse(source(text)))
      expect(withoutPlaces(second)).toEqual(withoutPlaces(first))
      expect(good(printSpec(second))).toBe(text)
    },
    150,
  )
})

test('42: a mesh that is given as objects is the one of the text that says the same', () => {
  forAll(
    anyMesh,
    blueprint => {
      const read = good(parse(source(printMesh(blueprint))))
      expect(withoutPlaces(good(specOf(descriptionOf(read))))).toEqual(withoutPlaces(read))
    },
    150,
  )
})

test('42: any command is printed as it is, or it is said that it cannot be', () => {
  const hook = fc.string({
    minLength: 1,
    unit: fc.constantFrom('a', ' ', '"', "'", '\\', ';', '#', '\t', '=', 'é'),
  })
  forAll(
    hook,
    command => {
      const spec = good(specOf({ nodes: [{ name: 'a', id: 1, 'post-up': command }] }))
      const printed = printSpec(spec)
      if (printed.ok) expect(withoutPlaces(good(parse(source(printed.value))))).toEqual(withoutPlaces(spec))
      else expect(printed.diagnostics.map(({ code }) => code)).toEqual(['ini-syntax'])
    },
    500,
  )
})

test('40: whatever is given as a mesh gives a value, or diagnostics that say where', () => {
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      undefined,
      true,
      Number.NaN,
      1.5,
      '',
      'none',
      'a\nb',
      '__proto__',
      Symbol('s'),
      () => 1,
    ),
    fc.string(),
    fc.integer(),
  )
  const any = fc.oneof(
    leaf,
    fc.array(leaf),
    fc.dictionary(fc.constantFrom('ipv4', 'prefix', 'host', 'bridge', 'x'), leaf),
    fc.anything(),
  )
  const section = fc.oneof(
    any,
    fc.dictionary(
      fc.constantFrom(
        'name',
        'id',
        'endpoint',
        'endpoint@x',
        'containers',
        'lan',
        'underlay',
        'overlay-address',
        'container-address',
        'timers',
        'post-up',
        'members',
        'nodes',
        'share',
        'constructor',
        'families',
      ),
      any,
    ),
  )
  const names = ['mesh', 'nodes', 'clients', 'groups', 'segments', 'tenants', 'exclude', 'targets', 'nodez']
  forAll(
    fc.oneof(any, fc.dictionary(fc.constantFrom(...names), fc.oneof(section, fc.array(section)))),
    given => {
      const read = specOf(given as never)
      if (read.ok) return
      expect(read.diagnostics.length).toBeGreaterThan(0)
      for (const { span } of read.diagnostics) expect(typeof span?.field).toBe('string')
    },
    1500,
  )
})

test('42: blanks, comments, quotes and line ends do not change what a file means', () => {
  forAll(
    anyMesh,
    blueprint => {
      const text = printMesh(blueprint)
      const loose = text
        .replace(/^\[(\S+) (\S+)\]$/gm, '  [ $1\t $2 ]  ; a section')
        .replace(/^([a-z-]+) = ([^"\n]*)$/gm, '\t$1="$2"\t# a value')
        .replaceAll('\n', '\r\n\r\n; "[x]" = y\r\n')
      const [strict, free] = [parse(source(text)), parse(source(loose))]
      if (!strict.ok || !free.ok) throw new Error(JSON.stringify([strict, free]))
      expect(withoutPlaces(free.value)).toEqual(withoutPlaces(strict.value))
    },
    100,
  )
})

describe('the scanner beside the ini package', () => {
  // Where the two differ on purpose: a comment behind a quoted value or a header, a name said twice, quotes
  // that do not match, and true, null or 5 as something else than text.
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
  const plain = fc
    .array(
      fc.constantFrom(
        'a',
        'B7',
        ' ',
        '=',
        '/',
        ':',
        '\\',
        '\\;',
        '\\#',
        ';',
        '#',
        ',',
        '.',
        '[',
        ']',
        'é',
        '€',
      ),
      {
        maxLength: 12,
      },
    )
    .map(pieces => pieces.join(''))
  const literal = fc.string({ maxLength: 12 })
  const value = fc.oneof(
    plain,
    literal.map(text => JSON.stringify(text)),
    literal.filter(text => !/['"]/.test(text)).map(text => `'${text}'`),
  )
  const entry = fc.record({
    key: word,
    list: fc.boolean(),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  })
  const section = fc.record({
    header: fc.tuple(word, fc.option(word)).map(([kind, name]) => (name === null ? kind : `${kind} ${name}`)),
    entries: fc.uniqueArray(entry, { maxLength: 5, selector: ({ key }) => key }),
  })
  const file = fc.uniqueArray(section, { maxLength: 4, selector: ({ header }) => header })

  test('reads the same sections, keys and values', () => {
    forAll(
      file,
      sections => {
        const lines = sections.flatMap(({ header, entries }) => [
          `[${header}]`,
          ...entries.flatMap(({ key, list, values }) =>
            list ? values.map(one => `${key}[] = ${one}`) : [`${key} = ${values[0]}`],
          ),
        ])
        const scanned = scan(lines.join('\n'), 'f')
        expect(scanned.diagnostics).toEqual([])
        const ours = scanned.sections.map(({ header, entries }) => {
          const keys = new Map<string, string | string[]>()
          for (const { key, list, value } of entries)
            keys.set(key, list ? [...((keys.get(key) as string[] | undefined) ?? []), value] : value)
          return [header, Object.fromEntries(keys)]
        })
        // What ini takes for JSON between single quotes, and true, false and null, we leave as text.
        const asText = (found: unknown, ours: unknown): unknown => {
          if (Array.isArray(found) && Array.isArray(ours))
            return found.map((one, at) => asText(one, ours[at]))
          if (typeof found === 'string') return found
          expect(JSON.parse(ours as string)).toEqual(found)
          return ours
        }
        const theirs = Object.entries(parseIni(lines.join('\n')) as Record<string, Record<string, unknown>>)
        const mine = new Map(ours as [string, Record<string, unknown>][])
        expect(
          theirs.map(([header, keys]) => [
            header,
            Object.fromEntries(
              Object.entries(keys).map(([key, found]) => [key, asText(found, mine.get(header)?.[key])]),
            ),
          ]),
        ).toEqual(ours)
      },
      1000,
    )
  })

  test('sees whether a comment cut a value short', () => {
    forAll(
      plain,
      text => {
        const ini = (value: string) => (parseIni(`[s]\nk = ${value}`) as { s: { k: unknown } }).s.k
        const [entry] = scan(`[s]\nk = ${text}`, 'f').sections[0]?.entries ?? []
        // With a mark at its end, which only a comment could have swallowed.
        const swallowed = !String(ini(`${text}END`)).endsWith('END')
        expect(entry?.commented).toBe(swallowed)
      },
      1000,
    )
  })
})

test('IPv6 text is the WHATWG URL serialiser’s', () => {
  const group = fc.oneof(fc.constant(0), fc.constant(0), fc.nat(0xffff), fc.nat(0xf))
  forAll(
    fc.array(group, { minLength: 8, maxLength: 8 }),
    groups => {
      const long = groups.map(one => one.toString(16).toUpperCase().padStart(4, '0')).join(':')
      const expected = new URL(`http://[${long}]/`).hostname.slice(1, -1)
      const integer = groups.reduce((sum, one) => (sum << 16n) | BigInt(one), 0n)
      expect(addressOf('ipv6', integer)).toBe(expected)
      expect(parseAddress(long)).toEqual({ ok: true, value: expected })
      expect(parseAddress(expected)).toEqual({ ok: true, value: expected })
    },
    2000,
  )
})
