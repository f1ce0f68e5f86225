import { expect, test } from 'vitest'
import { until } from './rig/clock.js'
import type { Host } from './rig/host.js'
import { lackingMesh, prefixesOf } from './rig/lacking.js'
import { thorough } from './rig/numbers.js'
import { pingEveryPair } from './rig/pings.js'
import { routes } from './rig/probes.js'
import { Stream } from './rig/stream.js'
import { type Run, scenario } from './scenario.js'
import { firstApply } from './starts.js'

const settings = ['net.ipv4.conf.all.accept_redirects', 'net.ipv4.conf.default.send_redirects']
const settingsOf = (host: Host): string => host.machine.must(['sysctl', ...settings])
const before = new Map<string, string>()

/** Whatever of the mesh is to be found on a node. */
const traces = ({ machine }: Host): string[] =>
  machine
    .sh(`ip -o link show | grep -o ' v\\?ciabmesh:' || :
      nft list tables | grep ciab || :
      find /etc /var/lib/ciab /run/ciab /run/wireguard -name '*ciab*' ! -path '/etc/frr/*' 2>/dev/null || :
      grep -l -r -s -e ciab /etc/wireguard /etc/frr /etc/systemd /etc/udev /etc/sysctl.d /etc/netplan /etc/hosts || :
      ip route show proto bgp
      ip route show proto static
      vtysh -c 'show running-config' | grep -e bgp -e blackhole || :
      pgrep -a 'wireguard-go|bgpd|bfdd' || :`)
    .split('\n')
    .filter(line => line !== '')

const remove = ({ machine }: Host, ...options: readonly string[]) =>
  machine.run(['sh', '/etc/ciab/apply.sh', '--remove', ...options])

const steps = (run: Run): void => {
  const host = (): Host => run.lab.host('node2')

  test('a dry run of --remove says what would go, and nothing goes', () => {
    const status = (): string =>
      host().machine.must(['sh', '-c', 'wg show ciabmesh dump | cut -f 1,2,4 | sort; ls -R /etc/ciab'])
    const found = status()
    const { status: code, stdout } = remove(host(), '--dry-run')
    expect(code).toBe(3)
    expect(stdout).toContain('would take down the tunnel ciabmesh\n')
    expect(stdout).toContain('would delete the files of the mesh, keys and all')
    expect(status()).toBe(found)
    expect(lackingMesh(run.lab.hosts)).toEqual([])
  })

  test('--remove leaves no trace but what uses its bridge, and says which', async () => {
    const node = host()
    const others = run.lab.hosts.filter(other => other !== node)
    node.machine.sh('echo mine >/etc/ciab/mine')
    expect(traces(node).length).toBeGreaterThan(20)
    const gone = prefixesOf(node)
    const stream = await Stream.start(others)
    const { status, stdout, stderr } = remove(node)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('ciabbr0 is left, because something uses it: lxc network show ciabbr0')
    expect(stdout).toContain('/etc/ciab/mine is not from here, and left\n')
    await until('no trace', 10, () => traces(node).filter(trace => trace !== '/etc/ciab'))
    expect(node.machine.must(['ls', '/etc/ciab'])).toBe('mine\n')
    expect(settingsOf(node)).toBe(before.get(node.name))
    // Its routes are withdrawn with its sessions, not with time.
    await until('withdrawn', 3, () =>
      others.flatMap(other => routes(other).filter(route => gone.includes(route))),
    )
    const { lost } = await stream.stop()
    expect(lost).toEqual([])
    expect(pingEveryPair(others).wrong).toEqual([])
    expect(node.machine.must(['vtysh', '-c', 'show daemons'])).toMatch(/zebra/)
  })

  test('and the same tree brings all of it back', async () => {
    host().copy(run.lab.operator)
    host().apply()
    await until('convergence', 60, () => lackingMesh(run.lab.hosts))
    expect(pingEveryPair(run.lab.hosts).wrong).toEqual([])
    expect(host().apply()).toBe('nothing changed\n')
  })

  test.runIf(thorough)(
    "beside a bridge of the host's own that stays, and where some of it is gone already",
    async () => {
      const node = run.lab.host('node1')
      node.machine.sh('wg-quick down ciabmesh; rm /etc/wireguard/ciabmesh.conf /etc/ciab/ciabmesh.nft')
      const { status, stdout } = remove(node)
      expect(status).toBe(0)
      expect(stdout).toContain(
        'lxdbr0 is left, with the MTU of the mesh: lxc network unset lxdbr0 bridge.mtu\n',
      )
      await until('no trace', 10, () => traces(node))
      // Whoever has the bridge needs it.
      expect(node.machine.must(['sysctl', '-n', 'net.ipv4.ip_forward'])).toBe('1\n')
      expect(node.machine.run(['sh', '/etc/ciab/apply.sh', '--remove']).status).not.toBe(0)
    },
  )
}

scenario(
  'a node that is removed',
  async run => {
    for (const host of run.lab.hosts) before.set(host.name, settingsOf(host))
    await firstApply(run)
  },
  steps,
  { size: 3, edit: operator => operator.edit(text => `${text}\n[targets]\nnames = hosts\n`) },
)
