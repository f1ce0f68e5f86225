import { set } from './changes-of-mesh.js'
import { type Kind, one } from './draw.js'
import type { Host } from './host.js'
import { LanHost } from './lan-host.js'

/** `set node NAME KEY VALUE` of one of the nodes, for one of the values that it may have; `''` takes the key out. */
const setting =
  (key: string, valuesOf: (host: Host) => readonly string[], quiet?: 'quiet'): Kind =>
  (draw, { lab }) => {
    const host = one(draw, lab.hosts)
    const values = valuesOf(host)
    if (values.length === 0) return null
    const value = one(draw, values)
    const { name } = host
    return {
      what: `${name}: ${key} = ${value || '(default)'}`,
      ...(quiet ? { quiet: true } : {}),
      make: ({ lab }) => set(lab.operator, ['node', name], key, value),
    }
  }

/** How a node with public addresses can be dialled: in both orders, by one of them, or not at all. */
const endpoints = ({ uplink }: Host): string[] => {
  const { ipv4, ipv6 } = uplink.public
  if (uplink.kind !== 'dual') return []
  return [`${ipv4}, [${ipv6}]`, `[${ipv6}], ${ipv4}`, `${ipv4}`, `[${ipv6}]`, 'none']
}

/** A number of the machine's own, which its name may not have any more. */
const numberOf = ({ uplink }: Host): number => uplink.site.number

const key: Kind = (draw, { lab }) => {
  const { name } = one(draw, lab.hosts)
  const staged = draw(2) === 0
  return {
    what: `rotate-key ${name}${staged ? ' --stage' : ''}`,
    make: ({ lab }) => lab.operator.ciabGen('rotate-key', name, ...(staged ? ['--stage'] : [])),
  }
}

/** One that has become known comes into effect, or not. */
const stagedKey: Kind = (draw, { lab }) => {
  const found = [...lab.operator.read().matchAll(/^\[node (.*)\]\n(?:.+\n)*?next-public-key/gm)]
  if (found.length === 0) return null
  const name = one(draw, found)[1] as string
  const words = draw(4) === 0 ? [name, '--cancel'] : [name]
  return {
    what: `rotate-key ${words.join(' ')}, staged before`,
    make: ({ lab }) => lab.operator.ciabGen('rotate-key', ...words),
  }
}

const lan: Kind = (draw, life) => {
  const host = one(draw, life.lab.hosts)
  const number = numberOf(host)
  const there = draw(2) === 0
  return {
    what: `${host.name}: ${there ? 'a LAN' : 'no LAN'}`,
    make: async life => {
      if (!there) return set(life.lab.operator, ['node', host.name], 'lan', '')
      const network = { interface: 'eth1', ipv4: `192.168.${100 + number}`, ipv6: `fd50:0:0:${number}` }
      if (!life.lanHosts.has(host)) life.lanHosts.set(host, await LanHost.open(`nas${number}`, host, network))
      return set(
        life.lab.operator,
        ['node', host.name],
        'lan',
        `eth1 ${network.ipv4}.0/24, ${network.ipv6}::/64`,
      )
    },
  }
}

const behind: Kind = (draw, life) => {
  const host = one(draw, life.lab.hosts)
  const address = `10.200.${numberOf(host)}.1/32`
  const there = draw(2) === 0
  return {
    what: `${host.name}: allowed-ips = ${there ? address : '(none)'}`,
    make: life => {
      if (!life.behind.has(host)) host.machine.must(['ip', 'address', 'add', address, 'dev', 'lo'])
      life.behind.set(host, address)
      return set(life.lab.operator, ['node', host.name], 'allowed-ips', there ? address : '')
    },
  }
}

/** A second network of containers; the first is written where it had been the default. */
const network: Kind = (draw, life) => {
  const host = one(draw, life.lab.hosts)
  const number = numberOf(host)
  const more = `more 10.99.${number}.0/24, fd99:0:0:${number}::/64`
  const own = number === 1 ? 'lxdbr0 10.141.7.1/24, fd42:8d0b:5c7e:1::1/64' : 'ciabbr0 auto'
  const there = draw(2) === 0
  return {
    what: `${host.name}: ${there ? 'a second network' : 'one network'}`,
    make: ({ lab }) =>
      lab.operator.edit(text =>
        inSection(text, `node ${host.name}`, lines => [
          ...lines.filter(line => !/^containers(\[\])? *=/.test(line)),
          ...(there ? [`containers[] = ${own}`, `containers[] = ${more}`] : [`containers = ${own}`]),
        ]),
      ),
  }
}

/** The text with other lines in a section. */
const inSection = (text: string, name: string, change: (lines: string[]) => string[]): string => {
  const lines = text.split('\n')
  const start = lines.indexOf(`[${name}]`) + 1
  const length = lines.slice(start).findIndex(line => line === '' || line.startsWith('['))
  const end = length < 0 ? lines.length : start + length
  return [...lines.slice(0, start), ...change(lines.slice(start, end)), ...lines.slice(end)].join('\n')
}

const rename: Kind = (draw, { lab }) => {
  const host = one(draw, lab.hosts)
  const { name } = host
  const other = name.startsWith('node') ? name.replace('node', 'edge') : name.replace('edge', 'node')
  return {
    what: `rename-node ${name} ${other}`,
    quiet: true,
    make: ({ lab }) => lab.renameHost(name, other),
  }
}

const containersOf = ({ containers }: Host): readonly string[] =>
  containers.length === 0 ? [] : [`web ${containers[0]?.ipv4.replace(/\d+$/, '7')}`, '']

export const ofNodes: readonly Kind[] = [
  setting('endpoint', endpoints),
  setting('endpoint', endpoints),
  setting('listen-port', () => ['51850', '51851', '']),
  setting('keepalive', () => ['10', '20', ''], 'quiet'),
  setting('site', () => ['home', 'office', ''], 'quiet'),
  setting('endpoint@home', host => endpoints(host).slice(0, 2), 'quiet'),
  setting('families', host => (host.uplink.kind === 'dual' ? ['ipv4, ipv6', 'ipv6, ipv4', ''] : [])),
  setting('reflector', () => ['yes', 'no']),
  setting('forward', () => ['eth9', ''], 'quiet'),
  setting('metadata', () => ['yes', 'no'], 'quiet'),
  setting('exit', () => ['yes', 'no'], 'quiet'),
  setting('fwmark', () => ['7', '0x9', '']),
  setting('mac', host => [`02:00:5e:00:00:${(16 + (numberOf(host) % 200)).toString(16)}`, '']),
  setting('overlay-address', host => [`10.78.200.${numberOf(host)}`, '']),
  setting('underlay-address', host => [`10.79.200.${numberOf(host)}`, '']),
  setting('path-mtu', () => ['1500', '1480', '']),
  setting('post-up', () => ['true', ''], 'quiet'),
  setting('container-address', containersOf, 'quiet'),
  key,
  key,
  stagedKey,
  stagedKey,
  stagedKey,
  lan,
  lan,
  behind,
  network,
  network,
  rename,
  rename,
]
