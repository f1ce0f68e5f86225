import { describe, expect, test } from 'vitest'
import { privateTextFor, publicKeyFor } from '../oracles/keys.js'
import { filesFrom, imported, meshFrom } from './cases.js'

/** A hub with a client and a node that has a network, with the hooks that are to be tried. */
const hub = (...hooks: readonly string[]) => ({
  wgQuick: [
    {
      file: 'wg0.conf',
      text: [
        '# ENDPOINT 203.0.113.9',
        '[Interface]',
        `PrivateKey = ${privateTextFor('hub')}`,
        'Address = 10.9.0.1/24',
        'ListenPort = 51820',
        ...hooks,
        '[Peer]',
        '# phone',
        `PublicKey = ${publicKeyFor('phone')}`,
        'AllowedIPs = 10.9.0.2/32',
        '[Peer]',
        '# office',
        `PublicKey = ${publicKeyFor('office')}`,
        'AllowedIPs = 10.9.0.3/32, 192.168.5.0/24',
      ].join('\n'),
    },
  ],
})

const masquerade = 'PostUp = iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE'

describe('a hub by which others went out to the internet', () => {
  test.each([
    masquerade,
    'PostUp = iptables -A FORWARD -i %i -j ACCEPT; iptables -t nat -I POSTROUTING 1 -s 10.9.0.0/24 -o eth0 -j MASQUERADE',
    'PreUp = /usr/sbin/iptables -t nat -A POSTROUTING --out-interface eth0 -j SNAT --to-source 203.0.113.9',
    'PostUp = nft add rule ip nat postrouting oifname "eth0" masquerade',
    'PostUp = iptables -t nat -A POSTROUTING -s 10.9.0.0/24 -j MASQUERADE',
    'PostUp = iptables -t nat -A POSTROUTING -s 10.9.0.0/24 ! -o %i -j MASQUERADE',
  ])('%s: it is an exit, and its clients go out by it', hook => {
    const result = imported(hub(hook))
    const mesh = meshFrom(result)
    const [node] = mesh.nodes
    expect(node).toMatchObject({ exit: true, clients: [{ name: 'phone', fullTunnel: true }] })
    // What the packet filter makes of it.
    expect(filesFrom(mesh).get('node1')?.get('etc/ciab/wg0.nft')).toContain(
      'ip saddr $exiting4 ip daddr != $mesh4 masquerade',
    )
    expect(result.report).toMatch(/node1: a hook sends .* exit = yes, and phone full-tunnel = yes/)
    // Not for nodes, whose allowed IPs would have to hold everything.
    expect(result.report).toMatch(/office: no longer let out to the internet by node1/)
  })

  test.each([
    ['there is no such hook', 'PostUp = iptables -A FORWARD -i %i -j ACCEPT'],
    ['hosts behind it enter the tunnel', 'PostUp = iptables -t nat -A POSTROUTING -o %i -j MASQUERADE'],
    ['the same by the name', 'PostUp = iptables -t nat -A POSTROUTING -o wg0 -j MASQUERADE'],
    ['a rule is only taken away', 'PostUp = iptables -t nat -D POSTROUTING -o eth0 -j MASQUERADE || true'],
  ])('it is none where %s', (_, hook) => {
    const result = imported(hub(hook))
    expect(meshFrom(result).nodes[0]).toMatchObject({ exit: false, clients: [{ fullTunnel: false }] })
    expect(result.report).not.toMatch(/internet by/)
  })

  test('a node without clients is none', () => {
    const [{ file, text }] = hub(masquerade).wgQuick as [{ file: string; text: string }]
    const alone = text.replace(/\[Peer\]\n# phone\n.*\n.*\n/, '')
    const result = imported({ wgQuick: [{ file, text: alone }] })
    expect(meshFrom(result).nodes[0]).toMatchObject({ exit: false })
    expect(result.report).toMatch(/lets nobody from the tunnel through eth0/)
  })
})
