import type { Background } from './background.js'
import { sleep } from './clock.js'
import type { Family } from './frames.js'
import { server } from './internet.js'
import type { Namespace } from './namespace.js'
import type { Scene } from './scene.js'

/** Something that has to go on working beside the wall. */
export interface Traffic {
  readonly what: string
  readonly family: Family
  /** Why it does not, or `null`. */
  readonly fault: (scene: Scene) => string | null
}

const listener = `
import socket, sys, threading
wire = socket.create_server(('::', int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True)
print('listening', flush=True)
def answer(one, peer):
    one.sendall(peer[0].replace('::ffff:', '').encode())
    one.close()
while True:
    threading.Thread(target=answer, args=wire.accept(), daemon=True).start()
`

/** Listens on a port of both families, and tells whoever connects the address that it has. */
export const listen = async (machine: Namespace, port: number): Promise<Background> => {
  const started = await machine.start(['python3', '-c', listener, String(port)])
  await started.says('listening')
  return started
}

const asker = `
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2])), 3) as wire:
    print(wire.recv(100).decode())
`

/** What a listener says, or an empty text where nothing comes back. */
export const ask = (machine: Namespace, address: string, port: number): string =>
  machine.run(['python3', '-c', asker, address, String(port)]).stdout.trim()

const unheard = `
import socket, sys
wire = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
wire.settimeout(3)
wire.connect((sys.argv[1], 9))
wire.send(b'?')
try:
    wire.recv(1)
except ConnectionRefusedError:
    print('refused')
`

/** Whether a machine gets an answer. */
export const pings = (machine: Namespace, address: string, seconds = 3): boolean =>
  machine.run(['ping', '-n', '-q', '-c', '2', '-i', '0.3', '-W', String(seconds), address]).status === 0

const reaches =
  (from: (scene: Scene) => Namespace, to: (scene: Scene) => readonly string[]) =>
  (scene: Scene): string | null => {
    const silent = to(scene).filter(address => !pings(from(scene), address))
    return silent.length === 0 ? null : `no answer from ${silent.join(', ')}`
  }

const says =
  (
    from: (scene: Scene) => Namespace,
    to: (scene: Scene) => string,
    port: number,
    expected: (scene: Scene) => string,
  ) =>
  (scene: Scene): string | null => {
    const said = ask(from(scene), to(scene), port)
    return said === expected(scene) ? null : `seen as ${said || 'nobody'}, not ${expected(scene)}`
  }

const bare = (address: string): string => address.replace(/\/.*/, '')

/**
 * Everybody's, in one family. On a segment each member has the same address, so that what a node itself asks a container
 * elsewhere is answered at home: those are not asked.
 */
const legitimate = (family: Family): Traffic[] => {
  const traffic = (what: string, fault: Traffic['fault']): Traffic => ({ what, family, fault })
  const inside = (scene: Scene, number: number): string =>
    (scene.node(number).overlay ?? scene.node(number).underlay)[family]
  const host = (number: number) => (scene: Scene) => scene.node(number).machine
  const container = (number: number) => (scene: Scene) => scene.container(number).namespace
  const internet = (scene: Scene): Namespace => scene.lab.internet.namespace
  const outside = (scene: Scene): string => scene.node(1).addresses[family]
  return [
    ...[1, 2, 3].map(number =>
      traffic(
        `node${number} reaches every container and every node, by overlay and underlay`,
        reaches(host(number), scene => [
          ...scene.nodes.flatMap(({ containers }) =>
            containers.filter(({ bridge }) => !bridge.name.startsWith('br-')).map(one => one[family]),
          ),
          ...scene.nodes.flatMap(({ overlay, underlay }) => [
            underlay[family],
            ...(overlay ? [overlay[family]] : []),
          ]),
        ]),
      ),
    ),
    ...[1, 2].map(number =>
      traffic(
        `a container of node${number} reaches its gateway and every node`,
        reaches(container(number), scene => [
          bare(scene.container(number).bridge[family]),
          ...[1, 2, 3].map(other => inside(scene, other)),
        ]),
      ),
    ),
    ...[1, 2].map(number =>
      traffic(
        `a container of node${number} reaches the internet under its host's address`,
        says(
          container(number),
          () => server[family],
          8000,
          scene => scene.node(number).addresses[family],
        ),
      ),
    ),
    traffic('a container hears that nobody listens', scene =>
      scene.container(2).namespace.run(['python3', '-c', unheard, server[family]]).stdout.trim() === 'refused'
        ? null
        : 'no error came back',
    ),
    traffic('a container sees the nodes on the way to another', scene => {
      const { stdout } = scene
        .container(1)
        .namespace.run([...['ping', '-n', '-c', '1', '-W', '3', '-t', '2'], scene.container(2)[family]])
      return stdout.includes(`From ${inside(scene, 2)}`) ? null : stdout
    }),
    traffic(
      'a host reaches the internet',
      says(host(1), () => server[family], 8000, outside),
    ),
    traffic(
      "a host's own services are there for the internet",
      says(internet, outside, 8000, scene => scene.gateway(family)),
    ),
    traffic(
      "a host's own services are there for the mesh",
      says(
        host(2),
        scene => inside(scene, 1),
        8000,
        scene => inside(scene, 2),
      ),
    ),
    traffic(
      "a host's own services are there for its containers",
      says(
        container(1),
        scene => bare(scene.container(1).bridge[family]),
        8000,
        scene => scene.container(1)[family],
      ),
    ),
    traffic(
      'a bridge beside the mesh reaches the internet',
      says(
        ({ apart }) => apart.machine,
        () => server[family],
        8000,
        outside,
      ),
    ),
    traffic(
      'a port published on it is there for the internet',
      says(internet, outside, 8080, scene => scene.gateway(family)),
    ),
    traffic(
      'a port published on it is there for the mesh',
      says(
        host(2),
        scene => inside(scene, 1),
        8080,
        scene => inside(scene, 2),
      ),
    ),
    traffic(
      'a port forwarded to a container is there for the internet',
      says(internet, outside, 8443, scene => scene.gateway(family)),
    ),
    // With an overlay containers' packets come by that, and WireGuard takes only nodes' answers to allowed IPs.
    traffic(
      'a host behind a node reaches nodes, and without an overlay containers',
      reaches(
        ({ lanHost }) => lanHost.machine,
        scene => [
          ...[1, 2, 3].map(number => scene.node(number).underlay[family]),
          ...(scene.node(1).overlay ? [] : [1, 2, 3].map(number => scene.container(number)[family])),
        ],
      ),
    ),
    traffic(
      'a host behind a node is reached from containers and nodes',
      scene =>
        reaches(container(1), () => [scene.lanHost.addresses[family]])(scene) ??
        reaches(host(2), () => [scene.lanHost.addresses[family]])(scene),
    ),
  ]
}

export const traffic: readonly Traffic[] = (['ipv4', 'ipv6'] as const).flatMap(legitimate)

/** Those who listen: the internet, node1, the container beside the mesh and one in it. */
export const openServices = async (scene: Scene): Promise<() => Promise<void>> => {
  const { machine } = scene.node(1)
  const target = scene.container(1)
  machine.must(['nft', '-f', '-'], {
    input: `table inet forwards {
      chain prerouting {
        type nat hook prerouting priority dstnat
        iifname "eth0" fib daddr type local meta nfproto ipv4 tcp dport 8443 dnat ip to ${target.ipv4}:80
        iifname "eth0" fib daddr type local meta nfproto ipv6 tcp dport 8443 dnat ip6 to [${target.ipv6}]:80
      }
    }`,
  })
  const running = [
    await listen(scene.lab.internet.namespace, 8000),
    await listen(machine, 8000),
    await listen(scene.apart.machine, 80),
    await listen(target.namespace, 80),
  ]
  return async () => {
    for (const one of running) await one.stop().catch(() => {})
  }
}

/** What of it does not work, after a second try: a busy machine loses a packet now and then. */
export const faults = async (scene: Scene): Promise<string[]> => {
  const found: string[] = []
  for (const { what, family, fault } of traffic) {
    if (fault(scene) === null) continue
    await sleep(1)
    const said = fault(scene)
    if (said !== null) found.push(`${what}, ${family}: ${said}`)
  }
  return found
}
