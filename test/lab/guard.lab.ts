import { expect, test } from 'vitest'
import { until } from './rig/clock.js'
import { forgedPing } from './rig/forge.js'
import { type Host, mesh } from './rig/host.js'
import type { Lab } from './rig/lab.js'
import { type Run, scenario } from './scenario.js'
import { boot } from './starts.js'

/** An address of the overlay's that no node has. */
const nobody = '10.78.0.250'

const steps = (run: Run): void => {
  test('a forged VXLAN packet is not delivered into the overlay', () => {
    const victim = run.lab.host('node1')
    expect(deliveredForgeries(run.lab, victim)).toEqual([])
  })

  test('and without the guard it would be', async () => {
    const victim = run.lab.host('node1')
    victim.machine.sh('nft list ruleset >/run/lab/ruleset; nft flush ruleset')
    try {
      let sources: string[] = []
      await until('the delivery of a forged packet', 10, () => {
        sources = deliveredForgeries(run.lab, victim)
        return sources.length > 0 ? [] : ['the container saw none']
      })
      expect(sources).toEqual([nobody])
    } finally {
      victim.machine.must(['nft', '-f', '/run/lab/ruleset'])
    }
    expect(deliveredForgeries(run.lab, victim)).toEqual([])
  })

  test('BGP does not answer on public addresses', () => {
    for (const host of run.lab.hosts)
      for (const address of Object.values(host.uplink.public)) {
        if (address === null) continue
        expect(connects(run.lab.internet.namespace, address, 1), `${host.name} ${address}`).toBe(false)
        // Behind NAT the public address is the router's. Elsewhere bgpd does listen; it is the guard that counts.
        if (host.uplink.kind !== 'nat')
          expect(connects(host.machine, address, 10), `${host.name} itself`).toBe(true)
      }
  })
}

// One victim, and the guard of each kind of uplink: other nodes are the same again.
scenario('attack from the internet', boot, steps, { size: 'smallest' })

/** Sends a forged ping for a container to a node's public address and to its VTEP; returns the sources the container saw. */
const deliveredForgeries = (lab: Lab, victim: Host): string[] => {
  const { machine, uplink, containers } = victim
  const container = containers[0]
  if (!container) throw new Error(`${victim.name} has no container`)
  const [link] = JSON.parse(machine.must(['ip', '-details', '-json', 'link', 'show', `v${mesh}`])) as [
    VxlanLink,
  ]
  const { id, local, port } = link.linkinfo.info_data
  const packet = forgedPing({ vni: id, mac: link.address, from: nobody, to: container.ipv4 })
  container.ledger.clear()
  const attacker = lab.internet.namespace
  attacker.must(['ip', 'route', 'replace', local, 'via', uplink.site.ipv4])
  for (const address of [uplink.site.ipv4, local])
    attacker.must(['bash', '-c', send, 'bash', address, String(port)], { input: packet })
  attacker.must(['ip', 'route', 'del', local])
  // A ping through the same devices comes later than the forged one would.
  container.ping([container.bridge.ipv4.replace(/\/.*/, '')])
  return container.ledger.sources()
}

/** By way of a file: one write is one packet. */
const send = 'cat >/run/lab/packet; cat /run/lab/packet >/dev/udp/$1/$2'

interface VxlanLink {
  readonly address: string
  readonly linkinfo: {
    readonly info_data: { readonly id: number; readonly local: string; readonly port: number }
  }
}

const connects = (from: Host['machine'], address: string, seconds: number): boolean =>
  from.run(['timeout', String(seconds), 'bash', '-c', `exec 3<>/dev/tcp/${address}/179`]).status === 0
