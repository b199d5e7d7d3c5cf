// The page behind a proxy that answers in its own name: a message that it blocks fails where it stands, the others go on,
// and what waits can be deleted. And an edit is not lost with the network or the page.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { blocking, isPost, Proxy } from '../support/proxy.ts'
import { accessible } from './accessible.ts'
import {
  becomes,
  enter,
  isNoLostConnection,
  say,
  type Screens,
  sees,
  startScreens,
  untroubledButRefused,
  type Window,
} from './browser.ts'
import { countOf } from './deeds.ts'

const field = ({ page }: Window) => page.locator('#composer')
const echo = ({ page }: Window, text: string) => page.locator('article:not([data-seq])', { hasText: text })
const button = (window: Window, text: string, name: string) =>
  echo(window, text).getByRole('button', { name, exact: true })

for (const [device, options] of Object.entries({
  'on a desktop': {},
  'on a phone': { viewport: { width: 390, height: 740 }, hasTouch: true, isMobile: true },
})) {
  describe(`the page behind a proxy ${device}`, { skip: missing('chromium'), concurrency: false }, () => {
    let server: RunningServer
    let proxy: Proxy
    let screens: Screens
    let ann: Window

    before(async () => {
      server = await startHullo()
      await server.register('Ben', 'builder')
      proxy = await Proxy.start(`http://127.0.0.1:${server.port}`)
      screens = await startScreens()
      ann = await screens.open(`${proxy.url}/`, options)
      await enter(ann, 'Ann', 'register')
    })
    after(async () => {
      await screens[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    })

    const blocked = (text: string) => echo(ann, text).getByRole('alert')

    for (const status of [413, 403]) {
      test(`a message that is answered with ${status} fails, those in this and other conversations are stored`, async () => {
        proxy.rule = blocking(status, 'unwelcome')
        await say(ann, '@Ben', `unwelcome ${status}`)
        await say(ann, '@Ben', `welcome ${status}`)
        await sees(ann, `welcome ${status}`)
        await blocked(`unwelcome ${status}`).getByText(`(HTTP ${status})`).waitFor()
        await say(ann, '@Ann', `a note ${status}`)
        await sees(ann, `a note ${status}`)
        await ann.page.evaluate("location.hash = '#/@Ben'")
        await accessible(ann.page, 'a message that failed')
      })
    }

    test('it is tried again once the proxy lets it pass, or deleted, or edited', async () => {
      await say(ann, '@Ben', 'unwelcome third')
      await blocked('unwelcome third').waitFor()
      await button(ann, 'unwelcome 403', 'Delete').click()
      await echo(ann, 'unwelcome 403').waitFor({ state: 'detached' })
      assert.equal(await field(ann).inputValue(), '')
      await field(ann).fill('begun')
      await button(ann, 'unwelcome third', 'Edit').click()
      await echo(ann, 'unwelcome third').waitFor({ state: 'detached' })
      assert.equal(await field(ann).inputValue(), 'unwelcome third\nbegun')
      await field(ann).fill('')
      proxy.rule = () => undefined
      await button(ann, 'unwelcome 413', 'Try again').click()
      await sees(ann, 'unwelcome 413')
      assert.equal(await countOf(ann, 'unwelcome 413'), 1)
    })

    test('a message that only waits is deleted, and is not sent when the way is free again', async () => {
      const gate = Promise.withResolvers<undefined>()
      proxy.rule = asked => (isPost(asked) ? gate.promise : undefined)
      await say(ann, '@Ben', 'first in line')
      await say(ann, '@Ben', 'said in anger')
      await say(ann, '@Ben', 'last in line')
      await echo(ann, 'said in anger').click({ button: 'right' })
      await ann.page.getByRole('menuitem', { name: 'Delete' }).click()
      await echo(ann, 'said in anger').waitFor({ state: 'detached' })
      gate.resolve(undefined)
      await sees(ann, 'last in line')
      assert.equal(await countOf(ann, 'said in anger'), 0)
      assert.ok(proxy.asked.every(({ body }) => !body.includes('said in anger')))
    })

    test('a message that is on its way when it is deleted is erased once it is stored', async () => {
      const gate = Promise.withResolvers<undefined>()
      proxy.rule = asked => (isPost(asked) ? gate.promise : undefined)
      await say(ann, '@Ben', 'too late')
      await echo(ann, 'too late').waitFor()
      await echo(ann, 'too late').click({ button: 'right' })
      await ann.page.getByRole('menuitem', { name: 'Delete' }).click()
      gate.resolve(undefined)
      await sees(ann, 'This message was erased')
      await echo(ann, 'too late').waitFor({ state: 'detached' })
      proxy.rule = () => undefined
    })

    test('an edit that a proxy blocks or the network loses stays in the field, over a reload too', async () => {
      await say(ann, '@Ben', 'dinner at sevn')
      await sees(ann, 'dinner at sevn')
      await say(ann, '@Ben', 'half a draft')
      await sees(ann, 'half a draft')
      await ann.page.locator('article[data-seq]', { hasText: 'dinner at sevn' }).click({ button: 'right' })
      await ann.page.getByRole('menuitem', { name: 'Edit' }).click()
      await field(ann).fill('dinner at seven')
      proxy.rule = ({ method }) => (method === 'PATCH' ? 403 : undefined)
      await ann.page.getByRole('button', { name: 'Save' }).click()
      await ann.page.getByRole('alert').getByText('Not saved. A proxy or firewall blocked this (HTTP 403).').waitFor()
      assert.equal(await field(ann).inputValue(), 'dinner at seven')
      await accessible(ann.page, 'an edit that is not saved')
      proxy.rule = ({ method }) => (method === 'PATCH' ? 'cut' : undefined)
      await field(ann).fill('dinner at seven sharp')
      await ann.page.getByRole('button', { name: 'Save' }).click()
      await ann.page.getByRole('alert').getByText('Not saved.').waitFor()
      await ann.page.evaluate("location.hash = '#/@Ann'")
      await becomes(ann, "document.querySelector('#composer')?.value === ''")
      await ann.page.evaluate("location.hash = '#/@Ben'")
      await becomes(ann, "document.querySelector('#composer')?.value === 'dinner at seven sharp'")
      await ann.page.reload()
      await becomes(ann, "document.querySelector('#composer')?.value === 'dinner at seven sharp'")
      await ann.page.getByText('Editing your message').waitFor()
      proxy.rule = () => undefined
      await ann.page.getByRole('button', { name: 'Save' }).click()
      await sees(ann, 'dinner at seven sharp')
      await ann.page.getByText('Editing your message').waitFor({ state: 'detached' })
    })

    test('a topic and a new room that are begun are there again after a reload, until they are saved', async () => {
      await ann.page.evaluate("location.hash = '#/-new-room'")
      await ann.page.getByLabel('Name of the room').fill('kitchen')
      await ann.page.getByLabel('Topic (may be empty)').fill('pots and pans')
      await ann.page.reload()
      await becomes(ann, "document.querySelector('input[name=topic]')?.value === 'pots and pans'")
      await ann.page.getByRole('button', { name: 'Create room' }).click()
      await ann.page.getByText('You made this room').waitFor()
      await ann.page.evaluate("location.hash = '#/kitchen/-members'")
      await ann.page.getByRole('button', { name: 'Edit topic' }).click()
      await ann.page.getByLabel('Topic', { exact: true }).fill('pots, pans and knives')
      await ann.page.reload()
      await becomes(ann, "document.querySelector('.pane-panel form input')?.value === 'pots, pans and knives'")
      await ann.page.locator('.pane-panel').getByRole('button', { name: 'Save' }).click()
      await ann.page.locator('.topic-text', { hasText: 'pots, pans and knives' }).waitFor()
      await ann.page.evaluate("location.hash = '#/-new-room'")
      await becomes(ann, "document.querySelector('input[name=topic]')?.value === ''")
    })

    test('signing out asks first while a message is not sent', async () => {
      proxy.rule = blocking(403, 'unwelcome')
      await say(ann, '@Ben', 'unwelcome last')
      await blocked('unwelcome last').waitFor()
      await ann.page.evaluate("location.hash = '#/-settings'")
      await ann.page.getByRole('button', { name: 'Sign out', exact: true }).click()
      const dialog = ann.page.getByRole('dialog')
      await dialog.getByText('1 message is not sent yet').waitFor()
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await dialog.waitFor({ state: 'detached' })
      await ann.page.getByRole('heading', { name: 'Settings' }).waitFor()
    })

    test('nothing went wrong that the proxy does not explain', () => {
      ann.trouble.splice(0, ann.trouble.length, ...ann.trouble.filter(isNoLostConnection))
      untroubledButRefused(ann)
    })
  })
}
