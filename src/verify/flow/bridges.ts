import type { FileText } from '../../readers/index.js'
import { pathWithin } from '../paths.js'
import type { Said } from '../said.js'

/** A bridge of containers, as LXD's or Incus' files say it. */
export interface Bridge {
  readonly name: string
  /** With lengths: `10.77.1.1/24`. */
  readonly addresses: readonly Said[]
  readonly mtu: Said | null
  /** Families whose containers it hides behind the node's address. */
  readonly hides: readonly Said[]
}

interface Open {
  name: string
  addresses: Said[]
  mtu: Said | null
  hides: Said[]
}

/**
 * The bridges of a node: those of `etc/ciab/lxd` or `etc/ciab/incus`, a file for each, or else of its preseed.yaml; and those
 * that were there before, as apply.conf has them.
 */
export const bridgesIn = (node: string, files: readonly FileText[]): Map<string, Bridge> => {
  const bridges = new Map<string, Bridge>()
  const yaml = files.filter(({ file }) =>
    /^etc\/ciab\/(lxd|incus)\/[^/]+\.yaml$/.test(pathWithin(node, file)),
  )
  const single = yaml.filter(({ file }) => !file.endsWith('/preseed.yaml'))
  const conf = files.find(({ file }) => pathWithin(node, file) === 'etc/ciab/apply.conf')
  for (const bridge of [...single, ...yaml].flatMap(networksIn).concat(conf ? existingIn(conf) : []))
    if (!bridges.has(bridge.name)) bridges.set(bridge.name, bridge)
  return bridges
}

/** Of all files that say something of a bridge, for who compares them. */
export const everySaying = (node: string, files: readonly FileText[]): Bridge[] =>
  files
    .filter(({ file }) => /^etc\/ciab\/(lxd|incus)\/[^/]+\.yaml$/.test(pathWithin(node, file)))
    .flatMap(networksIn)
    .concat(files.filter(({ file }) => pathWithin(node, file) === 'etc/ciab/apply.conf').flatMap(existingIn))

/** YAML as LXD's own commands write and read it, as far as networks go: a key and a value on each line. */
const networksIn = ({ file, text }: FileText): Bridge[] => {
  const found: Open[] = []
  let open: Open | null = null
  for (const [index, raw] of text.split('\n').entries()) {
    const [, key, quoted = ''] = /^\s*(?:- )?([\w.]+):\s*(.*?)\s*$/.exec(raw) ?? []
    if (key === undefined) continue
    const value = quoted.replace(/^"(.*)"$/, '$1')
    const said = { value, span: { file, line: index + 1, column: 1, length: Math.max(1, raw.length) } }
    if (key === 'storage_pools' || key === 'profiles') open = null
    else if (key === 'name' && /^(- )?name:/.test(raw.trim()) && !/^\s{8,}/.test(raw)) {
      open = { name: value, addresses: [], mtu: null, hides: [] }
      found.push(open)
    } else if (open && key === 'bridge.mtu') open.mtu = said
    else if (open && /^ipv[46]\.address$/.test(key) && value.includes('/')) open.addresses.push(said)
    else if (open && /^ipv[46]\.nat$/.test(key) && value === 'true')
      open.hides.push({ ...said, value: key.slice(0, 4) })
  }
  return found.filter(({ addresses, mtu }) => addresses.length > 0 || mtu !== null)
}

/** `daemon_networks='ciabbr0|own|1370|10.77.1.1/24,fd6c::1/64'`. */
const existingIn = ({ file, text }: FileText): Bridge[] =>
  text.split('\n').flatMap((raw, index) => {
    const list = /^daemon_networks='([^']*)'/.exec(raw)?.[1]
    const span = { file, line: index + 1, column: 1, length: Math.max(1, raw.length) }
    return (list ?? '')
      .split(' ')
      .filter(one => one.includes('|'))
      .map(one => {
        const [name = '', , mtu = '', addresses = ''] = one.split('|')
        return {
          name,
          addresses: addresses
            .split(',')
            .filter(Boolean)
            .map(value => ({ value, span })),
          mtu: { value: mtu, span },
          hides: [],
        }
      })
  })
