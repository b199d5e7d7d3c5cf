// Two tabs of one browser with one account in both: what is written in one stands in the other once, what is begun is one
// draft, what is read is read, and when the one that keeps the copy is closed the other goes on with it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Me, register, signIn } from '../../src/sdk/sdk.ts'
import { type RunningServer, startHullo, temporaryFolder } from '../lab-http/server.ts'
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

/** What the copy in the browser holds, as text. */
const copy = `(async () => {
  const open = indexedDB.open('hullo')
  const database = await new Promise(resolve => { open.onsuccess = () => resolve(open.result) })
  const all = database.transaction('conversations').objectStore('conversations').getAll()
  await new Promise(resolve => { all.onsuccess = resolve })
  database.close()
  return JSON.stringify(all.result)
})()`

describe('two tabs of one browser', { skip: missing('chromium'), concurrency: false }, () => {
  const folder = temporaryFolder()
  let server: RunningServer
  let screens: Screens
  let address: string
  let first: Window
  let second: Window
  let ben: Me

  before(async () => {
    server = await startHullo([], folder.dir)
    address = `http://localhost:${server.port}/`
    screens = await startScreens()
    ben = await register({ server: address, name: 'Ben', password: 'builder' })
    first = await screens.open(address)
    await enter(first, 'Ann', 'register')
    const page = await first.page.context().newPage()
    await page.goto(address)
    second = { page, trouble: first.trouble }
    await enter(second, 'Ann', 'sign in')
    for (const tab of [first, second]) await tab.page.evaluate("location.hash = '#/@Ben'")
  })
  after(async () => {
    await ben.close()
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  const countOf = ({ page }: Window, text: string) => page.locator('article', { hasText: text }).count()
  const field = ({ page }: Window) => page.locator('#composer')

  test('what is written in one stands in both once, also the same words from elsewhere at the same time', async () => {
    await say(first, '@Ben', 'from the first')
    await sees(second, 'from the first')
    // From a third place: who wrote them into both tabs at once would be two people at one draft.
    await using elsewhere = await signIn({ server: address, name: 'Ann', password: 'builder' })
    await Promise.all([say(first, '@Ben', 'the same words'), elsewhere.send('@Ben', 'the same words')])
    for (const tab of [first, second]) {
      await tab.page.locator('article[data-seq]', { hasText: 'the same words' }).nth(1).waitFor()
      await becomes(tab, `document.querySelectorAll('article:not([data-seq])').length === 0`)
      assert.equal(await countOf(tab, 'the same words'), 2)
      assert.equal(await countOf(tab, 'from the first'), 1)
    }
  })

  test('what is begun in one is begun in both, and once it is sent in neither', async () => {
    await field(first).fill('half a thought')
    await becomes(second, `document.querySelector('#composer').value === 'half a thought'`)
    await field(second).fill('half a thought, and the rest')
    await becomes(first, `document.querySelector('#composer').value === 'half a thought, and the rest'`)
    await field(second).press('Enter')
    await sees(first, 'half a thought, and the rest')
    await becomes(first, `document.querySelector('#composer').value === ''`)
    await second.page.reload()
    await sees(second, 'half a thought, and the rest')
    assert.equal(await field(second).inputValue(), '')
  })

  test('what is read in one is read in the other', async () => {
    for (const tab of [first, second]) await tab.page.evaluate("location.hash = '#/'")
    await ben.send('@Ann', 'to be read once')
    for (const { page } of [first, second]) await page.getByRole('link', { name: /Ben.*1 unread/ }).waitFor()
    await second.page.getByRole('link', { name: /Ben/ }).click()
    await sees(second, 'to be read once')
    await first.page.locator('.row-unread').waitFor({ state: 'detached' })
    await becomes(first, `!/^\\(/.test(document.title)`)
  })

  test('what waits for the server in one is sent once, though both know of it', async () => {
    await first.page.evaluate("location.hash = '#/@Ben'")
    await sees(first, 'to be read once')
    const { port } = server
    await server.stop()
    await say(first, '@Ben', 'without a server')
    await first.page.getByTitle('Sending').waitFor()
    await second.page.reload()
    await second.page.getByTitle('Sending').waitFor()
    server = await startHullo(['--port', String(port)], folder.dir)
    for (const tab of [first, second]) {
      await sees(tab, 'without a server')
      await becomes(tab, `document.querySelectorAll('article:not([data-seq])').length === 0`)
      assert.equal(await countOf(tab, 'without a server'), 1)
    }
    const [conversation] = (await ben.conversations.list()).conversations
    const { entries } = await ben.conversations.history(conversation?.id ?? 0)
    assert.equal(entries.filter(({ text }) => text === 'without a server').length, 1)
    await becomes(first, `!JSON.stringify({ ...localStorage }).includes('without a server')`)
  })

  test('when one is closed the other keeps the copy', async () => {
    await first.page.close()
    await ben.send('@Ann', 'after the first tab')
    await sees(second, 'after the first tab')
    await becomes(second, `${copy}.then(text => text.includes('after the first tab'))`)
    await server.stop()
    await second.page.reload()
    await sees(second, 'after the first tab')
    untroubled({ page: second.page, trouble: second.trouble.filter(isNoLostConnection) })
  })
})
