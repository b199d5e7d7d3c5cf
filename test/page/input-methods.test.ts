// Somebody who writes with an input method: the keys that choose and drop words there mean nothing to the page. The keys
// are Chromium's own events, as Safari sends them: `keyCode` 229 after the composition has ended.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { CDPSession } from 'playwright-core'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { becomes, enter, say, type Screens, sees, startScreens, untroubled, type Window } from './browser.ts'
import { button, field, go } from './deeds.ts'

describe('with an input method', { skip: missing('chromium'), concurrency: false }, () => {
  let server: RunningServer
  let screens: Screens
  let ann: Window
  let keys: CDPSession

  before(async () => {
    server = await startHullo()
    screens = await startScreens()
    ann = await screens.open(`http://localhost:${server.port}/`)
    keys = await ann.page.context().newCDPSession(ann.page)
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  /** A key that an input method has handled; resolves once the page has had time to answer it. */
  async function composed(key: 'Enter' | 'Escape' | 'Tab' | 'ArrowUp' | 'ArrowDown') {
    // With a text a form would be submitted; a text field would get a line break, which no input method passes on.
    const isInput = await ann.page.evaluate<boolean>('document.activeElement instanceof HTMLInputElement')
    const text = key === 'Enter' && isInput ? { text: '\r', unmodifiedText: '\r' } : {}
    const type = key === 'Enter' && !isInput ? 'rawKeyDown' : 'keyDown'
    await keys.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: 229, ...text })
    await keys.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key, windowsVirtualKeyCode: 229 })
    await ann.page.evaluate('new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))')
  }

  test('the sign-in form is not sent by the Enter that chooses a word', async () => {
    await button(ann, 'Create account').click()
    await ann.page.getByLabel('Name').fill('あん')
    await ann.page.getByLabel('Password', { exact: true }).fill('builder')
    await ann.page.getByLabel('Name').focus()
    await composed('Enter')
    assert.equal(await ann.page.getByLabel('Name').inputValue(), 'あん')
    await ann.page.reload()
    keys = await ann.page.context().newCDPSession(ann.page)
    await enter(ann, 'あん', 'register')
  })

  test('the field does not send, edit or leave; the next Enter sends', async () => {
    await say(ann, '@あん', '一')
    await sees(ann, '一')
    await field(ann).focus()
    await composed('ArrowUp')
    assert.equal(await field(ann).inputValue(), '')
    await field(ann).fill('日本')
    await composed('Enter')
    assert.equal(await ann.page.locator('article', { hasText: '日本' }).count(), 0)
    await field(ann).press('Enter')
    await sees(ann, '日本')
  })

  test('a composition that is under way is left alone', async () => {
    await field(ann).fill('')
    await keys.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
    await composed('Enter')
    await becomes(ann, `document.querySelector('#composer').value === 'にほん'`)
    await keys.send('Input.insertText', { text: '日本語' })
    await field(ann).press('Enter')
    await sees(ann, '日本語')
  })

  test('an edit is not saved or cancelled', async () => {
    await field(ann).press('ArrowUp')
    await ann.page.getByText('Editing your message').waitFor()
    await field(ann).fill('日本語だ')
    await composed('Enter')
    await composed('Escape')
    await ann.page.getByText('Editing your message').waitFor()
    assert.equal(await field(ann).inputValue(), '日本語だ')
    await field(ann).press('Escape')
    await ann.page.getByText('Editing your message').waitFor({ state: 'detached' })
  })

  test('the switcher stays, with its choice', async () => {
    await ann.page.keyboard.press('Control+k')
    const switcher = ann.page.getByRole('combobox')
    await switcher.fill('あ')
    await ann.page.getByRole('option').first().waitFor()
    const was = await switcher.getAttribute('aria-activedescendant')
    for (const key of ['ArrowDown', 'Enter', 'Escape'] as const) await composed(key)
    assert.equal(await switcher.getAttribute('aria-activedescendant'), was)
    assert.equal(await switcher.isVisible(), true)
    await ann.page.keyboard.press('Escape')
    await switcher.waitFor({ state: 'detached' })
  })

  test('views, panels, menus and what is begun in them are not left, and no form is sent', async () => {
    await go(ann, '#/-search')
    await ann.page.getByRole('searchbox').focus()
    await composed('Escape')
    assert.match(ann.page.url(), /#\/-search$/)
    await go(ann, '#/-new-room')
    await ann.page.getByLabel('Name of the room').fill('部屋')
    await composed('Enter')
    assert.match(ann.page.url(), /#\/-new-room$/)
    await ann.page.keyboard.press('Enter')
    await becomes(ann, `decodeURIComponent(location.hash) === '#/部屋'`)
    await go(ann, '#/部屋/-members')
    await button(ann, 'Edit topic').click()
    await ann.page.getByLabel('Topic', { exact: true }).fill('話')
    await composed('Enter')
    await composed('Escape')
    assert.equal(await ann.page.getByLabel('Topic', { exact: true }).inputValue(), '話')
    await ann.page.getByLabel('Topic', { exact: true }).press('Enter')
    await ann.page.locator('.topic-text', { hasText: '話' }).waitFor()
  })

  test('nothing went wrong meanwhile', () => untroubled(ann))
})
