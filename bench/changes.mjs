// The commonest changes of a mesh of ten nodes: how many files of its tree for review differ, and by how many lines.
// With the number of one behind it, the difference itself.
import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cli, run } from './measure.mjs'

const changes = [
  ['a node comes', 'add-node node11 --endpoint 203.0.113.11'],
  ['a node goes', 'remove-node node5'],
  ['a node has another name', 'rename-node node5 paris'],
  ['a node has another endpoint', 'set node node5 endpoint 198.51.100.5'],
  ['a node has another port', 'set node node5 listen-port 51900'],
  ['a node has another key', 'rotate-key node5'],
  ['a laptop comes', 'add-client laptop'],
  ['a name that sorts last comes', 'add-client zeta'],
  ['a node has a container network', 'set node node5 containers lxdbr0@10.200.5.1/24'],
  ['a tenant of three nodes', '[tenant shop]\nnodes = node1, node2, node3\ncontainers = 10.91.0.0/16 /24\n'],
  ['two nodes peer no longer', 'exclude add node5 node6'],
  ['the path MTU is another', 'set mesh path-mtu 1420'],
  ['a segment of three nodes', 'set segment web nodes node1 node2 node3'],
  ['a LAN behind a node', 'set node node5 forward eth1'],
]

const base = mkdtempSync(join(tmpdir(), 'ciab-changes-'))
const servers = Array.from({ length: 10 }, (_, index) => `node${index + 1}=203.0.113.${index + 1}`)
/** In a word of the line, `@` stands for a blank. */
const ciabGen = (directory, line) =>
  run(process.execPath, [cli, '-C', directory, ...line.split(' ').map(word => word.replace('@', ' '))])
const git = (directory, ...words) =>
  execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.net', ...words], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })

try {
  const before = join(base, 'before')
  mkdirSync(before)
  ciabGen(before, `init --nodes ${servers.join()}`)
  ciabGen(before, 'gen --public -o review')
  git(before, 'init', '-q')
  git(before, 'add', 'mesh.ini', 'review')
  git(before, 'commit', '-qm', 'before')
  console.log('change                       mesh.ini     files  lines added  lines gone')
  for (const [index, [name, line]] of changes.entries()) {
    if (process.argv[2] !== undefined && Number(process.argv[2]) !== index + 1) continue
    const after = join(base, 'after')
    cpSync(before, after, { recursive: true })
    // A whole section is written by hand.
    if (line.startsWith('[')) appendFileSync(join(after, 'mesh.ini'), `\n${line}`)
    else ciabGen(after, line)
    ciabGen(after, 'gen --public -o review')
    git(after, 'add', '-A', 'mesh.ini', 'review')
    const rows = git(after, 'diff', '--cached', '--no-renames', '--numstat')
      .trim()
      .split('\n')
      .map(row => row.split('\t'))
    const sum = (some, column) => some.reduce((total, row) => total + Number(row[column]), 0)
    const own = rows.filter(([, , path]) => path === 'mesh.ini')
    const tree = rows.filter(([, , path]) => path !== 'mesh.ini')
    const cells = [
      name.padEnd(27),
      `+${sum(own, 0)} -${sum(own, 1)}`.padEnd(11),
      String(tree.length).padStart(5),
      String(sum(tree, 0)).padStart(11),
      String(sum(tree, 1)).padStart(10),
    ]
    console.log(cells.join('  '))
    if (process.argv[2] !== undefined) console.log(git(after, 'diff', '--cached', '--no-renames', '-U0'))
    rmSync(after, { recursive: true })
  }
} finally {
  rmSync(base, { recursive: true, force: true })
}
