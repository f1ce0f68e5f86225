import { type Kind, one } from './draw.js'
import type { Operator } from './operator.js'

/** `set mesh KEY VALUE`, for one of the values; `''` takes the key out. */
const setting =
  (key: string, values: readonly string[], quiet?: 'quiet'): Kind =>
  draw => {
    const value = one(draw, values)
    return {
      what: `${key} = ${value || '(default)'}`,
      ...(quiet ? { quiet: true } : {}),
      make: ({ lab }) => set(lab.operator, ['mesh'], key, value),
    }
  }

/** `''` takes the key out. */
export const set = (operator: Operator, section: readonly string[], key: string, value: string): void => {
  operator.ciabGen('set', ...section, key, ...(value === '' ? ['--unset'] : [value]))
}

/** The text without a section, or with it. */
const toggled = (text: string, heading: string, lines: readonly string[]): string => {
  const [before, rest] = text.split(`\n[${heading}]\n`)
  if (before === undefined || rest === undefined) return `${text}\n[${heading}]\n${lines.join('\n')}\n`
  const next = /^\[/m.exec(rest)
  return before + (next ? `\n${rest.slice(next.index)}` : '')
}

/** A segment that is there afterwards if it was not before, or the reverse, on some of the nodes. */
const segment =
  (name: string, vni: number, subnet: string | null): Kind =>
  (draw, { lab }) => {
    const members = lab.hosts.filter(() => draw(3) > 0).map(host => host.name)
    if (members.length < 2) return null
    return {
      what: `segment ${name} comes or goes, ${members.join(' ')}`,
      make: ({ lab }) =>
        lab.operator.edit(text =>
          toggled(text, `segment ${name}`, [
            `vni = ${vni}`,
            ...(subnet === null ? [] : [`subnet = ${subnet}`]),
            `nodes = ${members.join(', ')}`,
          ]),
        ),
    }
  }

/** Another member, or one fewer, of a segment that is there. */
const membership: Kind = (draw, { lab }) => {
  const name = one(draw, ['apps', 'vault'])
  const heading = `[segment ${name}]`
  const text = lab.operator.read()
  if (!text.includes(heading)) return null
  const members = /^nodes = (.*)$/m.exec(text.slice(text.indexOf(heading)))?.[1]?.split(', ') ?? []
  const { name: node } = one(draw, lab.hosts)
  const other = members.includes(node) ? members.filter(one => one !== node) : [...members, node]
  if (other.length < 2) return null
  return {
    what: `segment ${name}: ${members.includes(node) ? 'without' : 'with'} ${node}`,
    make: ({ lab }) => lab.operator.ciabGen('set', 'segment', name, 'nodes', ...other),
  }
}

const exclusion: Kind = (draw, { lab }) => {
  const [first, second] = [one(draw, lab.hosts), one(draw, lab.hosts)]
  if (first === second) return null
  const excluded = new RegExp(`^${first.name} *= *.*${second.name}|^${second.name} *= *.*${first.name}`, 'm')
  const action = excluded.test(lab.operator.read()) ? 'remove' : 'add'
  return {
    what: `exclude ${action} ${first.name} ${second.name}`,
    make: ({ lab }) => lab.operator.ciabGen('exclude', action, first.name, second.name),
  }
}

const names: Kind = (draw, { lab }) => {
  const value = lab.operator.read().includes('names = hosts') ? 'none' : one(draw, ['hosts'])
  return {
    what: `names = ${value}`,
    quiet: true,
    make: ({ lab }) => lab.operator.ciabGen('set', 'targets', 'names', value),
  }
}

/** Any tree of before, as after `git checkout`. */
const rollback: Kind = (draw, life) => {
  const moments = life.moments()
  if (moments.length === 0) return null
  const moment = one(draw, moments)
  return { what: `back to before change ${moment + 1}`, make: life => life.goBack(moment) }
}

/** What all nodes must agree in, and what FRR writes by omission. */
export const settled: readonly Kind[] = [
  setting('port', ['51820', '51900', '51901']),
  setting('vni', ['4242', '4243', '4244']),
  setting('path-mtu', ['1420', '1460', '1500'], 'quiet'),
  setting('bfd', ['300 3', '1000 3', '700 5'], 'quiet'),
  setting('timers', ['10 30', '60 180', '20 60'], 'quiet'),
  setting('graceful-restart', ['yes', 'no'], 'quiet'),
  setting('preshared-keys', ['yes', 'no']),
  setting('vxlan-port', ['4789', '4790']),
  setting('maximum-prefix', ['50', '60'], 'quiet'),
  setting('session-password', ['yes', 'no']),
  setting('asn', ['64512', '64600', '4200000001']),
  setting('domain', ['example.internal', 'mesh.internal', ''], 'quiet'),
  names,
  exclusion,
]

export const ofMesh: readonly Kind[] = [
  ...settled,
  setting('reflectors', ['auto', 'none'], 'quiet'),
  setting('maximum-prefix', [''], 'quiet'),
  setting('overlay', ['10.78.0.0/16, fd00:78::/64', '10.178.0.0/16, fd00:178::/64']),
  setting('underlay', ['10.79.0.0/16, fd00:79::/64', '10.179.0.0/16, fd00:179::/64']),
  (_, { lab }) =>
    /^(preshared-keys|session-password) *= *yes/m.test(lab.operator.read())
      ? { what: 'rotate-psk', make: ({ lab }) => lab.operator.ciabGen('rotate-psk') }
      : null,
  segment('apps', 4711, '10.90.0.0/16 /24, fd90::/64'),
  segment('vault', 4712, null),
  membership,
  rollback,
  rollback,
]
