// Plain HTTP on a name that is not localhost, as in a classroom: no secure context, so no randomUUID, no service worker, no
// notifications, no clipboard. The client library and the page work there all the same.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { enter, say, type Screens, sees, startScreens, untroubled } from './browser.ts'

describe('over plain HTTP on a name', { skip: missing('chromium') }, () => {
  let server: RunningServer
  let screens: Screens
  let address: string

  before(async () => {
    server = await startHullo(['--public-url', 'http://hullo.test'])
    screens = await startScreens(['--host-resolver-rules=MAP hullo.test 127.0.0.1'])
    address = `http://hullo.test:${server.port}/`
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test('it is no secure context, and two people talk over a WebSocket', async () => {
    const ann = await screens.open(address)
    const ben = await screens.open(address)
    assert.equal(await ann.page.evaluate('isSecureContext'), false)
    assert.equal(await ann.page.evaluate('typeof crypto.randomUUID'), 'undefined')
    await ann.page.getByText('plain HTTP').waitFor()
    const socket = ann.page.waitForEvent('websocket')
    await enter(ann, 'ann', 'register')
    assert.match((await socket).url(), /^ws:\/\/hullo\.test:\d+\/v1\/live$/)
    await enter(ben, 'ben', 'register')
    await say(ann, '@ben', 'Hello Ben')
    await sees(ann, 'Hello Ben')
    await ben.page.getByRole('link', { name: /ann/ }).click()
    await sees(ben, 'Hello Ben')
    await say(ben, '@ann', 'Hello Ann')
    await sees(ann, 'Hello Ann')
    untroubled(ann, ben)
  })

  test('the tab stays signed in when it is loaded anew, and no cookie is set', async () => {
    const cora = await screens.open(address)
    await enter(cora, 'cora', 'register')
    await cora.page.reload()
    await cora.page.getByRole('navigation', { name: 'Conversations' }).waitFor()
    assert.deepEqual(await cora.page.context().cookies(), [])
    const other = await cora.page.context().newPage()
    await other.goto(address)
    await other.getByLabel('Name').waitFor()
    untroubled(cora)
  })

  test('a message and an invite address are copied, though there is no clipboard for the page', async () => {
    const dora = await screens.open(address)
    await enter(dora, 'dora', 'register')
    await say(dora, '@dora', 'copy me')
    await sees(dora, 'copy me')
    await dora.page.evaluate(
      `document.addEventListener('copy', () => { window.copied = getSelection().toString() || document.activeElement.value })`,
    )
    await dora.page.locator('article[data-seq]').click({ button: 'right' })
    await dora.page.getByRole('menuitem', { name: 'Copy text' }).click()
    await dora.page.getByText('Copied.').waitFor()
    assert.equal(await dora.page.evaluate('window.copied'), 'copy me')
    await dora.page.locator('#composer').focus()
    await dora.page.keyboard.press('Control+v')
    assert.equal(await dora.page.locator('#composer').inputValue(), 'copy me')
    await dora.page.evaluate(`location.hash = '#/-invites'`)
    await dora.page.getByRole('button', { name: 'Copy', exact: true }).click()
    await dora.page.waitForFunction(`window.copied === '${address}'`)
    untroubled(dora)
  })
})
