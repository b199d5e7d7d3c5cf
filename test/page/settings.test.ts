// Settings and invites in a real browser: sessions, the password, presence, the theme, letting others in, and the end of
// an account.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { signIn } from '../../src/sdk/sdk.ts'
import { missing } from '../support/debian.ts'
import { startV1, type V1Server } from '../v1/support.ts'
import { accessible } from './accessible.ts'
import { becomes, enter, knock, type Screens, startScreens, untroubledButRefused, type Window } from './browser.ts'
import { button } from './deeds.ts'

describe('settings and invites', { skip: missing('chromium') }, () => {
  let server: V1Server
  let screens: Screens
  let ann: Window

  before(async () => {
    server = await startV1(['--registration', 'invite'])
    screens = await startScreens()
    const [link] = await server.program.printed(/http\S+#invite=[\w-]+/)
    // The door stands already when the link is opened.
    ann = await screens.open(server.url)
    await ann.page.goto(link)
    await ann.page.getByText('You are invited.').waitFor()
    await knock(ann, 'ann', 'first password')
    await ann.page.getByRole('link', { name: 'Settings' }).click()
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  const elsewhere = (label: string, password: string) => signIn({ server: server.url, name: 'ann', password, label })

  test('another sign-in is listed and ended; this one is marked', async () => {
    await using other = await elsewhere('old laptop', 'first password')
    await ann.page.reload()
    const sessions = ann.page.getByRole('list', { name: 'Signed in' })
    await sessions.getByRole('listitem').filter({ hasText: 'This one' }).getByText('Chrome, Linux').waitFor()
    await accessible(ann.page, 'settings')
    await button(ann, 'End old laptop').click()
    await button(ann, 'End old laptop').waitFor({ state: 'detached' })
    await assert.rejects(other.own.view(), { code: 'signed-out' })
  })

  test('a wrong password is said at its field; the right one changes it and ends all other sessions', async () => {
    await using other = await elsewhere('phone', 'first password')
    const current = ann.page.getByLabel('Present password')
    await current.fill('not this')
    await ann.page.getByLabel('New password').fill('second password')
    await button(ann, 'Change password').click()
    await ann.page.getByText('The password is not the right one.').waitFor()
    assert.equal(await ann.page.getByLabel('New password').inputValue(), 'second password')
    assert.equal(await current.getAttribute('autocomplete'), 'current-password')
    await current.fill('first password')
    await button(ann, 'Change password').click()
    await ann.page.getByText('The password is changed, and all other sessions have ended.').waitFor()
    assert.equal(await current.inputValue(), '')
    await assert.rejects(other.own.view(), { code: 'signed-out' })
    await (await elsewhere('again', 'second password')).close()
  })

  test('presence is kept by the server, the theme by the browser', async () => {
    const shown = ann.page.getByLabel('Show that I am here')
    await shown.and(ann.page.locator(':checked:enabled')).waitFor()
    await shown.uncheck()
    await ann.page.getByLabel('Dark').check()
    await shown.and(ann.page.locator(':enabled:not(:checked)')).waitFor()
    await ann.page.reload()
    await shown.and(ann.page.locator(':enabled:not(:checked)')).waitFor()
    assert.equal(await ann.page.locator('html').getAttribute('data-theme'), 'dark')
    await ann.page.getByLabel('System').check()
    assert.equal(await ann.page.locator('html').getAttribute('data-theme'), null)
  })

  test('an admin makes an invite link that fills the form of whoever opens it, and withdraws another', async () => {
    await ann.page.getByRole('region', { name: 'Settings' }).getByRole('link', { name: 'Invite people' }).click()
    await button(ann, 'Make invite link').click()
    const link = ann.page.locator('.invite-made .pass-on-link')
    const first = (await link.textContent()) ?? ''
    await ann.page.getByRole('img', { name: 'QR code of the invite link' }).waitFor()
    await becomes(ann, `document.querySelector('.invite-made').getBoundingClientRect().bottom <= innerHeight`)
    await accessible(ann.page, 'invites')
    const ben = await screens.open(first)
    assert.equal(
      await ben.page.getByLabel('Invite link or code').inputValue(),
      new URL(first).hash.replace('#invite=', ''),
    )
    await knock(ben, 'ben', 'a good password')
    await ben.page.getByRole('link', { name: 'Invite people' }).click()
    await ben.page.getByRole('img', { name: 'QR code of the address' }).waitFor()
    assert.equal(await button(ben, 'Make invite link').count(), 0, 'only admins make them')
    await button(ann, 'Make invite link').click()
    await link.and(ann.page.locator(`:not([href="${first}"])`)).waitFor()
    const second = (await link.textContent()) ?? ''
    await button(ann, 'Withdraw').first().click()
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click()
    await ann.page.getByText('No invite is open.').waitFor()
    const cleo = await screens.open(second)
    await knock(cleo, 'cleo', 'a good password')
    await cleo.page.getByText('This invite does not exist, has expired, or has been used.').waitFor()
    untroubledButRefused(ben, cleo)
  })

  test('signing out leaves nothing of messages and drafts; deleting asks for the password, and the name is gone', async () => {
    const { page } = ann
    await page.evaluate("location.hash = '#/@ben'")
    await page.locator('#composer').fill('half a thought')
    const kept = () => page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')
    await becomes(ann, "JSON.stringify({ ...localStorage }).includes('half a thought')")
    await page.evaluate("location.hash = '#/-settings'")
    await button(ann, 'Sign out').click()
    await page.getByLabel('Password', { exact: true }).waitFor()
    assert.equal(await kept(), '[{},{}]')
    await enter(ann, 'ann', 'sign in', 'second password')
    await page.evaluate("location.hash = '#/-settings'")
    await button(ann, 'Delete account').click()
    await page.getByLabel('Your password, to confirm').fill('wrong')
    await button(ann, 'Delete for good').click()
    await page.getByText('The password is not the right one.').waitFor()
    await accessible(page, 'deleting')
    await page.getByLabel('Your password, to confirm').fill('second password')
    await button(ann, 'Delete for good').click()
    await page.getByText('Your account is deleted.').waitFor()
    await assert.rejects(elsewhere('again', 'second password'), { code: 'sign-in-failed' })
    untroubledButRefused(ann)
  })
})
