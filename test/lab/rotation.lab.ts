import { expect, test } from 'vitest'
import { sleep, stopwatch } from './rig/clock.js'
import { type Host, mesh } from './rig/host.js'
import { thorough } from './rig/numbers.js'
import { pingEveryPair } from './rig/pings.js'
import { handshakes } from './rig/probes.js'
import { Stream } from './rig/stream.js'
import { expectUninterrupted, stateOf } from './rig/uninterrupted.js'
import { type Run, scenario } from './scenario.js'
import { allReach, firstApply } from './starts.js'

/** Seconds between two pings. */
const interval = 0.05

const steps = (run: Run): void => {
  for (const name of thorough ? ['node1', 'node3'] : ['node3'])
    test(`${name} gets a new key, staged: the others follow within a second`, async () => {
      const { operator } = run.lab
      const node = run.lab.host(name)
      const others = run.lab.hosts.filter(host => host !== node)
      const before = { key: keyOf(node), addresses: addressesOf(node) }
      const states = new Map(others.map(host => [host, stateOf(host, [before.key])]))
      operator.ciabGen('rotate-key', name, '--stage')
      operator.ciabGen('gen')
      const quiet = await Stream.start(run.lab.hosts, interval)
      for (const host of others) {
        expect(host.deploy(operator).sort()).toEqual(
          ['apply.conf', `${mesh}.next`, 'follow-keys.conf', 'follow-keys.sh'].map(
            file => `etc/ciab/${file}`,
          ),
        )
        host.machine.must(['sh', '/etc/ciab/follow-keys.sh', '--background'])
        expect(handshakes(host).size).toBe(run.lab.hosts.length)
      }
      // Ten rounds of follow-keys.sh, while it has nothing to follow.
      await sleep(1)
      expect((await quiet.stop()).lost, 'while the next key becomes known').toEqual([])

      operator.ciabGen('rotate-key', name)
      operator.ciabGen('gen')
      const turn = await Stream.start(run.lab.hosts, interval)
      expect(node.deploy(operator)).toEqual([`etc/wireguard/${mesh}.conf`])
      node.apply()
      await turn.flows()
      // And it goes on flowing.
      await sleep(2)
      const { answered, lost, silence, silenceElsewhere } = await turn.stop([node])
      run.report(`${name}: staged, pings lost`, `${lost.length} of ${answered + lost.length}`)
      run.report(`${name}: staged, longest time without an answer`, `${silence.toFixed(2)} s`)
      run.report(`${name}: the same among the others`, `${silenceElsewhere.toFixed(2)} s`)
      expect(silence - silenceElsewhere).toBeLessThan(1)
      expect(keyOf(node)).not.toBe(before.key)
      expect(addressesOf(node)).toEqual(before.addresses)

      const last = await Stream.start(run.lab.hosts, interval)
      for (const host of others) {
        expect(handshakes(host).size).toBe(run.lab.hosts.length)
        host.deploy(operator)
        host.apply()
        expect(handshakes(host).size).toBe(run.lab.hosts.length - 1)
        expect(host.machine.run(['test', '-e', '/etc/ciab/follow-keys.sh']).status).not.toBe(0)
      }
      await last.flows()
      expect((await last.stop()).lost, 'while the old key goes').toEqual([])
      for (const [host, state] of states) expectUninterrupted(host, state)
      for (const host of run.lab.hosts) expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
    })

  test.runIf(thorough)(
    'a node gets a new key at once: its pairs are cut off until both ends have it',
    async () => {
      const { operator } = run.lab
      const addresses = run.lab.hosts.map(addressesOf)
      operator.ciabGen('rotate-key', 'node2')
      operator.ciabGen('gen')
      const stream = await Stream.start(run.lab.hosts, interval)
      const elapsed = stopwatch()
      for (const host of [run.lab.host('node2'), ...run.lab.hosts.filter(({ name }) => name !== 'node2')]) {
        host.deploy(operator)
        host.apply()
      }
      run.report('node2: at once, from the first apply.sh to the end of the last', elapsed())
      await stream.flows()
      const { answered, lost, silence } = await stream.stop()
      run.report('node2: at once, pings lost', `${lost.length} of ${answered + lost.length}`)
      run.report('node2: at once, longest time without an answer', `${silence.toFixed(2)} s`)
      expect(run.lab.hosts.map(addressesOf)).toEqual(addresses)
      await allReach(run.lab)
    },
  )

  test.runIf(thorough)('all pairs get new preshared keys and lose nothing', async () => {
    const { operator } = run.lab
    const states = new Map(run.lab.hosts.map(host => [host, stateOf(host)]))
    operator.ciabGen('set', 'mesh', 'preshared-keys', 'yes')
    const stream = await Stream.start(run.lab.hosts, interval)
    for (let round = 0; round < 2; round++) {
      if (round > 0) operator.ciabGen('rotate-psk')
      operator.ciabGen('gen')
      for (const host of run.lab.hosts) {
        expect(host.deploy(operator)).toEqual([`etc/wireguard/${mesh}.conf`])
        host.apply()
        await stream.flows()
      }
    }
    const { answered, lost } = await stream.stop()
    expect(lost).toEqual([])
    run.report('preshared keys new twice; pings answered meanwhile, none lost', answered)
    for (const [host, state] of states) expectUninterrupted(host, state)
    expect(pingEveryPair(run.lab.hosts).wrong).toEqual([])
  })

  test.runIf(thorough)('two nodes get new keys together, staged, with preshared keys', async () => {
    const { operator, hosts } = run.lab
    const names = ['node1', 'node2']
    operator.ciabGen('rotate-key', ...names, '--stage')
    operator.ciabGen('gen')
    for (const host of hosts) {
      expect(host.deploy(operator)).toContain('etc/ciab/follow-keys.sh')
      host.machine.must(['sh', '/etc/ciab/follow-keys.sh', '--background'])
    }
    operator.ciabGen('rotate-key', ...names)
    operator.ciabGen('gen')
    const stream = await Stream.start(hosts, interval)
    for (const name of names) {
      run.lab.host(name).deploy(operator)
      run.lab.host(name).apply()
    }
    await stream.flows()
    const { answered, lost, silence } = await stream.stop()
    run.report('node1 and node2: staged, pings lost', `${lost.length} of ${answered + lost.length}`)
    run.report('node1 and node2: staged, longest time without an answer', `${silence.toFixed(2)} s`)
    for (const host of hosts) {
      host.deploy(operator)
      host.apply()
    }
    await allReach(run.lab)
    for (const host of hosts) expect(host.apply(), host.name).toMatch(/^nothing changed$/m)
  })
}

// The more others have to follow, and keep what they have among themselves, the better.
scenario('change of keys', firstApply, steps, { size: 'largest' })

const keyOf = (host: Host): string => host.machine.must(['wg', 'show', mesh, 'public-key']).trim()

/** What a new key must not move: addresses, MAC and all, of tunnel and VXLAN device. */
const addressesOf = (host: Host): string =>
  [mesh, `v${mesh}`].map(dev => host.machine.must(['ip', '-br', 'address', 'show', dev])).join('') +
  host.machine.must(['ip', '-br', 'link', 'show', `v${mesh}`])
