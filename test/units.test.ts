import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect } from 'vitest'
import { textOf } from '../src/index.js'
import { ask, judged, type Verdict } from './support/judge.js'
import { fixtures, meshOf, treesOf } from './support/meshes.js'

/**
 * systemd reads the units of every fixture, in one boot with those of Debian's packages. What it finds wrong it
 * prints, and goes on: an unknown key is ignored, and of an ordering cycle one job is left out.
 */
const root = mkdtempSync(join(tmpdir(), 'ciab-gen-units-'))
afterAll(() => rmSync(root, { recursive: true }))

const folder = 'etc/systemd/system/'

/** As the packages have them, but for what is not about order; the machine's own come first. */
const stubs: Readonly<Record<string, string>> = {
  'wg-quick@.service':
    '[Unit]\nAfter=network-online.target nss-lookup.target\nWants=network-online.target nss-lookup.target\n' +
    '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c "wg-quick up %i"\n' +
    'ExecReload=/bin/sh -c "wg syncconf"\n[Install]\nWantedBy=multi-user.target\n',
  'frr.service':
    '[Unit]\nWants=network.target\nAfter=network-pre.target systemd-sysctl.service\nBefore=network.target\n' +
    '[Service]\nType=forking\nExecStart=/bin/sh -c true\n[Install]\nWantedBy=multi-user.target\n',
  'nftables.service':
    '[Unit]\nWants=network-pre.target\nBefore=network-pre.target shutdown.target\nConflicts=shutdown.target\n' +
    'DefaultDependencies=no\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c true\n' +
    'ExecReload=/bin/sh -c true\n[Install]\nWantedBy=sysinit.target\n',
}

interface Boot {
  readonly node: string
  readonly units: readonly string[]
  /** Name → text. */
  readonly files: ReadonlyMap<string, string>
}

const bootsOf = (): Boot[] => {
  const distinct = new Map<string, Boot>()
  for (const fixture of fixtures)
    for (const { node, files, notes } of treesOf(meshOf(fixture))) {
      if (!notes) continue
      const texts = files
        .filter(({ path }) => path.startsWith(folder))
        .map(({ path, content }) => [path.slice(folder.length), textOf(content)] as const)
      const key = JSON.stringify([
        notes.units,
        texts.map(([name, text]) => [name, text.replace(/^#.*$/gm, '')]),
      ])
      distinct.set(key, { node: `${fixture.name} ${node}`, units: notes.units, files: new Map(texts) })
    }
  return [...distinct.values()]
}

let count = 0

/** What systemd has to say about a boot of the node. */
const boot = ({ units, files }: Boot, more: Readonly<Record<string, string>> = {}): Verdict => {
  const [own, other] = [join(root, `${++count}`), join(root, `${count}-stubs`)]
  const put = (directory: string, name: string, text: string): void => {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  for (const [name, text] of files) put(own, name, text)
  for (const [name, text] of Object.entries(more)) put(own, name, text)
  for (const [name, text] of Object.entries(stubs)) put(other, name, text)
  const wanted = ['multi-user.target', 'network-online.target', 'nftables.service', 'frr.service', ...units]
  put(other, 'everything.target', `[Unit]\nWants=${wanted.join(' ')}\n`)
  const path = [own, '/usr/lib/systemd/system', '/lib/systemd/system', other].join(':')
  return ask('env', [
    `SYSTEMD_UNIT_PATH=${path}`,
    'systemd-analyze',
    'verify',
    '--man=no',
    'everything.target',
    ...units,
  ])
}

describe('units', () => {
  const boots = bootsOf()
  const usual = boots.find(({ units }) => units.some(unit => unit.startsWith('wg-quick@'))) as Boot

  judged(['systemd-analyze'], 'systemd starts them at one boot, in some order, and knows every word', () => {
    expect(usual.units).toContain('ciab-guard.service')
    expect(boots.flatMap(({ units }) => units)).toContain('ciab-names.timer')
    for (const one of boots) expect([one.node, boot(one)]).toEqual([one.node, { status: 0, output: '' }])
  })

  judged(['systemd-analyze'], 'systemd would find a cycle, such as FRR behind the tunnel', () => {
    const tunnel = usual.units.find(unit => unit.startsWith('wg-quick@'))
    const { output } = boot(usual, { 'frr.service.d/order.conf': `[Unit]\nAfter=${tunnel}\n` })
    expect(output).toContain('Found ordering cycle')
  })

  judged(['systemd-analyze'], 'systemd would complain of a misspelt word', () => {
    const text = (usual.files.get('ciab-guard.service') as string).replace(
      'RemainAfterExit',
      'RemainsAfterExit',
    )
    expect(boot(usual, { 'ciab-guard.service': text }).output).toContain("Unknown key 'RemainsAfterExit'")
  })

  judged(['systemd-analyze'], 'systemd would complain of a timer that is never due', () => {
    const moving = boots.find(({ units }) => units.includes('ciab-names.timer')) as Boot
    const text = (moving.files.get('ciab-names.timer') as string).replace(/^On\w+=.*$/gm, '')
    const { output } = boot(moving, { 'ciab-names.timer': text })
    expect(output).toContain('ciab-names.timer: Timer unit lacks value setting')
  })

  judged(['systemd-analyze'], 'systemd would not start a oneshot that is always restarted', () => {
    const [name, text] = [...usual.files].find(([path]) => path.startsWith('wg-quick@')) as [string, string]
    const { output } = boot(usual, { [name]: text.replace('Restart=on-failure', 'Restart=always') })
    expect(output).toContain('Restart=')
  })
})
