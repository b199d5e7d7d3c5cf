// What the page says and leaves: of somebody who is blocked, of a network that is gone, of when somebody was seen, and of
// where one was when one signs out.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { register } from '../../src/sdk/sdk.ts'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import {
  becomes,
  enter,
  isNoLostConnection,
  say,
  type Screens,
  sees,
  startScreens,
  untroubled,
  type Window,
} from './browser.ts'
import { accessible } from './accessible.ts'
import { button, confirmed, field, go, picture, signOut } from './deeds.ts'

describe('on the page', { skip: missing('chromium'), concurrency: false }, () => {
  let server: RunningServer
  let screens: Screens
  let ann: Window
  let address: string

  before(async () => {
    server = await startHullo()
    screens = await startScreens()
    address = `http://localhost:${server.port}/`
    ann = await screens.open('about:blank')
    await ann.page.clock.install()
    await ann.page.goto(address)
    await enter(ann, 'Ann', 'register')
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test('"last seen" ages while it is shown', async () => {
    const ben = await register({ server: address, name: 'Ben', password: 'builder' })
    const feed = ben.messages()
    await ben.live()
    await ben.send('@Ann', 'hello')
    await go(ann, '#/@Ben')
    await sees(ann, 'hello')
    await feed[Symbol.asyncDispose]()
    await ben.close()
    await ann.page.locator('.pane-sub', { hasText: 'last seen a moment ago' }).waitFor()
    await ann.page.clock.fastForward('05:00')
    await ann.page.locator('.pane-sub', { hasText: 'last seen 5 minutes ago' }).waitFor()
  })

  test('in the place of the field it is said that somebody is blocked, with the way back', async () => {
    await field(ann).fill('a draft')
    await go(ann, '#/@Ben/-person')
    await button(ann, 'Block').click()
    await confirmed(ann, 'Block')
    const bottom = ann.page.locator('.composer-blocked')
    await bottom.getByText('You blocked Ben. Neither of you can message the other.').waitFor()
    assert.equal(await field(ann).count(), 0)
    await accessible(ann.page, 'a conversation with somebody who is blocked')
    await picture(ann, 'blocked')
    await ann.page.reload()
    await bottom.getByRole('button', { name: 'Unblock' }).click()
    await becomes(ann, `document.querySelector('#composer')?.value === 'a draft'`)
    await field(ann).fill('')
  })

  test('a network that is gone is told of at once, before a lost connection would be', async () => {
    // Time stands still: what only waits would never be said.
    await ann.page.clock.pauseAt(Date.now() + 600_000)
    await ann.page.context().setOffline(true)
    await ann.page.getByText('Not connected.').waitFor()
    await ann.page.clock.resume()
    await ann.page.context().setOffline(false)
    await ann.page.getByText('Not connected.').waitFor({ state: 'detached' })
  })

  test('signing out leaves no route behind', async () => {
    await say(ann, '@Ann', 'a note')
    await sees(ann, 'a note')
    await signOut(ann)
    await becomes(ann, `location.hash === '#/' || location.hash === ''`)
    ann.trouble.splice(0, ann.trouble.length, ...ann.trouble.filter(isNoLostConnection))
    untroubled(ann)
  })
})
