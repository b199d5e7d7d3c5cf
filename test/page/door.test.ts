// The sign-in page, as somebody meets it who has never seen it: signing in and making an account are one step apart, and
// where an invite is needed it says so first.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { startV1 } from '../v1/support.ts'
import { accessible } from './accessible.ts'
import { becomes, type Screens, startScreens, untroubled, untroubledButRefused } from './browser.ts'
import { button } from './deeds.ts'

describe('the door', { skip: missing('chromium') }, () => {
  let server: RunningServer
  let screens: Screens

  before(async () => {
    server = await startHullo()
    screens = await startScreens()
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test('who typed a name into the form for signing in has it in the one for a new account, without the password', async () => {
    const window = await screens.open(`http://127.0.0.1:${server.port}/`)
    const { page } = window
    const [name, password] = [page.getByLabel('Name'), page.getByLabel('Password', { exact: true })]
    await name.fill('Carol Müller')
    await password.fill('secret')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.locator('[autocomplete=new-password]').waitFor()
    assert.deepEqual([await name.inputValue(), await password.inputValue()], ['Carol Müller', ''])
    // There the next thing is to be typed.
    await becomes(window, "document.activeElement.name === 'password'")
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator('[autocomplete=current-password]').waitFor()
    assert.equal(await name.inputValue(), 'Carol Müller')

    await page.getByRole('button', { name: 'Create account' }).click()
    await password.fill('secret')
    await page.locator('button[type=submit]').click()
    await page.locator('.list-me').waitFor()
    // A name of a usual length stands whole beside the buttons.
    const widths = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.list-me')].map(one => one.scrollWidth - one.clientWidth)",
    )
    assert.deepEqual(widths, [0])
    untroubled(window)
  })

  test('where an invite is needed the form asks for it first, and takes the link or the code', async () => {
    await using strict = await startV1(['--registration', 'invite'])
    const [, link = ''] = await strict.program.printed(/^ {2}invite {3}(http\S+\/#invite=[\w-]{43})$/m)
    const window = await screens.open(strict.url)
    const { page } = window
    await button(window, 'Create account').click()
    await page.getByText('You need an invite link. Ask whoever runs this server.').waitFor()
    await becomes(window, "document.activeElement.name === 'invite'")
    await accessible(page, 'an invite is needed')
    await page.getByLabel('Name').fill('dora')
    await page.getByLabel('Password', { exact: true }).fill('a good password')
    await page.getByLabel('Invite link or code').fill(`${link.slice(0, -1)}?`)
    await page.locator('button[type=submit]').click()
    await page.locator('.field-error', { hasText: 'This invite does not exist' }).waitFor()
    await becomes(window, "document.activeElement.name === 'invite'")
    await page.getByLabel('Invite link or code').fill(` ${link}\n`)
    await page.locator('button[type=submit]').click()
    await page.locator('.list-me', { hasText: 'dora' }).waitFor()
    const { token } = await strict.signIn('dora', 'a good password')
    const made = (await strict.call('POST', '/v1/invites', { token, json: {} })).json as { invite: string }
    const other = await screens.open(strict.url)
    await button(other, 'Create account').click()
    await other.page.getByLabel('Invite link or code').fill(made.invite)
    await other.page.getByLabel('Name').fill('!DORA')
    await other.page.getByLabel('Password', { exact: true }).fill('a good password')
    await other.page.locator('button[type=submit]').click()
    await other.page.locator('.field-error', { hasText: 'Name must begin with a letter' }).waitFor()
    await other.page.getByLabel('Name').fill('DORA')
    await other.page.locator('button[type=submit]').click()
    await other.page.locator('.field-error', { hasText: 'The name "dora" is taken.' }).waitFor()
    untroubledButRefused(window, other)
  })

  test('where nobody can make an account there is no form for it', async () => {
    await using strict = await startV1(['--registration', 'closed'])
    const window = await screens.open(strict.url)
    await becomes(window, "!document.body.textContent.includes('Create account')")
    await window.page.goto(`${strict.url}/#invite=abc`)
    await window.page.getByText("This server isn't accepting new accounts.").waitFor()
    assert.equal(await window.page.getByLabel('Password', { exact: true }).count(), 0)
    await button(window, 'Sign in').click()
    await window.page.getByLabel('Password', { exact: true }).waitFor()
    untroubled(window)
  })
})
