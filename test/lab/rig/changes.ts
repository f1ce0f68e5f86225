import type { Lab } from './lab.js'
import type { Operator } from './operator.js'

/** A change of mesh.ini by a command of ciab-gen's or an editor. */
export interface Change {
  readonly what: string
  /** Whether pairs may be apart until all nodes have it: 1, or 0 for none. */
  readonly interrupts: 0 | 1
  readonly edit: (operator: Operator) => void
}

/** The same with the order in which the nodes are brought in line. */
export interface Drawn extends Change {
  readonly order: readonly string[] | 'at once'
}

/** Numbers from 0 to below `limit`, the same for the same seed (Numerical Recipes' linear congruence). */
export const generator = (seed: number): ((limit: number) => number) => {
  let state = seed >>> 0
  return limit => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

type Draw = (limit: number) => number

const one = <T>(draw: Draw, all: readonly T[]): T => all[draw(all.length)] as T

const shuffled = <T>(draw: Draw, all: readonly T[]): T[] => {
  const rest = [...all]
  return all.map(() => rest.splice(draw(rest.length), 1)[0] as T)
}

/** `set mesh KEY VALUE`, for one of the values. */
const setting =
  (key: string, interrupts: 0 | 1, ...values: readonly string[]) =>
  (draw: Draw): Change => {
    const value = one(draw, values)
    return {
      what: `${key} = ${value}`,
      interrupts,
      edit: operator => operator.ciabGen('set', 'mesh', key, value),
    }
  }

/** A section that is there afterwards if it was not before, or the reverse. */
const section = (heading: string, lines: readonly string[]) => (): Change => ({
  what: `[${heading}] comes or goes`,
  interrupts: 0,
  edit: operator => {
    const text = `\n[${heading}]\n${lines.join('\n')}\n`
    operator.edit(before => (before.includes(text) ? before.replace(text, '') : before + text))
  },
})

const kinds: readonly ((draw: Draw, lab: Lab) => Change)[] = [
  setting('port', 1, '51820', '51900', '51901'),
  setting('vni', 1, '4242', '4243', '4244'),
  setting('path-mtu', 0, '1400', '1460', '1500'),
  setting('bfd', 0, '300 3', '1000 3', '700 5'),
  setting('timers', 0, '10 30', '60 180', '20 60'),
  setting('graceful-restart', 0, 'yes', 'no'),
  setting('preshared-keys', 1, 'yes', 'no'),
  setting('vxlan-port', 1, '4789', '4790'),
  setting('maximum-prefix', 0, '50', '60'),
  (draw, lab) => {
    const name = one(draw, lab.hosts).name
    return {
      what: `rotate-key ${name}`,
      interrupts: 1,
      edit: operator => operator.ciabGen('rotate-key', name),
    }
  },
  (draw, lab) => {
    const { name } = one(draw, lab.hosts)
    return {
      what: `${name} reflects, or no longer`,
      interrupts: 1,
      edit: operator => {
        const { routing } = JSON.parse(operator.ciabGen('plan', name)) as { routing: { role: string } }
        operator.ciabGen('set', 'node', name, 'reflector', routing.role === 'reflector' ? 'no' : 'yes')
      },
    }
  },
  section('segment apps', ['vni = 4711', 'subnet = 10.90.0.0/16 /24, fd90::/64', 'nodes = node1, node2']),
  section('segment vault', ['vni = 4712', 'nodes = node2, node3, node4']),
  section('exclude', ['node1 = node4']),
]

export const drawChange = (draw: Draw, lab: Lab): Drawn => {
  const change = one(draw, kinds)(draw, lab)
  const names = lab.hosts.map(({ name }) => name)
  return { ...change, order: draw(2) === 0 ? 'at once' : shuffled(draw, names) }
}
