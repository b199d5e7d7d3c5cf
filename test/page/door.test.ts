// The door, as somebody meets it who has never seen it: signing in and making an account are one step apart.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { becomes, type Screens, startScreens, untroubled } from './browser.ts'

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
})
