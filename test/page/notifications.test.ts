// Notifications, where `new Notification` throws, as on Android: the worker shows them, once for all tabs, and none for what
// a tab that has the focus shows.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Me, register } from '../../src/sdk/sdk.ts'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { enter, type Screens, startScreens, untroubled, type Window } from './browser.ts'
import { lookAway, lookBack, row, workerReady } from './deeds.ts'

describe('notifications', { skip: missing('chromium'), concurrency: false }, () => {
  let server: RunningServer
  let screens: Screens
  let ann: Window
  let ben: Me

  before(async () => {
    server = await startHullo()
    screens = await startScreens()
    const address = `http://localhost:${server.port}/`
    ann = await screens.open(address)
    await enter(ann, 'Ann', 'register')
    await workerReady(ann.page)
    await ann.page.context().grantPermissions(['notifications'])
    ben = await register({ server: address, name: 'Ben', password: 'builder' })
  })
  after(async () => {
    await ben.close()
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test('come through the worker, each heard, and only while nobody looks', async () => {
    await ben.send('@Ann', 'while she looks')
    await row(ann, 'Ben').waitFor()
    const notices = await lookAway(ann)
    await ben.send('@Ann', 'first')
    assert.deepEqual(await notices(1), ['Ben: first'])
    await ben.send('@Ann', 'second')
    assert.deepEqual(await notices(2), ['Ben: first', 'Ben: second'])
    await lookBack(ann)
    untroubled(ann)
  })
})
