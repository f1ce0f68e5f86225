import { withSums } from '../src/files/index.js'
import {
  concerns,
  generate,
  type Mesh,
  meshFolder,
  type NodeNotes,
  type NodeTree,
  type OutputFile,
  planMesh,
  planner,
  StanzaCache,
  targets,
} from '../src/index.js'
import { about, matches } from '../src/render/notes.js'
import { fixtures, meshOf } from '../test/support/meshes.js'

/** A file that nodes have, or several of one kind, over all fixtures. */
export interface EmittedFile {
  /** `<mesh>` and `<node>` stand for names, `*` for a part of a name. */
  readonly path: string
  readonly reader: string
  readonly modes: readonly string[]
  readonly owners: readonly string[]
  /** The targets that write it; none for what ciab-gen itself does. */
  readonly tools: readonly string[]
  /** What a change of it makes `apply.sh` run, and what that interrupts. */
  readonly updates: readonly (readonly [command: string, interrupts: string])[]
}

/** What reads a file. One that is not here, and a line here that no fixture has a file for, are faults. */
const readers: Readonly<Record<string, string>> = {
  'etc/wireguard/<mesh>.conf': '`wg-quick up <mesh>`; its hooks make and remove the VXLAN device',
  'etc/ciab/<mesh>.fdb': '`bridge -batch`, from a hook: who is where on the overlay',
  'etc/ciab/<mesh>.nft':
    '`guard.sh`, from a hook: own table only, loaded before the tunnel is up, left when it goes down',
  'etc/ciab/<mesh>.sysctl': '`guard.sh`: forwarding',
  'etc/ciab/guard.sh':
    'hooks, units and `apply.sh` run it: it loads the two above. A program, the same on every node',
  'etc/ciab/guard.conf': '`guard.sh`: what it has to know of the node',
  'etc/ciab/lxd/preseed.yaml': '`lxd init --preseed`, on a host where LXD is new',
  'etc/ciab/lxd/*.yaml': '`lxc network edit`, on one that has it: a bridge',
  'etc/ciab/incus/preseed.yaml': '`incus admin init --preseed`, on a host where Incus is new',
  'etc/ciab/incus/*.yaml': '`incus network edit`, on one that has it: a bridge',
  'etc/frr/frr.conf':
    'FRR; replaces what was there. With `session-password` it is 0600 until `apply.sh` gives it to FRR',
  'etc/ciab/<mesh>.routes':
    '`apply.sh --status`: whose networks have to be in which routing table; of tenants, and with reflectors',
  'etc/frr/daemons': 'FRR: bgpd and bfdd on; replaces what was there',
  'etc/systemd/network/10-<mesh>.netdev': 'systemd-networkd',
  'etc/systemd/network/10-<mesh>.network': 'systemd-networkd',
  'etc/systemd/network/11-v<mesh>.netdev': 'systemd-networkd',
  'etc/systemd/network/11-v<mesh>.network': 'systemd-networkd',
  'etc/netplan/60-<mesh>.yaml': 'netplan',
  'etc/systemd/network/10-netplan-v<mesh>.network.d/50-<mesh>.conf':
    'systemd-networkd: what netplan cannot say',
  'etc/systemd/networkd.conf.d/60-<mesh>.conf': "systemd-networkd: leaves the routing daemon's routes alone",
  'etc/sysctl.d/60-<mesh>.conf': "systemd, as the tunnel's interfaces come: replies may take another way",
  'etc/ciab/keys/*': 'networkd and netplan: their keys. `apply.sh` deletes those that no peer has any more',
  'etc/ciab/networks.sh':
    'systemd at boot, udev when a bridge appears: makes the devices of segments and tenants. A program, the same on every node',
  'etc/ciab/networks.conf': '`networks.sh`: which devices those are',
  'etc/udev/rules.d/70-<mesh>.rules': 'udev: runs `networks.sh` when a bridge appears',
  'etc/systemd/system/ciab-networks.service':
    'systemd at boot: runs `networks.sh`. A program, the same on every node',
  'etc/systemd/system/ciab-guard.service':
    'systemd at boot: the rules, before there is a network. A program, the same on every node',
  'etc/systemd/system/ciab-forward.service':
    'systemd at boot: forwarding, once the network is up. A program, the same on every node',
  'etc/systemd/system/nftables.service.d/ciab.conf':
    'systemd: brings our table back whenever nftables.service empties the ruleset. A program, the same on every node',
  'etc/systemd/system/wg-quick@<mesh>.service.d/ciab.conf':
    'systemd: retries, takes over a running tunnel, reloads through `apply.sh` where there is one',
  'etc/ciab/<mesh>.next':
    "`follow-keys.sh`, while a peer's next key is staged; `apply.sh` deletes it once the node's files have the key, or it was dropped",
  'etc/ciab/follow-keys.sh':
    'you: follows a staged key when it is first used; goes with the file above. A program, the same on every node',
  'etc/ciab/follow-keys.conf': '`follow-keys.sh`: what it has to know of the node',
  'etc/ciab/<mesh>.names':
    '`follow-names.sh`: peers that are dialled by a name. `apply.sh` deletes all of it once no peer is',
  'etc/ciab/follow-names.sh':
    'a timer: looks up again the names of peers that are silent. A program, the same on every node',
  'etc/ciab/follow-names.conf': '`follow-names.sh`: what it has to know of the node',
  'etc/systemd/system/ciab-names.timer':
    'systemd: runs the following three times a minute. A program, the same on every node',
  'etc/systemd/system/ciab-names.service':
    'systemd: runs `follow-names.sh`. A program, the same on every node',
  'etc/ciab/mend-tenants.sh':
    "a timer: makes again what FRR forgets of the ways to tenants' networks on other nodes. A program, the same on every node",
  'etc/systemd/system/ciab-tenants.timer':
    'systemd: runs the following three times a minute. A program, the same on every node',
  'etc/systemd/system/ciab-tenants.service':
    'systemd: runs `mend-tenants.sh`. A program, the same on every node',
  'etc/ciab/hosts': '`apply.sh`, or you, for a block of `/etc/hosts`',
  'etc/ciab/apply.sh':
    'you: owners and modes, then each of the above by difference; not with `installer = none`. A program, the same on every node',
  'etc/ciab/apply.conf': '`apply.sh`: which of its parts are for the node, and what they have to know',
  'etc/ciab/tree.sha256':
    "`apply.sh`: which files are the tree's, and how they were copied; not in a tree for review",
  '<client>/<mesh>.conf': "a client's own WireGuard: wg-quick, NetworkManager, WireGuard's apps",
  '_mesh/<node>.md': 'you: what to do on that node',
  '_mesh/<client>.md': 'you: what to do with that file',
  '_mesh/mesh.ini': '`gen`, to tell what the next change is',
  '_mesh/zones/db.*': 'your name servers: a zone of the mesh',
  '_mesh/zones/named.conf': 'your name servers: include it',
}

/** Every file of every fixture, once for each kind, in the order of {@link readers}. */
export const emittedFiles = (): readonly EmittedFile[] => {
  const kinds = new Map(Object.entries(readers).map(([path, reader]) => [path, gathering(path, reader)]))
  for (const fixture of fixtures) {
    const mesh = meshOf(fixture)
    const toolOf = writersIn(mesh)
    for (const { node, files, notes } of withSums(generate(mesh, { source: fixture.text })))
      for (const file of files) {
        const kind = kinds.get(kindOf(node, file, mesh))
        if (!kind) throw new Error(`docs/emitted-files.ts does not say what reads ${node}/${file.path}`)
        note(kind, file, notes, toolOf.get(`${node}/${file.path}`), mesh.name)
      }
  }
  return [...kinds.values()].map(({ modes, owners, tools, updates, ...kind }) => {
    if (modes.size === 0) throw new Error(`no fixture has a file that is ${kind.path}`)
    return {
      ...kind,
      modes: [...modes].sort(),
      owners: [...owners],
      tools: targets.map(({ name }) => name).filter(name => tools.has(name)),
      updates: [...updates].map(update => JSON.parse(update)),
    }
  })
}

const gathering = (path: string, reader: string) => ({
  path,
  reader,
  modes: new Set<string>(),
  owners: new Set<string>(),
  tools: new Set<string>(),
  updates: new Set<string>(),
})

const note = (
  kind: ReturnType<typeof gathering>,
  { path, mode }: OutputFile,
  notes: NodeNotes | undefined,
  tool: string | undefined,
  mesh: string,
): void => {
  kind.modes.add(`0${mode.toString(8)}`)
  const owned = about(path, notes?.owners ?? [])
  if (owned) kind.owners.add(`${owned.owner} ${owned.mode}`)
  if (tool) kind.tools.add(tool)
  const update = about(path, notes?.installer === 'none' ? [] : (notes?.updates ?? []))
  if (update)
    kind.updates.add(
      JSON.stringify([update.command, update.interrupts].map(text => text.replaceAll(mesh, '<mesh>'))),
    )
}

/** The kind that a file is of. */
const kindOf = (node: NodeTree['node'], { path }: OutputFile, { name, nodes }: Mesh): string => {
  const clients = nodes.flatMap(({ clients }) => clients)
  const isClient = clients.some(client => client.name === node)
  const own = node === meshFolder ? `_mesh/${path}` : isClient ? `<client>/${path}` : path
  const kind = nodes.some(({ name }) => own === `_mesh/${name}.md`)
    ? '_mesh/<node>.md'
    : clients.some(({ name }) => own === `_mesh/${name}.md`)
      ? '_mesh/<client>.md'
      : own.replaceAll(name, '<mesh>')
  return Object.hasOwn(readers, kind)
    ? kind
    : (Object.keys(readers).find(pattern => pattern.includes('*') && matches(pattern, kind)) ?? kind)
}

/** Which target writes a file: `node1/etc/frr/frr.conf` → `frr`. */
const writersIn = (mesh: Mesh): ReadonlyMap<string, string> => {
  const planOf = planner(mesh)
  const stanzas = new StanzaCache()
  const ofNodes = mesh.nodes.flatMap(node => {
    const plan = planOf(node)
    const chosen = new Set(concerns.map(concern => plan.targets[concern]))
    return targets
      .filter(({ name }) => chosen.has(name))
      .flatMap(target =>
        target.files(plan, stanzas).map(({ path }) => [`${node.name}/${path}`, target.name] as const),
      )
  })
  const ofMesh = targets.flatMap(target =>
    (target.meshFiles?.(planMesh(mesh)) ?? []).map(
      ({ path }) => [`${meshFolder}/${path}`, target.name] as const,
    ),
  )
  return new Map([...ofNodes, ...ofMesh])
}
