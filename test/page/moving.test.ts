// Going through the page by touch and by keys: the focus comes back to where one came from, Esc leaves what was opened, and
// an invite link says something to those who are signed in already.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from '../support/debian.ts'
import { startV1, type V1Server } from '../v1/support.ts'
import { accessible } from './accessible.ts'
import { enter, type Screens, say, sees, startScreens, untroubled, type Window } from './browser.ts'
import { link } from './deeds.ts'

describe('moving through the page', { skip: missing('chromium') }, () => {
  let server: V1Server
  let screens: Screens
  let phone: Window
  let desk: Window

  before(async () => {
    server = await startV1()
    screens = await startScreens()
    phone = await screens.open(server.url, { viewport: { width: 390, height: 844 } })
    desk = await screens.open(server.url)
    await enter(phone, 'ann', 'register')
    await enter(desk, 'ben', 'register')
    await say(desk, '@ann', 'hello')
    await sees(desk, 'hello')
    await phone.page.locator('.row').waitFor()
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  /** Resolves when it has the focus, which follows the picture by a frame. */
  const focused = ({ page }: Window, name: string, role: 'link' | 'heading' = 'link') =>
    page.getByRole(role, { name }).and(page.locator(':focus')).waitFor()

  test('on a phone, back from a view or a conversation is back at the link that led there', async () => {
    for (const name of ['Settings', 'Search messages']) {
      await link(phone, name).click()
      await focused(phone, name, 'heading')
      await link(phone, 'Back').click()
      await focused(phone, name)
    }
    await link(phone, 'Settings').click()
    await link(phone, 'Invite people').click()
    await focused(phone, 'Invite people', 'heading')
    await link(phone, 'Back').click()
    await focused(phone, 'Settings')
    await phone.page.locator('.row').click()
    await link(phone, 'About this person').click()
    await focused(phone, 'About this person', 'heading')
    await link(phone, 'Close details').click()
    await focused(phone, 'About this person')
    await link(phone, 'Back to conversations').click()
    await focused(phone, 'hello')
    untroubled(phone)
  })

  test('Esc leaves a view and a panel, but not a field that somebody has written into', async () => {
    const { page } = desk
    await link(desk, 'Search messages').click()
    const field = page.getByRole('searchbox')
    await field.fill('something')
    await field.press('Escape')
    assert.match(page.url(), /#\/-search/)
    await field.fill('')
    await field.press('Escape')
    await focused(desk, 'Search messages')
    await page.getByText('Choose a conversation, or start one.').waitFor()
    await accessible(page, 'nothing open')

    await page.locator('.row').click()
    await link(desk, 'About this person').click()
    const panel = page.locator('.pane-panel')
    await panel.getByRole('heading', { name: 'About this person' }).waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await focused(desk, 'About this person')
    untroubled(desk)
  })

  test('an invite link says to who is signed in what can be done with it', async () => {
    for (const { page } of [phone, desk]) {
      await page.evaluate(`location.hash = '#invite=some-invite'`)
      await page.getByText('This invite is for making another account.').waitFor()
      await accessible(page, 'invited already')
      await page.locator('.nothing').getByRole('link', { name: 'Back to conversations' }).click()
      await page.locator('.row').waitFor()
    }
    await desk.page.evaluate(`location.hash = '#invite=some-invite'`)
    await desk.page.getByRole('button', { name: 'Sign out and use the invite' }).click()
    await desk.page.getByText('You are invited.').waitFor()
    assert.equal(await desk.page.getByLabel('Invite link or code').inputValue(), 'some-invite')
    untroubled(phone, desk)
  })
})
