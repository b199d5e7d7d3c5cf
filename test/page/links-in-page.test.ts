// Links into this server move in place: no tab opens, nothing is loaded anew, and Back leads back to where the link was.
// All others open a tab.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { becomes, enter, say, type Screens, sees, startScreens, untroubled, type Window } from './browser.ts'
import { message } from './deeds.ts'

describe('links into this server', { skip: missing('chromium'), concurrency: false }, () => {
  let server: RunningServer
  let screens: Screens
  let ann: Window
  let address: string

  before(async () => {
    server = await startHullo()
    screens = await startScreens()
    address = `http://localhost:${server.port}/`
    ann = await screens.open(address)
    await enter(ann, 'Ann', 'register')
    await say(ann, '@Ann', 'the first note')
    await sees(ann, 'the first note')
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test('to a message, a view and the page itself move in place, and Back comes back', async () => {
    const seq = await ann.page.locator('article[data-seq]').first().getAttribute('data-seq')
    await ann.page.evaluate('window.isSamePage = true')
    for (const [nth, hash] of [`#/@Ann/${seq}`, '#/-settings', '#/', ''].entries()) {
      await say(ann, '@Ann', `see ${address}${hash} there ${nth}.`)
      const link = message(ann, `there ${nth}.`).getByRole('link')
      assert.equal(await link.getAttribute('target'), null)
      await link.click()
      await becomes(ann, `location.hash === ${JSON.stringify(hash || '#/')}`)
      await ann.page.goBack()
      await becomes(ann, `location.hash === '#/@Ann'`)
    }
    assert.equal(await ann.page.evaluate('window.isSamePage'), true)
    assert.equal(ann.page.context().pages().length, 1)
  })

  test('to other pages of the server, another port or another host they open a tab', async () => {
    for (const url of [
      `${address}v1/docs`,
      `${address}?x#/`,
      'http://localhost:1/#/',
      'example.com',
      'a@example.com',
    ]) {
      await say(ann, '@Ann', `away ${url}`)
      const link = message(ann, `away ${url}`).getByRole('link')
      assert.equal(await link.getAttribute('target'), '_blank', url)
    }
    untroubled(ann)
  })
})
