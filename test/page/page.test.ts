import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pageOf } from '../../src/cli/page/html.js'
import { programParts } from '../../src/cli/page/parts.js'
import { judgeFleet, load, type Mesh } from '../../src/index.js'
import { type Draft, now, receivedOf, saysBad, silence, wellFleet } from '../fleet/reports.js'

/** The page as people use it, in a real browser. Without one it is a visible skip, and in CI a failure. */
const executablePath = '/usr/bin/chromium'

const root = mkdtempSync(join(tmpdir(), 'ciab-page-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const meshAt = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const twelve = meshAt('docs/twelve-nodes.ini')
const relay = meshAt('fixtures/meshes/relay/mesh.ini')
const meshIn = (text: string): Mesh => {
  const read = load({ file: 'mesh.ini', text }, 'hidden')
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('\n'))
  return read.value
}
const htmlOf = (mesh: string): string => pageOf({ ...programParts(), mesh })

describe('the file', () => {
  test('is below a megabyte, and its policy admits nothing but its own program and styles', () => {
    const html = htmlOf(twelve)
    expect(Buffer.byteLength(html)).toBeLessThan(1_000_000)
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? []
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; worker-src blob:; base-uri 'none'; form-action 'none'$/,
    )
    expect(html.match(/<script/g)?.length).toBe(2)
    expect(html).not.toMatch(/ (style|on[a-z]+|src|href)=/)
  })

  test('holds nothing of a mesh but as data that cannot end', () => {
    const html = htmlOf('; </script><script>alert(1)</script><!-- \n[mesh]\n')
    expect(html).toContain('"; \\u003c/script>')
    expect(html.match(/<script/g)?.length).toBe(2)
  })
})

const patience = 240_000

describe.skipIf(!existsSync(executablePath) && !process.env.CI)('in a browser', { timeout: patience }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({
      timeout: patience,
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
  }, patience)
  afterAll(() => browser?.close())

  /** Opens a page of the mesh, does something with it, and insists that nothing was complained of or asked for meanwhile. */
  const on = async (mesh: string, act: (page: Page) => Promise<void>): Promise<void> => {
    const path = join(root, 'mesh.html')
    writeFileSync(path, htmlOf(mesh))
    const context = await browser.newContext()
    const page = await context.newPage()
    // A machine may be busy with other tests.
    page.setDefaultTimeout(patience / 2)
    page.setDefaultNavigationTimeout(patience / 2)
    const complaints: string[] = []
    const requests: string[] = []
    page.on('console', message => complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(String(error)))
    page.on('dialog', dialog => {
      complaints.push(`a dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('request', request => requests.push(request.url()))
    await page.addInitScript(() => {
      const seen = globalThis as unknown as { violations: string[] }
      seen.violations = []
      document.addEventListener('securitypolicyviolation', event =>
        seen.violations.push(event.violatedDirective),
      )
    })
    const url = pathToFileURL(path).href
    await page.goto(url)
    await page.waitForSelector('body[data-ready]')
    await act(page)
    expect(await page.evaluate(() => (globalThis as unknown as { violations: string[] }).violations)).toEqual(
      [],
    )
    expect(complaints).toEqual([])
    expect(requests.filter(one => one !== url && !one.startsWith('blob:'))).toEqual([])
    await context.close()
  }
  const open = (page: Page, title: string): Promise<void> => page.getByRole('tab', { name: title }).click()

  test('shows the picture, every label within it and none upon another as the browser sets them', async () => {
    await on(twelve, async page => {
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('acme')
      expect(await page.locator('.picture svg [data-node]').count()).toBe(12)
      const overlaps = await page.evaluate(() => {
        const boxes = [...document.querySelectorAll('.picture svg text')]
          .filter(text => !text.closest('.mark'))
          .map(text => ({ text: text.textContent, box: text.getBoundingClientRect() }))
        const frame = (document.querySelector('.picture svg') as Element).getBoundingClientRect()
        return boxes.flatMap(({ text, box }, at) => [
          ...boxes
            .slice(at + 1)
            .filter(
              other =>
                box.left < other.box.right &&
                other.box.left < box.right &&
                box.top + 2 < other.box.bottom - 2 &&
                other.box.top + 2 < box.bottom - 2,
            )
            .map(other => `${text} / ${other.text}`),
          ...(box.left < frame.left || box.right > frame.right ? [`${text} leaves`] : []),
        ])
      })
      expect(overlaps).toEqual([])
      await page.locator('[data-node="oslo2"] .body').click()
      await page.getByRole('heading', { name: 'oslo2', exact: true }).waitFor()
    })
  })

  test('finds nodes, and tells all about one, with its files as gen --public writes them', async () => {
    await on(twelve, async page => {
      await open(page, 'Nodes')
      await page.getByLabel('Search:').fill('OFFICE nat')
      const shown = page.locator('.scroll tbody tr:visible')
      expect(await shown.locator('th').allTextContents()).toEqual(['office1', 'office2'])
      await page.getByRole('button', { name: 'office1' }).click()
      await page.getByRole('heading', { name: 'office1 (behind NAT)' }).waitFor()
      const detail = page.locator('.detail')
      expect(await detail.locator('dd').allTextContents()).toEqual(
        expect.arrayContaining(['10.78.0.10/16', 'eth1 192.168.50.0/24']),
      )
      await detail.getByText('etc/wireguard/acme.conf').click()
      const file = await detail.locator('pre.file').first().textContent()
      expect(file).toContain('PrivateKey = (hidden)')
      expect(file).toContain('AllowedIPs = 10.79.0.1/32')
      expect(await detail.locator('pre.file .t-key').count()).toBeGreaterThan(10)
    })
  })

  test('tells a path hop by hop, by a relay, and what is lost when that is off', async () => {
    await on(relay, async page => {
      await open(page, 'Path')
      await page.locator('#from').selectOption('home1')
      await page.locator('#to').selectOption('home2')
      await page.getByText('It arrives at home2, and the answer too.').waitFor()
      const [there = '', back = ''] = await page.locator('.hops').allTextContents()
      expect(there).toContain(
        'home1 goes by vciabmesh to home2 by way of node1, home1/etc/wireguard/ciabmesh.conf:',
      )
      expect(there).toContain('home2 the packet filter lets it through (forward)')
      expect(back).toContain('home2 goes by vciabmesh to home1 by way of node1')
      expect(await page.locator('#part-path circle.way').count()).toBe(3)
      await page.getByText('home1 reaches 10.77.11.0/24 and ').waitFor()
      await page.locator('#without').selectOption('node1')
      await page.getByText('It does not arrive: ').waitFor()
      await page.getByText('home1 does not reach 10.77.11.0/24').waitFor()
      await page.locator('#without').selectOption('home2')
      await page.getByText('It does not arrive: home2 is off.').waitFor()
      await page.locator('#without').selectOption('node1')
      await open(page, 'Reach')
      await page.getByText('12 pairs reach all networks, 0 some, 0 none.').waitFor()
      expect(await page.locator('#part-reach').textContent()).not.toContain('no packet filter in its files')
      await page.locator('#off').selectOption('node1')
      await page.getByRole('heading', { name: 'Lost without node1' }).waitFor()
      const lost = await page.locator('#part-reach ul').first().locator('li').allTextContents()
      expect(lost).toEqual(
        expect.arrayContaining(['home1 to 10.77.11.0/24 of home2', 'node2 to 10.77.11.0/24 of home2']),
      )
      expect(lost.length).toBe(8)
      await page.locator('canvas').focus()
      await page.keyboard.press('ArrowRight')
      expect(await page.locator('.said').textContent()).toMatch(/node1|node2/)
    })
  })

  test('says what is wrong with mesh.ini at its place as one types, and takes it when it is mended', async () => {
    await on(relay, async page => {
      await open(page, 'Edit')
      await page.getByText('no errors').waitFor()
      const area = page.locator('#editor')
      await area.fill(relay.replace('203.0.113.2', '203.0.113.400'))
      await page.getByText('1 error', { exact: true }).waitFor()
      expect(await page.locator('.behind mark.error').textContent()).toBe('203.0.113.400')
      const place = page.locator('#faults button').first()
      expect(await place.textContent()).toBe('line 15')
      await place.click()
      expect(
        await area.evaluate((one: HTMLTextAreaElement) =>
          one.value.slice(one.selectionStart, one.selectionEnd),
        ),
      ).toBe('203.0.113.400')
      expect(await page.getByRole('button', { name: 'Look at this mesh' }).isDisabled()).toBe(true)
      await page.keyboard.insertText('203.0.113.4')
      await page.getByText('no errors').waitFor()
      await page.getByRole('button', { name: 'Look at this mesh' }).click()
      await open(page, 'Nodes')
      await page.locator('tbody').getByText('203.0.113.4:51820').waitFor()
    })
  })

  test('says what has changed since a mesh.ini that is dropped, and what that interrupts', async () => {
    await on(twelve, async page => {
      await open(page, 'Change')
      const drop = (text: string) =>
        page.evaluate(dropped => {
          const data = new DataTransfer()
          data.items.add(new File([dropped], 'older.ini'))
          document
            .querySelector('.drop')
            ?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
        }, text)
      await drop(twelve.replace('endpoint   = 192.0.2.1\n', 'endpoint   = 192.0.2.1\nlisten-port = 4500\n'))
      await page.getByRole('heading', { name: 'Since older.ini' }).waitFor()
      const lines = await page.locator('.lines').textContent()
      expect(lines).toMatch(/^lima1: .*port 51820 instead of 4500$/m)
      expect(lines).toMatch(/interrupts\n +between lima1 and each of /)
      await drop('[mesh]\nname = \n')
      await page.getByText('older.ini has errors.').waitFor()
    })
  })

  test('says what is wrong with the nodes by reports that are dropped anywhere, in words and on the picture', async () => {
    const mesh = meshIn(twelve)
    const fleet = wellFleet(mesh)
    const drop = (page: Page, files: readonly (readonly [name: string, text: string])[]) =>
      page.evaluate(
        ([dropped, lastModified]) => {
          const data = new DataTransfer()
          for (const [name, text] of dropped) data.items.add(new File([text], name, { lastModified }))
          document.body.dispatchEvent(
            new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
          )
        },
        [files, (now + 1) * 1000] as const,
      )
    const reports = () =>
      [...fleet].map(([name, report]) => [`${name}.json`, JSON.stringify(report)] as const)
    await on(twelve, async page => {
      await drop(page, reports())
      await page.getByText('12 nodes, 12 with a report, nothing wrong.').waitFor()
      expect(await page.getByRole('tab', { name: 'Status' }).getAttribute('aria-selected')).toBe('true')
      expect(await page.locator('#part-status svg').count()).toBe(0)

      silence(fleet, 'lima1', 'oslo1')
      const dead = fleet.get('paris1') as Draft
      saysBad(dead, 'frr', 'bgpd does not run')
      await drop(page, reports())
      await page.getByText('12 nodes, 12 with a report, 2 wrong.').waitFor()
      const { findings } = judgeFleet(mesh, receivedOf(fleet))
      const shown = page.locator('.findings > li')
      expect(await shown.locator('b').allTextContents()).toEqual(findings.map(({ message }) => message))
      expect(await shown.evaluateAll(all => all.map(one => one.getAttribute('data-cause')))).toEqual([
        'daemon',
        'port',
      ])
      expect(await page.locator('#part-status [data-at="paris1"]').count()).toBe(1)
      expect(await page.locator('#part-status [data-pair="oslo1 lima1"]').count()).toBe(1)
      expect(await page.locator('#part-status .trouble').count()).toBe(3)
      expect(await page.locator('#part-status text.badge').allTextContents()).toEqual(['1', '2'])

      await drop(page, [
        ['evil.json', '{"version": "<img src=x onerror=alert(1)>"}'],
        ['<img>.json', ''],
      ])
      await page.getByText('evil.json is no report of a node: ').waitFor()
      expect(await page.locator('img').count()).toBe(0)
      await page.locator('#reports').setInputFiles(
        reports().map(([name, text]) => ({
          name,
          mimeType: 'application/json',
          buffer: Buffer.from(text),
        })),
      )
      await page.getByText(/^12 nodes, 12 with a report, \d+ wrong/).waitFor()
    })
    await on('[mesh]\nname = \n', async page => {
      await drop(page, reports())
      await page.getByText('There is no mesh yet').waitFor()
    })
  })

  test('is used with the keyboard alone', async () => {
    await on(relay, async page => {
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Picture')
      await page.keyboard.press('ArrowRight')
      expect(await page.getByRole('tab', { name: 'Nodes' }).getAttribute('aria-selected')).toBe('true')
      await page.keyboard.press('End')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('editor')
    })
  })

  test('leaves what a stranger wrote text: comments, hooks, what is typed and what is dropped', async () => {
    const evil = `<img src=x onerror=alert(1)></script><script>alert(2)</script>`
    const hooks = `; ${evil}\n${relay.replace('id         = 2\n', `id         = 2\npost-up    = logger "${evil}"\n`)}`
    await on(hooks, async page => {
      await open(page, 'Nodes')
      await page.getByRole('button', { name: 'node2', exact: true }).click()
      await page.getByText('etc/wireguard/').first().click()
      const file = page.locator('.detail pre.file').first()
      expect(await file.textContent()).toContain(evil)
      await open(page, 'Edit')
      await page.locator('#editor').fill(`[mesh]\nname = ${evil}\n[node ${evil}]\n`)
      await page.locator('#faults').getByText('<img').first().waitFor()
      expect(await page.locator('img, #page script').count()).toBe(0)
    })
    await on(`[mesh]\nname = ${evil}\n`, async page => {
      await page.getByText('the editor says which').waitFor()
      expect(await page.locator('img, #page script').count()).toBe(0)
    })
  })

  test('finds its way among 200 nodes', async () => {
    const mesh = [
      '[mesh]',
      'overlay = 10.80.0.0/16',
      'containers = 10.112.0.0/12 /24',
      ...Array.from({ length: 200 }, (_, at) => [
        `[node node${at + 1}]`,
        `id = ${at + 1}`,
        `endpoint = ${at % 7 === 6 ? 'none' : `198.18.0.${at}`}`,
        `public-key = ${btoa(String(at).padStart(32, '.'))}`,
        `site = ${'abcdefgh'[at % 8]}`,
      ]).flat(),
    ].join('\n')
    await on(mesh, async page => {
      await open(page, 'Nodes')
      for (const [text, rows] of [
        ['node19', 11],
        ['nothing has this', 0],
        ['', 200],
      ] as const) {
        await page.getByLabel('Search:').fill(text)
        expect(await page.locator('.scroll tbody tr:visible').count()).toBe(rows)
      }
      await page.getByLabel('Search:').fill('node199')
      expect(await page.locator('.scroll tbody tr:visible').count()).toBe(1)
    })
  })
})
