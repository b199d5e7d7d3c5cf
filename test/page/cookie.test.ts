// Over HTTPS no script of the page ever holds the token: the browser keeps it in a cookie for this host alone, and the page
// is signed in again in every tab, until somebody signs out.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { missing } from '../support/debian.ts'
import { run, startScript, type Program } from '../support/program.ts'
import { becomes, enter, say, type Screens, sees, startScreens, untroubled } from './browser.ts'

describe('over HTTPS', { skip: missing('chromium', 'openssl') }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'hullo-page-'))
  let server: Program
  let screens: Screens
  let address: string

  before(async () => {
    const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...names]
    assert.equal((await run('openssl', made)).code, 0)
    const flags = ['--port', '0', '--data', join(dir, 'data'), '--tls-cert', cert, '--tls-key', key]
    server = startScript('bin/hullo.js', ['serve', ...flags])
    const [, port] = await server.printed(/^Hullo is listening on https:\/\/\S+:(\d+)$/m)
    // Not for a window alone: the page's worker is fetched by the browser itself.
    screens = await startScreens(['--ignore-certificate-errors'])
    address = `https://localhost:${port}/`
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })

  test('the token is in a cookie that no script can read, and the live stream is a WebSocket with it', async () => {
    const ann = await screens.open(address)
    const socket = ann.page.waitForEvent('websocket')
    await enter(ann, 'ann', 'register')
    assert.match((await socket).url(), /^wss:\/\/localhost:\d+\/v1\/live$/)
    const [cookie, ...others] = await ann.page.context().cookies()
    assert.deepEqual(others, [])
    assert.equal(cookie?.name, '__Host-hullo')
    assert.deepEqual([cookie.httpOnly, cookie.secure, cookie.sameSite, cookie.path], [true, true, 'Strict', '/'])
    const kept = await ann.page.evaluate<string>('JSON.stringify([localStorage, sessionStorage, document.cookie])')
    assert.ok(!kept.includes(cookie.value), kept)
    await say(ann, '@ann', 'to myself')
    await sees(ann, 'to myself')

    const tab = await ann.page.context().newPage()
    await tab.goto(address)
    await tab.getByRole('link', { name: /ann/ }).last().waitFor()
    untroubled(ann)
  })

  test('who signs in in another tab takes the place of who was signed in here, and of what they began to write', async () => {
    const cora = await screens.open(address)
    const tab = await cora.page.context().newPage()
    await tab.goto(address)
    await tab.getByLabel('Name').waitFor()
    await enter(cora, 'cora', 'register')
    await say(cora, '@cora', 'of Cora')
    await sees(cora, 'of Cora')
    await cora.page.locator('#composer').fill('half a thought')
    await enter({ page: tab, trouble: cora.trouble }, 'dora', 'register')
    // The cookie is Dora's now: here Cora would speak in her name.
    await cora.page.locator('article', { hasText: 'of Cora' }).waitFor({ state: 'detached' })
    await say(cora, '@dora', 'of Dora')
    await sees(cora, 'of Dora')
    await becomes(cora, "!JSON.stringify({ ...localStorage }).includes('half a thought')")
    untroubled(cora)
  })

  test('signing out takes the cookie and everything that was kept away', async () => {
    const ben = await screens.open(address)
    await enter(ben, 'ben', 'register')
    await say(ben, '@ben', 'sent')
    await sees(ben, 'sent')
    await ben.page.locator('#composer').fill('a draft')
    const ended = ben.page.waitForResponse(response => response.request().method() === 'DELETE')
    await ben.page.evaluate("location.hash = '#/-settings'")
    await ben.page.getByRole('button', { name: 'Sign out' }).click()
    assert.equal((await ended).status(), 204)
    await ben.page.getByLabel('Name').waitFor()
    assert.deepEqual(await ben.page.context().cookies(), [])
    assert.equal(await ben.page.evaluate('localStorage.length + sessionStorage.length'), 0)
    untroubled(ben)
  })
})
