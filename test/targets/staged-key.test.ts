import { afterAll, beforeEach, describe, expect } from 'vitest'
import { wgQuick } from '../../src/targets/wg-quick/index.js'
import { judged } from '../support/judge.js'
import { privateKeyFor, publicKeyFor } from '../support/keys.js'
import { meshText } from '../support/resolved.js'
import { Host, hostTools } from './host.js'

/** n1 as it was told that n2 is about to have another key, and as its files are once n2 has it or keeps its own. */
const told = new Host(wgQuick)
const later = new Host(wgQuick)
const dropped = new Host(wgQuick)
const [own, old, next] = ['n1', 'old', 'next'].map(publicKeyFor) as [string, string, string]

const mesh = (...keys: readonly string[]): string =>
  meshText(
    ['vni = 7281461', 'underlay = 10.79.0.0/16', 'overlay = 10.78.0.0/16', 'preshared-keys = yes'],
    ['hostname = n1'],
    ['key-on-node = yes', ...keys],
  ).replace('[mesh]', '[targets]\nfirewall = none\nrouting = none\ncontainers = none\n[mesh]')

beforeEach(() => {
  for (const host of [told, later, dropped]) host.reset()
  told.lay(mesh(`public-key = ${old}`, `next-public-key = ${next}`))
  later.lay(mesh(`public-key = ${next}`))
  dropped.lay(mesh(`public-key = ${old}`))
})
afterAll(() => {
  for (const host of [told, later, dropped]) host.remove()
})

/**
 * Another namespace is n2, with a tunnel of its own. Everything ends with the namespace of processes: nothing that
 * goes on in the background is left.
 */
const start = `
ip link set lo up && mkdir -p /run/netns && ip netns add n2
ip link add outside type veth peer name outside netns n2
ip address add 203.0.113.1/24 dev outside && ip link set outside up
ip -n n2 address add 203.0.113.2/24 dev outside && ip -n n2 link set outside up
ip -n n2 link add inside type wireguard 2>/dev/null || ip netns exec n2 wireguard-go inside >/dev/null 2>&1
shared=$(sed -n "s/^PresharedKey = //p" /etc/wireguard/ciabmesh.conf)
nextShared=$(sed -n "s/^PresharedKey = //p" /etc/ciab/ciabmesh.next)
n2() {
  echo "$1" >/run/key; echo "$2" >/run/shared
  ip netns exec n2 wg set inside listen-port 51820 private-key /run/key peer ${own} preshared-key /run/shared \\
    allowed-ips 10.79.0.1/32 endpoint 203.0.113.1:51820 persistent-keepalive 1
}
n2 ${privateKeyFor('old').reveal()} "$shared"
ip -n n2 address add 10.79.0.2/16 dev inside && ip -n n2 link set inside mtu 1420 up
until_it() { tries=0; until "$@"; do tries=$((tries + 1)); [ $tries -lt 200 ] || return 1; sleep 0.1; done; }
heard() { [ "$(wg show ciabmesh latest-handshakes | sed -n "s|^$1.||p")" -gt 0 ]; }
heard_at() { wg show ciabmesh latest-handshakes | sed -n "s|^$1.||p"; }
heard_later() { [ "$(heard_at "$1")" -gt "$(heard_at "$2")" ]; }
has() { wg show ciabmesh allowed-ips | grep -q "^$1.10\\.79"; }
peers() { wg show ciabmesh allowed-ips | sed "s|${old}|old|; s|${next}|next|" | sort; }

# copy ROOT: the tree of another host, as the notes say.
copy() { tar -C "$1" -c etc/ciab etc/wireguard | tar -C / --no-overwrite-dir -x; }
sh /etc/ciab/apply.sh >/dev/null 2>&1 && until_it heard ${old} || echo no tunnel
sh /etc/ciab/follow-keys.sh --background >/dev/null
`

const taken = `
echo "== staged"
sh /etc/ciab/apply.sh
peers
n2 ${privateKeyFor('next').reveal()} "$nextShared"
until_it has ${next} || { echo not followed; cat /run/ciab/follow-keys.log; }
echo "== turned"
sh /etc/ciab/apply.sh
peers
sh /etc/ciab/apply.sh --status | grep -v "^ok   path"
until_it heard ${next}
n2 ${privateKeyFor('old').reveal()} "$shared"
until_it heard_later ${old} ${next} || echo not heard
echo "== back"
sh /etc/ciab/apply.sh | sed "s/: .*//"
peers
echo "== followed again"
sh /etc/ciab/follow-keys.sh --wait 1
peers
n2 ${privateKeyFor('next').reveal()} "$nextShared"
sh /etc/ciab/follow-keys.sh --wait 20
sh /etc/ciab/follow-keys.sh --wait 20
copy '${later.root}'
echo "== taken"
sh /etc/ciab/apply.sh
peers
ls /etc/ciab
echo "== again"
sh /etc/ciab/apply.sh
`

const cancelled = `
copy '${dropped.root}'
echo "== dropped"
sh /etc/ciab/apply.sh --dry-run
sh /etc/ciab/apply.sh
peers
ls /etc/ciab
until_it test -s /run/ciab/follow-keys.log
cat /run/ciab/follow-keys.log
echo "== again"
sh /etc/ciab/apply.sh
`

/** One that n2 uses already. */
const cancelledLate = `
n2 ${privateKeyFor('next').reveal()} "$nextShared"
until_it has ${next} || { echo not followed; cat /run/ciab/follow-keys.log; }
copy '${dropped.root}'
echo "== dropped"
sh /etc/ciab/apply.sh | sed "s/: .*//"
peers
ls /etc/ciab
`

/** What is said in each chapter. */
const parts = (story: string): string[] => told.run(alone(start + story)).output.split(/^== (?:.*)\n/m)
const alone = (story: string): string =>
  `unshare --pid --fork --kill-child --mount-proc sh -c ${quoted(story)} 2>&1`
const quoted = (story: string): string => `'${story.replaceAll("'", `'\\''`)}'`

const tools = [...hostTools, 'wg', 'wg-quick', 'wireguard-go', 'bash', 'ip', 'bridge', 'ping', 'setsid']

describe('a key that a peer is about to have', () => {
  judged(tools, "is left to follow-keys.sh by apply.sh, until this node's own files have it", () => {
    expect(parts(taken)).toEqual([
      '',
      // Known, and nothing more.
      `nothing changed\nnext\t(none)\nold\t10.79.0.2/32\n`,
      // The old key is not believed any more.
      expect.stringMatching(
        /^nothing changed\nnext\t10\.79\.0\.2\/32\nold\t\(none\)\nok {3}handshake with n2: [0-9]+ s ago\nok {3}tunnel: MTU 1420\nok {3}overlay: /,
      ),
      // A backup may have brought the old one back.
      'update ciabmesh\n1 change\nnext\t(none)\nold\t10.79.0.2/32\n',
      // Nothing of what it says is older than what it said under the old key.
      'follow-keys.sh: n2 has not used its next key\nnext\t(none)\nold\t10.79.0.2/32\n' +
        'ciabmesh: n2 has its next key\n',
      expect.stringMatching(
        /^delete \/etc\/ciab\/ciabmesh\.next and follow-keys\.sh: .*\nupdate ciabmesh: remove [^;,]*\.\.\.\n2 changes\nnext\t10\.79\.0\.2\/32\napply\.conf\napply\.sh\nciabmesh\.fdb\n$/,
      ),
      'nothing changed\n',
    ])
  })

  judged(tools, 'is forgotten by apply.sh once it was dropped', () => {
    const steps = [
      'delete /etc/ciab/ciabmesh.next and follow-keys.sh: no peer is about to have another key\n',
      `update ciabmesh: remove ${next.slice(0, 8)}...\n`,
    ]
    const left = 'old\t10.79.0.2/32\napply.conf\napply.sh\nciabmesh.fdb\n'
    expect(parts(cancelled)).toEqual([
      '',
      [
        ...steps.map(step => `would ${step}`),
        '2 changes would be made\n',
        ...steps,
        `2 changes\n${left}`,
        // The one that waited in the background.
        'follow-keys.sh: /etc/ciab/ciabmesh.next is gone, and nothing left to follow\n',
      ].join(''),
      'nothing changed\n',
    ])
  })

  judged(tools, 'is not believed any more once it was dropped, though the peer has it', () => {
    expect(parts(cancelledLate)).toEqual([
      '',
      'delete /etc/ciab/ciabmesh.next and follow-keys.sh\nupdate ciabmesh\n2 changes\n' +
        'old\t10.79.0.2/32\napply.conf\napply.sh\nciabmesh.fdb\n',
    ])
  })
})
