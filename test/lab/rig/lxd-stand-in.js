/**
 * A stand-in for LXD's `lxc` and `lxd init`: as much of its networks as a mesh's files and apply.sh use,
 * with the effect that LXD's have on the kernel. Runs in a node's namespace; called as
 * `node lxd-stand-in.js lxc …` or `node lxd-stand-in.js lxd …` by the scripts that lxd.ts makes, which
 * answer questions themselves. A network's configuration lies in a file of `key=value` lines.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'

const directory = '/run/lab/lxd'
/** LXD's own, by which others see that a bridge is one of its networks. */
const kept = '/var/lib/lxd/networks'
const settings = words =>
  Object.fromEntries(words.map(word => [word.split('=')[0], word.replace(/^[^=]*=/, '')]))
const read = name => settings(readFileSync(`${directory}/${name}`, 'utf8').trim().split('\n'))

const run = (command, ...args) => execFileSync(command, args, { encoding: 'utf8' })

/** Makes the bridge what its configuration says. */
const store = (name, config) => {
  for (const path of [directory, `${kept}/${name}`]) mkdirSync(path, { recursive: true })
  if (!existsSync(`/sys/class/net/${name}`)) run('ip', 'link', 'add', name, 'type', 'bridge')
  run('sysctl', '-qw', `net.ipv6.conf.${name}.accept_ra=0`, `net.ipv6.conf.${name}.autoconf=0`)
  if (config['bridge.hwaddr']) run('ip', 'link', 'set', name, 'address', config['bridge.hwaddr'])
  run('ip', 'link', 'set', name, 'mtu', config['bridge.mtu'] ?? '1500', 'up')
  const wanted = ['ipv4', 'ipv6']
    .map(family => config[`${family}.address`] ?? 'none')
    .filter(value => value !== 'none')
  const [{ addr_info }] = JSON.parse(run('ip', '-json', 'address', 'show', 'dev', name))
  const found = addr_info
    .filter(info => info.scope === 'global')
    .map(info => `${info.local}/${info.prefixlen}`)
  for (const address of found)
    if (!wanted.includes(address)) run('ip', 'address', 'del', address, 'dev', name)
  for (const address of wanted) {
    const option = address.includes(':') ? ['nodad'] : []
    if (!found.includes(address)) run('ip', 'address', 'add', address, 'dev', name, ...option)
  }
  const chain = `pstrt.${name}`
  const rules = [
    `table inet lxd { chain ${chain} { type nat hook postrouting priority srcnat; policy accept; }; }`,
    `flush chain inet lxd ${chain}`,
    ...['ipv4', 'ipv6'].flatMap(family => {
      const [ip, net] = [family === 'ipv4' ? 'ip' : 'ip6', config[`${family}.address`]]
      if (config[`${family}.nat`] !== 'true') return []
      return `add rule inet lxd ${chain} ${ip} saddr ${net} ${ip} daddr != ${net} masquerade`
    }),
  ]
  execFileSync('nft', ['-f', '-'], { input: `${rules.join('\n')}\n` })
  const lines = Object.entries(config).map(([key, value]) => `${key}=${value}\n`)
  writeFileSync(`${directory}/${name}`, lines.join(''))
}

const input = () => parse(readFileSync(0, 'utf8'), { version: '1.1' })

const network = {
  create: (name, ...words) => store(name, settings(words)),
  edit: name => store(name, input().config),
  delete: name => {
    run('ip', 'link', 'del', name)
    for (const path of [`${directory}/${name}`, `${kept}/${name}`]) rmSync(path, { recursive: true })
  },
  unset: (name, key) =>
    store(name, Object.fromEntries(Object.entries(read(name)).filter(([other]) => other !== key))),
  set: (name, ...words) => store(name, { ...read(name), ...settings(words) }),
}

const [program, subject, verb, ...rest] = process.argv.slice(2)
if (program === 'lxd' && subject === 'init' && verb === '--preseed')
  for (const { name, config } of input().networks) store(name, config)
else if (subject === 'network' && Object.hasOwn(network, verb)) network[verb](...rest)
else {
  console.error(`Error: the stand-in for LXD does not know ${process.argv.slice(2).join(' ')}`)
  process.exit(1)
}
