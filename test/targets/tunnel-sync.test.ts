import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect } from 'vitest'
import endpoints from '../../src/apply/links/endpoints.sh'
import facts from '../../src/apply/links/facts.sh'
import staged from '../../src/apply/links/staged.sh'
import sync from '../../src/apply/links/sync.sh'
import { ask, judged } from '../support/judge.js'

const root = mkdtempSync(join(tmpdir(), 'ciab-sync-'))
const at = (path: string): string => join(root, path)
afterAll(() => rmSync(root, { recursive: true }))

/**
 * A wg whose interface is the file `found`. It writes down what it is given, of a key file the mode and
 * content, and has from then on what is wanted, unless `deaf` is there.
 */
const wg = `#!/bin/sh
cd '${root}' || exit 1
case "$1 \${3-}" in
  "showconf ") cat found ;;
  "pubkey ") cat ;;
  "show public-key") sed -n 's/^PrivateKey = //p' found ;;
  "show endpoints") awk '$1 == "PublicKey" { key = $3 } $1 == "Endpoint" { print key, $3 }' found ;;
  "show latest-handshakes") awk '$1 == "PublicKey" { print $3, ${Math.floor(Date.now() / 1000)} }' found ;;
  *)
    verb=$1
    shift 2
    [ "$verb" != addconf ] || set -- "$(grep . "$1" | tr '\\n' ';')"
    [ "$verb" != syncconf ] || set -- whole
    text=$verb
    for word in "$@"; do
      case $word in */keys/*) word="($(stat -c %a "$word") $(cat "$word"))" ;; esac
      text="$text $word"
    done
    echo "$text" >>calls
    [ -e deaf ] || cp scratch/tunnel.conf found
    ;;
esac
`

/** The functions' own words, with the directory in place of the system's. */
const script = `
set -u
umask 077
PATH='${root}/bin':$PATH
mesh=mesh
scratch='${root}/scratch'
# No tool beside wg.
have() { false; }
${[facts, endpoints, staged, sync].join('').replaceAll('/run/ciab', at('run'))}
link_followed
link_endpoints_differ
link_differs
link_sync || exit 1
`

interface Peer {
  readonly key: string
  readonly ips: string
  readonly more?: readonly string[]
}

const conf = (peers: readonly Peer[], own: readonly string[] = []): string =>
  [
    '[Interface]',
    ...['PrivateKey = own', 'ListenPort = 51820'].filter(line => !own.includes(`without ${line}`)),
    ...own.filter(line => !line.startsWith('without')),
    ...peers.flatMap(({ key, ips, more = [] }) => [
      '',
      '[Peer]',
      `# ${key.toLowerCase()}`,
      `PublicKey = ${key}`,
      `AllowedIPs = ${ips}`,
      ...more,
    ]),
    '',
  ].join('\n')

/** What wg is given where the interface has `found` and the file says `wanted`. */
const calls = (found: string, wanted: string, { remembered = '', deaf = false } = {}): string[] => {
  rmSync(root, { recursive: true })
  for (const directory of ['bin', 'run', 'scratch']) mkdirSync(at(directory), { recursive: true })
  writeFileSync(at('bin/wg'), wg)
  chmodSync(at('bin/wg'), 0o755)
  writeFileSync(at('scratch/tunnel.conf'), wanted)
  writeFileSync(at('found'), found)
  writeFileSync(at('run/mesh.endpoints'), remembered)
  writeFileSync(at('calls'), '')
  if (deaf) writeFileSync(at('deaf'), '')
  expect(ask('sh', ['-c', script])).toEqual({ status: 0, output: '' })
  return readFileSync(at('calls'), 'utf8')
    .split('\n')
    .filter(line => line !== '')
}

const a: Peer = { key: 'A', ips: '10.0.0.1/32, fd00::1/128', more: ['PersistentKeepalive = 25'] }
const b: Peer = { key: 'B', ips: '10.0.0.2/32', more: ['PresharedKey = secret'] }
const c: Peer = { key: 'C', ips: '10.0.0.3/32', more: ['Endpoint = [2001:db8::3]:51820'] }

describe('apply.sh gives wg what differs, and nothing of peers that stay', () => {
  const judges = ['sh', 'awk']
  judged(judges, 'nothing', () => expect(calls(conf([a, b]), conf([a, b]))).toEqual([]))
  judged(judges, 'a new peer whole', () =>
    expect(calls(conf([a, b]), conf([a, b, c]))).toEqual([
      'addconf [Peer];PublicKey = C;AllowedIPs = 10.0.0.3/32;Endpoint = [2001:db8::3]:51820;',
    ]),
  )
  judged(judges, 'an old peer to remove', () =>
    expect(calls(conf([a, b]), conf([b]))).toEqual(['set peer A remove']),
  )
  judged(judges, 'of a peer with other allowed IPs no more than these', () =>
    expect(calls(conf([a, b]), conf([{ ...a, ips: '10.0.0.9/32' }, b]))).toEqual([
      'addconf [Peer];PublicKey = A;AllowedIPs = 10.0.0.9/32;',
    ]),
  )
  judged(judges, 'a preshared key in a file that only root reads', () =>
    expect(calls(conf([a, b]), conf([a, { ...b, more: ['PresharedKey = other'] }]))).toEqual([
      'set peer B preshared-key (600 other)',
    ]),
  )
  judged(judges, 'what a peer has no longer', () =>
    expect(
      calls(
        conf([a, b]),
        conf([
          { ...a, more: [] },
          { ...b, more: [] },
        ]),
      ).map(sorted),
    ).toEqual([sorted('set peer A persistent-keepalive off peer B preshared-key /dev/null')]),
  )
  judged(judges, "the node's own settings", () => {
    const own = ['without PrivateKey = own', 'PrivateKey = next', 'FwMark = 0x10']
    expect(calls(conf([a]), conf([a], own))).toEqual(['set fwmark 0x10', 'set private-key (600 next)'])
    expect(calls(conf([a], ['FwMark = 0x10']), conf([a]))).toEqual(['set fwmark off'])
  })
  judged(judges, 'the endpoint that another file had, and no other', () => {
    const moved = { ...c, more: ['Endpoint = [2001:db8::9]:51820'] }
    const roamed = { ...a, more: ['PersistentKeepalive = 25', 'Endpoint = 192.0.2.9:4500'] }
    const still = { ...a, more: ['PersistentKeepalive = 25', 'Endpoint = 192.0.2.1:51820'] }
    const remembered = 'A 192.0.2.1:51820\nC [2001:db8::3]:51820\n'
    expect(calls(conf([roamed, c]), conf([still, moved]), { remembered })).toEqual([
      'set peer C endpoint [2001:db8::9]:51820',
    ])
  })
  judged(judges, 'a new peer before the old one it replaces', () =>
    expect(calls(conf([a]), conf([{ key: 'N', ips: a.ips }]), { deaf: true }).slice(0, 2)).toEqual([
      'addconf [Peer];PublicKey = N;AllowedIPs = 10.0.0.1/32, fd00::1/128;',
      'set peer A remove',
    ]),
  )
  judged(judges, 'all of it where that was of no avail', () =>
    expect(calls(conf([a, b]), conf([b]), { deaf: true })).toEqual(['set peer A remove', 'syncconf whole']),
  )
})

/** awk goes through peers in an order of its own. */
const sorted = (text: string): string => text.split(' peer ').sort().join(' peer ')
