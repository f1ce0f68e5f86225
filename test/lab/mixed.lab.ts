import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Tunnels, tunnels } from '../arbitraries/tunnels.js'
import { sleep } from './rig/clock.js'
import { Internet, siteOf } from './rig/internet.js'
import { Namespace } from './rig/namespace.js'
import { thorough } from './rig/numbers.js'
import { reasonToSkip } from './rig/requirements.js'
import { must, run } from './rig/shell.js'
import { plugIn } from './rig/uplink.js'

const program = join(dirname(fileURLToPath(import.meta.url)), '../../bin/ciab-gen.js')

/** A few in a usual run; `LAB_LONG=1` tries many. */
const tried = thorough ? 10 : 1

/** Others each time where many are tried; a failure prints the seed, and `LAB_SEED` plays it again. */
const seed = Number(process.env.LAB_SEED ?? (thorough ? Math.floor(performance.now() * 1000) % 1_000_000 : 1))

const drawn = fc.sample(
  tunnels({ publicAddress: number => siteOf(number).ipv4, wholeMachine: false, most: 3 }),
  { numRuns: tried, seed },
)

/** A machine with one interface to the internet, and nothing else of its own. */
class Machine {
  private constructor(
    readonly name: string,
    readonly namespace: Namespace,
  ) {}

  static async open(name: string, internet: Internet, number: number): Promise<Machine> {
    const namespace = await Namespace.open(name)
    namespace.sh(`mkdir /run/lab/upper /run/lab/work
      mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/lab/upper,workdir=/run/lab/work /etc
      rm -rf /etc/ciab /etc/wireguard/*; mkdir -p /etc/wireguard`)
    await plugIn('dual', internet, siteOf(number), namespace)
    return new Machine(name, namespace)
  }

  put(path: string, text: string): void {
    this.namespace.must(['sh', '-c', 'mkdir -p "$(dirname "$1")"; cat >"$1"; chmod 600 "$1"', 'sh', path], {
      input: text,
    })
  }

  up(device: string): string {
    const { status, stderr } = this.namespace.run(['wg-quick', 'up', device])
    return status === 0 ? '' : stderr
  }

  down(device: string): void {
    this.namespace.run(['wg-quick', 'down', device])
    // What a hook of the tried file leaves behind is no matter of the next.
    this.namespace.run([
      'sh',
      '-c',
      'ip rule flush; ip rule add lookup main; ip rule add lookup default; nft flush ruleset',
    ])
  }

  /** Networks that go into the interface. */
  routes(device: string): string[] {
    return this.namespace
      .must(['ip', '-4', 'route', 'show', 'dev', device])
      .split('\n')
      .filter(line => line !== '')
      .map(line => line.split(' ')[0] as string)
  }

  /** Whether a packet to there would go into the interface. */
  leads(device: string, network: string): boolean {
    const [address = ''] = network.split('/')
    // An address that is no node's own.
    const other = address.replace(/\.0$/, '.250')
    return this.namespace.run(['ip', 'route', 'get', other]).stdout.includes(` dev ${device} `)
  }

  reaches(address: string): boolean {
    return this.namespace.run(['ping', '-n', '-q', '-c', '1', '-W', '1', address]).status === 0
  }
}

const reason = reasonToSkip()
const suite = reason === null ? describe : describe.skip

/** Files that start with the real wg-quick still start when imported, and whoever reached each other still does. */
suite.each(drawn.map((one, index) => [index, one] as const))(
  `files of wg-quick, drawn with LAB_SEED=${seed}: number %i`,
  (_, one) => {
    let internet: Internet
    let machines: Machine[] = []
    const directory = mkdtempSync(join(tmpdir(), 'ciab-mixed-'))
    let report = ''
    let mesh = ''

    beforeAll(async () => {
      internet = await Internet.open()
      machines = []
      for (const [index, { name }] of one.nodes.entries())
        machines.push(await Machine.open(name, internet, index + 1))
      for (const { file, text } of one.files) {
        mkdirSync(dirname(join(directory, file)), { recursive: true })
        writeFileSync(join(directory, file), text)
      }
    })
    afterAll(async () => {
      for (const machine of machines) await machine.namespace.close()
      await internet.namespace.close()
      rmSync(directory, { recursive: true, force: true })
    })

    const generated = (name: string): [string, string][] =>
      readdirSync(join(directory, 'out', name), { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile() && /\/etc\/(wireguard|ciab|nftables)/.test(entry.parentPath))
        .map(entry => join(entry.parentPath, entry.name))
        .map(path => [path.slice(join(directory, 'out', name).length), readFileSync(path, 'utf8')])

    const old = (index: number) => ({
      device: one.nodes[index]?.interface as string,
      text: one.files[index]?.text as string,
    })

    const lost = async (pairs: Tunnels['pairs']): Promise<string[]> => {
      let missing: string[] = []
      for (let tries = 0; tries < 12; tries++) {
        missing = pairs.flatMap(([from, to]) => {
          const [a, b] = [from, to].map(name => one.nodes.findIndex(node => node.name === name)) as [
            number,
            number,
          ]
          return [
            ...(machines[a]?.reaches(one.nodes[b]?.address as string) ? [] : [`${from} to ${to}`]),
            ...(machines[b]?.reaches(one.nodes[a]?.address as string) ? [] : [`${to} to ${from}`]),
          ]
        })
        if (missing.length === 0) break
        await sleep(0.5)
      }
      return missing
    }

    test('they start, are imported, and reach each other in every mixture of old and new files', async () => {
      const started = machines.map((machine, index) => {
        const { device, text } = old(index)
        machine.put(`/etc/wireguard/${device}.conf`, text)
        return machine.up(device)
      })
      expect(started.filter(fault => fault !== '').join('\n')).toBe('')
      const before = new Set(await lost(one.pairs))
      const working = one.pairs.filter(([a, b]) => !before.has(`${a} to ${b}`) && !before.has(`${b} to ${a}`))
      expect(working.length, [...before].join(', ')).toBeGreaterThan(0)
      const routes = machines.map((machine, index) => machine.routes(old(index).device))

      report = must([
        process.execPath,
        program,
        '-C',
        directory,
        'import',
        'wg',
        ...one.files.map(({ file }) => file),
      ])
      must([process.execPath, program, '-C', directory, 'gen'])
      mesh = /^name += (\S+)$/m.exec(readFileSync(join(directory, 'mesh.ini'), 'utf8'))?.[1] as string

      // Every set of nodes that have moved, one change from set to set (a Gray code).
      const steps = 1 << machines.length
      let now = 0
      for (let step = 1; step <= steps; step++) {
        const next = step === steps ? steps - 1 : step ^ (step >> 1)
        for (const [index, machine] of machines.entries()) {
          if (((now ^ next) >> index) % 2 === 0) continue
          const moves = (next >> index) % 2 === 1
          const { device, text } = old(index)
          machine.down(moves ? device : mesh)
          machine.namespace.sh('rm -rf /etc/wireguard/* /etc/ciab')
          for (const [path, content] of moves
            ? generated(machine.name)
            : [[`/etc/wireguard/${device}.conf`, text] as const])
            machine.put(path, content)
          expect(
            machine.up(moves ? mesh : device),
            `${machine.name} ${moves ? 'new' : 'old'}\n${report}`,
          ).toBe('')
          if (moves)
            for (const network of routes[index] ?? [])
              if (!machine.leads(mesh, network))
                expect(report, `${machine.name} loses ${network}`).toContain(network)
        }
        now = next
        const moved = machines.filter((_, index) => (now >> index) % 2 === 1).map(({ name }) => name)
        expect(
          await lost(working),
          `new: ${moved.join(', ')}\n${report}\n${one.files.map(({ text }) => text).join('\n---\n')}`,
        ).toEqual([])
      }
    })
  },
)

/** The cases that state that they start. */
const cases = fileURLToPath(new URL('../../fixtures/import/cases/', import.meta.url))
const starting = readdirSync(cases).flatMap(name => {
  const { runs } = JSON.parse(readFileSync(`${cases}${name}/expect.json`, 'utf8')) as {
    runs: {
      import: string[]
      exit?: number
      exit_any?: boolean
      up?: { skip?: boolean; must?: boolean; setup?: string[] }
    }[]
  }
  return runs
    .filter(
      ({ import: [kind], exit, exit_any }) => kind === 'wg' && exit === undefined && exit_any === undefined,
    )
    .filter(({ up }) => up?.skip !== true)
    .map(({ import: [, ...files], up }) => ({ name, files, must: up?.must === true, setup: up?.setup ?? [] }))
})

suite('files of wg-quick that people have', () => {
  test.each(starting)(
    '$name $files: where one starts, the generated one starts',
    async ({ name, files, must: starts, setup }) => {
      const directory = mkdtempSync(join(tmpdir(), 'ciab-starts-'))
      const namespace = await Namespace.open('node')
      try {
        run(['cp', '-r', `${cases}${name}/.`, directory])
        namespace.sh(`mkdir /run/lab/upper /run/lab/work
        mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/lab/upper,workdir=/run/lab/work /etc
        rm -rf /etc/ciab /etc/wireguard/*; mkdir -p /etc/wireguard
        ip link add eth0 type bridge; ip addr add 198.51.100.9/24 dev eth0; ip link set eth0 up; ip route add default dev eth0`)
        for (const line of setup) namespace.sh(line)
        // wg looks a name up for more than a minute before it gives up.
        const texts = files.map(file => readFileSync(join(directory, file), 'utf8')).join('\n')
        for (const [, name = ''] of texts.matchAll(/^Endpoint *= *([a-z][\w.-]*):/gim))
          namespace.sh('echo "203.0.113.99 $1" >>/etc/hosts', name)
        must([process.execPath, program, '-C', directory, 'import', 'wg', ...files])
        // What the report asks for where no file dials the node.
        const path = join(directory, 'mesh.ini')
        const ini = readFileSync(path, 'utf8')
        const carrier = /^via += (\S+)$/m.exec(ini)?.[1] ?? ''
        const without = new RegExp(`(\\[node ${carrier}\\]\n(?:.+\n)*?endpoint *)= none`)
        writeFileSync(path, ini.replace(without, '$1= 198.51.100.77'))
        must([process.execPath, program, '-C', directory, 'gen'])
        const mesh = /^name += (\S+)$/m.exec(readFileSync(join(directory, 'mesh.ini'), 'utf8'))?.[1] as string
        for (const file of files) {
          const text = readFileSync(join(directory, file), 'utf8')
          const device = (file.split('/').at(-1) as string).replace(/\.conf$/, '')
          writeFileSync(`${namespace.root}/etc/wireguard/${device}.conf`, text)
          const works = namespace.run(['wg-quick', 'up', device]).status === 0
          namespace.run(['wg-quick', 'down', device])
          namespace.run(['sh', '-c', 'rm -rf /etc/wireguard/*; nft flush ruleset'])
          if (starts) expect(works, file).toBe(true)
          if (!works) continue
          const key = /^PrivateKey *= *(\S+)/im.exec(text)?.[1] as string
          const conf = (other: string): string => join(directory, 'out', other, `etc/wireguard/${mesh}.conf`)
          const node = readdirSync(join(directory, 'out')).find(
            other => existsSync(conf(other)) && readFileSync(conf(other), 'utf8').includes(key),
          )
          run([
            'sh',
            '-c',
            'tar -C "$1" -c etc/wireguard etc/ciab | tar -C "$2" --no-overwrite-dir -x',
            'sh',
            join(directory, 'out', node as string),
            namespace.root,
          ])
          const { status, stderr } = namespace.run(['wg-quick', 'up', mesh])
          expect([file, status, stderr]).toEqual([file, 0, expect.anything()])
          namespace.run(['wg-quick', 'down', mesh])
          namespace.run(['sh', '-c', 'rm -rf /etc/wireguard/* /etc/ciab; nft flush ruleset'])
        }
      } finally {
        await namespace.close()
        rmSync(directory, { recursive: true, force: true })
      }
    },
  )
})
