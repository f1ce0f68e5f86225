import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { session } from '../cli/session.js'
import { publicHalf } from '../oracles/keys.js'
import { readWgQuick } from '../oracles/wg-quick.js'

/** Files of other tools as people have them, each folder with what must hold of its import. */
const root = fileURLToPath(new URL('../../fixtures/import/cases/', import.meta.url))

export const caseNames: readonly string[] = readdirSync(root).sort()

/** A public key, or the file whose private key it is the half of. */
type Key = string | { readonly of: string }

/** What must hold; texts are regular expressions, without regard to case, `^` and `$` at lines. */
interface Facts {
  readonly report?: readonly string[]
  readonly report_not?: readonly string[]
  readonly check?: readonly string[]
  readonly check_not?: readonly string[]
  readonly nodes?: readonly ({ readonly key: Key } & Readonly<Record<string, string | Key>>)[]
  readonly wg?: readonly ({ readonly node: Key; readonly peer: Key } & Readonly<
    Record<string, string | Key>
  >)[]
  readonly mesh?: Readonly<Record<string, string>>
  readonly ini?: readonly string[]
  readonly ini_not?: readonly string[]
  readonly announces?: Readonly<Record<string, readonly string[]>>
  readonly announces_not?: Readonly<Record<string, readonly string[]>>
  readonly kept_or_named?: readonly string[]
  readonly named?: readonly string[]
}

/** One import and what must hold of it. */
export interface Run extends Facts {
  readonly import: readonly string[]
  /** Default 0; `wg`: whatever wg(8) says of the only file. */
  readonly exit?: number | 'wg'
  /** Refused or taken; all else holds where it is taken, this where it is refused. */
  readonly exit_any?: boolean
  readonly if_refused?: readonly string[]
  readonly secret?: readonly string[]
  /** `false`: no pair of the originals works on, and the report may not say so. */
  readonly compat?: boolean
  /** What is left out of allowed IPs is what check refuses. */
  readonly dropped_only_if_refused?: boolean
  readonly up?: { readonly skip?: boolean; readonly must?: boolean; readonly setup?: readonly string[] }
  /** Where no file says where a node is dialled, the report asks for it. */
  readonly dialled?: { readonly of: string; readonly ask?: boolean }
  readonly facts_skip?: readonly string[]
  readonly same_mesh_as?: number
  readonly either?: readonly Facts[]
}

export const runsOf = (name: string): readonly Run[] =>
  JSON.parse(readFileSync(`${root}${name}/expect.json`, 'utf8')).runs

/** What became of one import. */
export interface Verdict {
  readonly failures: readonly string[]
  /** The text of mesh.ini without comments, or `null` where it was refused. */
  readonly ini: string | null
}

const matches = (pattern: string, text: string): boolean => new RegExp(pattern, 'im').test(text)

/** What wg-quick and wg say of a file on a device that is not there: it was read, or it was not. */
const wgTakes = (text: string): boolean => {
  const quick = /^\s*(Address|DNS|MTU|Table|PreUp|PreDown|PostUp|PostDown|SaveConfig)\s*(=|$)/i
  const stripped = text
    .split('\n')
    .filter(line => !quick.test(line))
    .join('\n')
    // Names are not looked up here.
    .replace(/^(Endpoint *= *)[a-z][\w.-]*:/gim, '$1192.0.2.1:')
  const script = 'file=$(mktemp) && cat >$file; wg setconf nosuchdev $file; rm -f $file'
  const { stderr } = spawnSync('sh', ['-c', script], { input: stripped, encoding: 'utf8' })
  return /Unable to modify interface/.test(stderr)
}

/** Imports in the session's directory, generates, and holds all of it against what must be. */
export const judge = async (
  { run: command, path, text }: ReturnType<typeof session>,
  name: string,
  one: Run,
): Promise<Verdict> => {
  cpSync(`${root}${name}`, path('.'), { recursive: true })
  if (existsSync(path('base'))) {
    cpSync(path('base'), path('.'), { recursive: true })
    chmodSync(path('keys'), 0o700)
    for (const file of readdirSync(path('keys'))) chmodSync(path('keys', file), 0o600)
  }
  const failures: string[] = []
  const imported = await command(['import', ...one.import])
  const said = imported.stdout + imported.stderr
  const files = one.import.slice(1)
  const originals = new Map(files.map(file => [file, readFileSync(path(file), 'utf8')]))
  for (const pattern of one.secret ?? []) if (matches(pattern, said)) failures.push(`prints ${pattern}`)
  if (imported.code === 70) return { failures: [`crashes: ${said}`], ini: null }
  const wanted = one.exit === 'wg' ? (wgTakes([...originals.values()].join('\n')) ? 0 : 1) : (one.exit ?? 0)
  if (one.exit_any !== true && imported.code !== wanted)
    return { failures: [...failures, `exit ${imported.code}, not ${wanted}:\n${said}`], ini: null }
  if (imported.code !== 0) {
    for (const pattern of [...(one.if_refused ?? []), ...(one.exit_any ? [] : (one.report ?? []))])
      if (!matches(pattern, said)) failures.push(`the refusal says nothing of ${pattern}:\n${said}`)
    for (const pattern of one.report_not ?? [])
      if (matches(pattern, said)) failures.push(`says ${pattern}:\n${said}`)
    return { failures, ini: null }
  }
  const before = text('mesh.ini')
  const keyOf = (key: Key): string => {
    if (typeof key === 'string') return key
    return publicHalf(
      /^\s*PrivateKey\s*=\s*(\S+)/im.exec(originals.get(key.of) ?? readFileSync(path(key.of), 'utf8'))?.[1] ??
        '',
    )
  }
  const nodesIn = (ini: string) => sectionsOf(ini).filter(({ header }) => /^(node|client) /.test(header))
  const ownKeys = (section: Section): string => {
    const label = section.header.replace(/^\w+ /, '')
    const written = section.keys.get('public-key')
    if (written) return written
    return existsSync(path(`keys/${label}.key`)) ? publicHalf(text(`keys/${label}.key`).trim()) : ''
  }
  const sectionFor = (ini: string, key: Key) => nodesIn(ini).find(section => ownKeys(section) === keyOf(key))
  if (one.dialled) {
    const section = sectionFor(before, { of: one.dialled.of })
    const endpoint = section?.keys.get('endpoint')
    if (section && (endpoint === undefined || endpoint === 'none')) {
      if (one.dialled.ask !== false && !/endpoint/i.test(imported.stdout))
        failures.push('does not ask for the endpoint')
      const label = section.header.replace(/^\w+ /, '')
      if (new RegExp(`\\b${label}\\b[^\\n]*nobody can dial`, 'i').test(said))
        failures.push(`says that nobody can dial ${label}`)
      const set = await command(['set', 'node', label, 'endpoint', '198.51.100.77'])
      if (set.code !== 0) failures.push(`the endpoint cannot be written: ${set.stderr}`)
    }
  }
  const ini = text('mesh.ini')
  const check = await command(['check'])
  if (check.code !== 0) failures.push(`check: ${check.stderr}`)
  const gen = await command(['gen'])
  if (gen.code !== 0) failures.push(`gen: ${gen.stderr}`)
  const generated = existsSync(path('out'))
    ? (readdirSync(path('out'), { recursive: true, encoding: 'utf8' }) as string[])
        .filter(file => !file.startsWith('_mesh') && /\.(conf|fdb|yaml)$/.test(file))
        .map(file => [file, text(`out/${file}`)] as const)
    : []
  const kept = [...generated.map(([, content]) => content), ini].join('\n')
  const keys = readdirSync(path('keys')).map(file => text(`keys/${file}`))
  const all = [said, kept, ...keys].join('\n').toLowerCase()
  const both = said + check.stdout + check.stderr
  const facts = (wants: Facts): string[] => {
    const wrong: string[] = []
    const hold = (what: string, pattern: string, value: string, not = false) => {
      if (matches(pattern, value) === not) wrong.push(`${what} ${not ? 'has' : 'lacks'} ${pattern}`)
    }
    for (const pattern of wants.report ?? []) hold('the report', pattern, said)
    for (const pattern of wants.named ?? []) hold('the report', pattern, said)
    for (const pattern of wants.report_not ?? []) hold('the report', pattern, said, true)
    for (const pattern of wants.check ?? []) hold('report and check', pattern, both)
    for (const pattern of wants.check_not ?? []) hold('report and check', pattern, both, true)
    for (const pattern of wants.ini ?? []) hold('mesh.ini', pattern, ini)
    for (const pattern of wants.ini_not ?? []) hold('mesh.ini', pattern, ini, true)
    for (const pattern of wants.kept_or_named ?? []) hold('all', pattern, said + kept)
    for (const [key, pattern] of Object.entries(wants.mesh ?? {}))
      hold(
        `[mesh] ${key}`,
        pattern,
        sectionsOf(ini)
          .find(({ header }) => header === 'mesh')
          ?.keys.get(key) ?? '',
      )
    for (const { key, ...rest } of wants.nodes ?? []) {
      const section = sectionFor(ini, key as Key)
      if (!section) wrong.push(`no node has the key ${JSON.stringify(key)}`)
      else
        for (const [field, pattern] of Object.entries(rest)) {
          const not = field.endsWith('_not')
          const plain = field.replace(/_not$/, '')
          const value = {
            name: section.header.replace(/^\w+ /, ''),
            endpoint: section.keys.get('endpoint') ?? '',
            address: section.keys.get('underlay-address') ?? '',
            port: section.keys.get('listen-port') ?? '',
          }[plain]
          hold(`${section.header} ${plain}`, pattern as string, value ?? section.text, not)
        }
    }
    for (const { node, peer, ...rest } of wants.wg ?? []) {
      const label = sectionFor(ini, node)?.header.replace(/^node /, '')
      const conf = generated.find(([file]) => file.startsWith(`${label}/etc/wireguard/`))?.[1]
      const entry = conf && readWgQuick(conf).peers.find(({ publicKey }) => publicKey === keyOf(peer))
      if (!entry) wrong.push(`${label} has no peer ${JSON.stringify(peer)}`)
      else
        for (const [field, pattern] of Object.entries(rest)) {
          const value = {
            endpoint: entry.endpoint ?? '',
            allowed: entry.allowedIps.join(', '),
            keepalive: entry.keepalive === null ? '' : `${entry.keepalive}`,
          }[field]
          if (pattern === '' ? value !== '' : !matches(pattern as string, value ?? ''))
            wrong.push(`${label}'s peer ${JSON.stringify(peer)} has ${field} "${value}", not ${pattern}`)
        }
    }
    for (const [not, table] of [
      [false, wants.announces ?? {}],
      [true, wants.announces_not ?? {}],
    ] as const)
      for (const [node, prefixes] of Object.entries(table)) {
        const frr = generated.find(([file]) => file === `${node}/etc/frr/frr.conf`)?.[1] ?? ''
        const default_ = /^router bgp \d+\n(?: .*\n)*/m.exec(frr)?.[0] ?? ''
        for (const prefix of prefixes)
          if (default_.includes(`network ${prefix}`) === not)
            wrong.push(`${node} ${not ? 'announces' : 'does not announce'} ${prefix}`)
      }
    return wrong
  }
  failures.push(...facts(one))
  if (one.either) {
    const each = one.either.map(facts)
    if (!each.some(wrong => wrong.length === 0)) failures.push(`neither: ${each.flat().join('; ')}`)
  }
  if (one.compat === false && /talk to each other/.test(said))
    failures.push('says that old and new ones talk')
  if (one.import[0] === 'wg' && one.facts_skip === undefined)
    for (const [file, content] of originals)
      for (const [line, value] of statedIn(content))
        if (!value.some(text => all.includes(text.toLowerCase())))
          failures.push(`${file}: ${line} is neither in the files nor in the report`)
  if (one.dropped_only_if_refused === true) {
    const stated = [...originals.values()].flatMap(
      content => /^AllowedIPs\s*=\s*(.*)/im.exec(content)?.[1]?.split(/\s*,\s*/) ?? [],
    )
    for (const prefix of stated.filter(prefix => !ini.includes(prefix) && !/\/32$/.test(prefix))) {
      const tried = ini
        .replace(/^(\[node b\]\n)/m, `$1allowed-ips[] = ${prefix}\n`)
        .replace(/^allowed-ips +=/m, 'allowed-ips[] =')
      writeFileSync(path('tried.ini'), tried)
      const { code } = await command(['check', '-f', 'tried.ini'])
      if (code === 0) failures.push(`${prefix} is left out, though check takes it`)
      if (!said.includes(prefix)) failures.push(`${prefix} is left out without a word`)
    }
  }
  return { failures: failures.length > 0 ? [...failures, said] : [], ini: ini.replace(/^;.*\n/gm, '') }
}

interface Section {
  readonly header: string
  readonly keys: ReadonlyMap<string, string>
  readonly text: string
}

const sectionsOf = (ini: string): Section[] =>
  ini
    .split(/^(?=\[)/m)
    .filter(text => text.startsWith('['))
    .map(text => ({
      header: /^\[(.*)\]/.exec(text)?.[1] ?? '',
      keys: new Map(
        [...text.matchAll(/^([\w-]+)(?:\[\])? *= *(.*)$/gm)].map(([, key = '', value = '']) => [key, value]),
      ),
      text,
    }))

/** What a file for wg-quick states: its line, and texts of which one must be found again. */
const statedIn = (content: string): (readonly [line: string, texts: readonly string[]])[] =>
  content.split(/\r?\n/).flatMap((raw): (readonly [string, readonly string[]])[] => {
    const [, key = '', value = ''] = /^\s*(\w+)\s*=\s*([^#]*?)\s*(?:#.*)?$/.exec(raw) ?? []
    const each = value.split(/[\s,]+/).filter(text => text !== '')
    switch (key.toLowerCase()) {
      case 'address':
        return each.map(text => [raw, [text.replace(/\/.*/, '')]] as const)
      case 'allowedips':
        return each.map(
          text => [raw, [text, text.replace(/\/(32|128)$/, ''), text.replace(/\/.*/, '/')]] as const,
        )
      case 'endpoint':
        return [[raw, [value, value.replace(/:\d+$/, '')]] as const]
      case 'persistentkeepalive':
        return value === '0' || value === 'off' || value === '25'
          ? []
          : [
              [
                raw,
                [
                  `keepalive  = ${value}`,
                  `PersistentKeepalive = ${value}`,
                  `keepalive of ${value}`,
                  `Keepalive was ${value}`,
                ],
              ] as const,
            ]
      case 'mtu':
        return [[raw, [`MTU = ${value}`, `WireGuard ${value}`, `MTU ${value}`]] as const]
      case 'fwmark':
        return /^(off|0)$/.test(value) ? [] : [[raw, [value]] as const]
      case 'dns':
      case 'listenport':
      case 'presharedkey':
      case 'privatekey':
        return value === '' ? [] : [[raw, [value]] as const]
      default:
        return []
    }
  })
