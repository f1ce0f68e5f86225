/** What people type, with what it does: for --help, docs/commands.md and the man page. A test types each of them. */
type Example = readonly [line: string, does: string]

/** By the command's name. */
export const examples: Readonly<Record<string, readonly Example[]>> = {
  init: [
    ['ciab-gen init ciabmesh', 'an empty mesh, and keys/'],
    [
      'ciab-gen init --nodes node1=203.0.113.1,node2=vpn.example.net,node3',
      'three nodes; node3 is behind NAT',
    ],
    [
      "ciab-gen init --count 20 --format 'node%02d' --endpoint 'node%02d.example.net'",
      'node01 to node20, by their names in DNS',
    ],
  ],
  'add-node': [
    ['ciab-gen add-node node4 --endpoint 192.0.2.4', 'a server'],
    ['ciab-gen add-node node4=192.0.2.4 node5', 'two; node5 is behind NAT'],
  ],
  'remove-node': [['ciab-gen remove-node node3', 'and its key']],
  'rename-node': [['ciab-gen rename-node node3 home', 'it keeps its id, addresses and key']],
  'add-client': [
    ['ciab-gen add-client phone', 'carried by the first node that it can dial'],
    ['ciab-gen add-client phone --via node2', 'carried by node2'],
  ],
  'remove-client': [['ciab-gen remove-client laptop', 'and its key']],
  'rename-client': [['ciab-gen rename-client laptop tablet', 'it keeps its addresses and key']],
  set: [
    ['ciab-gen set mesh path-mtu 1420', 'for the whole mesh'],
    ['ciab-gen set node node1 endpoint vpn.example.net', 'for one node'],
    ['ciab-gen set group west members node1 node2', 'a list'],
    ['ciab-gen set node node3 keepalive --unset', 'the default again'],
  ],
  exclude: [
    ['ciab-gen exclude add node2 node3', 'no tunnel between the two'],
    ['ciab-gen exclude remove node2 node3', 'one again'],
  ],
  'rotate-key': [
    ['ciab-gen rotate-key node1', 'at once'],
    ['ciab-gen rotate-key node1 --stage', 'tell the others first, so that they follow within a second'],
  ],
  'rotate-psk': [['ciab-gen rotate-psk', 'for all pairs']],
  check: [
    ['ciab-gen check', 'what is wrong, and what to write instead'],
    ['ciab-gen check --strict --public --format github', 'in a pipeline without keys'],
  ],
  gen: [
    ['ciab-gen gen', 'write out/, and say what is next'],
    ['ciab-gen gen --public -o review', 'a tree to be committed, without secrets'],
    ['ciab-gen gen --check --public -o review', 'fail where the committed tree is not as mesh.ini has it'],
  ],
  diff: [
    ['ciab-gen diff', 'of all nodes'],
    ['ciab-gen diff node1 --public -o review', 'of one, with the committed tree'],
  ],
  impact: [
    ['ciab-gen impact', 'since gen last wrote out/'],
    ['ciab-gen impact --from git:HEAD --format markdown', 'since the last commit, for a pull request'],
  ],
  verify: [
    ['ciab-gen verify', 'the files in out/'],
    ['ciab-gen verify review --without node3', 'and what is lost without node3'],
    ['ciab-gen verify --each-failure', 'what hangs on one node, or on one site'],
    ['ciab-gen verify --path node1 node3', 'what a packet meets between containers of the two'],
  ],
  draw: [
    ['ciab-gen draw -o mesh.svg', 'a picture'],
    ['ciab-gen draw --format mermaid', 'a text that review pages draw'],
  ],
  page: [['ciab-gen page -o mesh.html', 'to open in a browser, on its own']],
  status: [
    ['ciab-gen status', 'the reports in status/'],
    ['ciab-gen status status/node1.json status/node2.json status/node3.json --json', 'these, for programs'],
  ],
  show: [
    ['ciab-gen show', 'a table of all'],
    ['ciab-gen show node1 --json', 'one, for programs'],
  ],
  showconf: [
    ['ciab-gen showconf node1', 'its file for WireGuard'],
    ['ciab-gen showconf node1 --target frr --file frr.conf', 'its file for FRR'],
  ],
  qr: [
    ['ciab-gen qr laptop --svg laptop.svg', 'an image'],
    ['ciab-gen qr laptop', 'on the terminal'],
  ],
  plan: [['ciab-gen plan node1', 'what was decided for node1']],
  genkey: [['ciab-gen genkey', 'a private key']],
  genpsk: [['ciab-gen genpsk', 'a preshared key']],
  pubkey: [['ciab-gen pubkey < keys/node1.key', 'the public half']],
  import: [
    ['ciab-gen import vwgen ciabmesh.conf --dry-run', 'report and mesh.ini, nothing written'],
    ['ciab-gen import wg a/wg0.conf b/wg0.conf', "two nodes' files for wg-quick"],
  ],
  zone: [
    ['ciab-gen zone mesh.example.net', 'for that domain'],
    ['ciab-gen zone -o zones', 'all zones of the domain in mesh.ini'],
  ],
  completion: [
    ['ciab-gen completion bash > ciab-gen.bash', 'to be read by ~/.bashrc, or in /etc/bash_completion.d'],
    ['ciab-gen completion zsh > _ciab-gen', 'to be put in a folder of fpath'],
  ],
}
