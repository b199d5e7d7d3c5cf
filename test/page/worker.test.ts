// The page's own files in the browser: a new version takes the place of the old one by itself, and a tab that still shows
// the old one finds its parts.
import assert from 'node:assert/strict'
import { createServer, request, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { becomes, type Screens, startScreens, untroubled } from './browser.ts'

const keys = (page: Page) => page.evaluate<string[]>('caches.keys()')
const hasVersions = (page: Page, versions: readonly string[]) =>
  becomes(
    { page },
    `caches.keys().then(keys => keys.map(key => key.replace('hullo-page-', '')).toSorted().join() === '${versions.join()}')`,
  )

/** Loads the page anew when the worker it has is done with coming: Chromium asks for no other as long as one comes. */
async function reload(page: Page): Promise<void> {
  await becomes(
    { page },
    `navigator.serviceWorker.getRegistration().then(
      one => one.installing === null && one.waiting === null && one.active?.state === 'activated')`,
  )
  await page.reload()
  await page.evaluate('navigator.serviceWorker.getRegistration().then(one => one.update()).then(() => {})')
}

describe('the page’s files in the browser', { skip: missing('chromium') }, () => {
  let server: RunningServer
  let screens: Screens
  let front: Server
  let address: string
  /** What the page that is served says its version is, in the place of its own. */
  let version = 'first'

  before(async () => {
    server = await startHullo()
    screens = await startScreens()
    front = createServer((asked, answer) => {
      // Undone here: the worker's text is changed on its way.
      const headers = { ...asked.headers, 'accept-encoding': 'identity' }
      request({ port: server.port, path: asked.url, method: asked.method, headers }, from => {
        const isWorker = asked.url === '/service-worker.js'
        const { 'content-length': _, etag: __, ...rest } = from.headers
        answer.writeHead(from.statusCode ?? 500, isWorker ? rest : from.headers)
        if (!isWorker) return from.pipe(answer)
        let text = ''
        from.setEncoding('utf8').on('data', (part: string) => (text += part))
        return from.on('end', () => answer.end(text.replaceAll(/hullo-page-[0-9a-f]{16}/g, `hullo-page-${version}`)))
      })
        .on('error', () => answer.destroy())
        .end()
    })
    await new Promise<void>(resolve => front.listen(0, '127.0.0.1', resolve))
    address = `http://localhost:${(front.address() as AddressInfo).port}/`
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    front.closeAllConnections()
    await new Promise(resolve => front.close(resolve))
    await server[Symbol.asyncDispose]()
  })

  test('a new version replaces the old; the one before stays for the tabs that show it, those before that go', async () => {
    const window = await screens.open(address)
    const { page } = window
    await hasVersions(page, ['first'])
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)')
    await page.evaluate(`caches.open('hullo-page-first').then(cache =>
      cache.put('./page/old-AAAAAAAA.js', new Response('export const is = "of the old version"',
        { headers: { 'Content-Type': 'text/javascript' } })))`)
    await page.evaluate(`caches.open('of-another').then(() => {})`)

    version = 'second'
    await reload(page)
    await hasVersions(page, ['first', 'of-another', 'second'])
    assert.equal(
      await page.evaluate(`fetch('./page/old-AAAAAAAA.js').then(answer => answer.text())`),
      'export const is = "of the old version"',
    )

    version = 'third'
    await reload(page)
    await hasVersions(page, ['of-another', 'second', 'third'])
    untroubled(window)
  })

  test('a version whose files do not all come is not taken', async () => {
    const window = await screens.open(address)
    await hasVersions(window.page, ['third'])
    const asked = new Promise<void>(resolve => {
      front.prependListener('request', (wanted: { url?: string }) => {
        if (wanted.url !== '/icon-512.png') return
        wanted.url = '/nothing-here.png' // the icon is asked for as what no server has
        resolve()
      })
    })
    version = 'broken'
    await window.page.evaluate('void navigator.serviceWorker.ready.then(one => one.update()).catch(() => {})')
    await asked
    const settled = 'navigator.serviceWorker.ready.then(one => one.installing === null && one.waiting === null)'
    await becomes(window, settled)
    assert.deepEqual(
      (await keys(window.page)).filter(key => key !== 'hullo-page-broken'),
      ['hullo-page-third'],
    )
    await server.stop()
    await window.page.reload()
    await window.page.getByLabel('Name').waitFor()
  })

  test('the page can be installed: its manifest has a name, a start and icons that are there', async () => {
    server = await startHullo()
    const at = `http://127.0.0.1:${server.port}/`
    const manifest = (await (await fetch(`${at}manifest.webmanifest`)).json()) as Record<string, unknown> & {
      icons: { src: string; type: string; sizes: string }[]
    }
    assert.equal(manifest['name'], 'Hullo')
    assert.equal(manifest['display'], 'standalone')
    for (const { src, type } of manifest.icons) {
      const icon = await fetch(new URL(src, at))
      assert.equal(icon.status, 200, src)
      assert.equal(icon.headers.get('content-type'), type)
    }
    const window = await screens.open(at)
    const session = await window.page.context().newCDPSession(window.page)
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
    assert.deepEqual(
      installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'),
      [],
    )
    untroubled(window)
  })
})
