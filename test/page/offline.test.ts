// The page without its server: it opens, shows what was loaded, takes what is written and sends it later, once. And what is
// kept for that in the browser goes when it has to: nobody else finds it there.
import assert from 'node:assert/strict'
import { cpSync, rmSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { BrowserContext } from 'playwright-core'
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
import { countOf, nothingKept, signOut, workerReady } from './deeds.ts'

/** The paths of what is in the browser's caches. */
const lookForCached = `(async () => {
  const caching = await Promise.all((await caches.keys()).map(async key => (await caches.open(key)).keys()))
  return caching.flat().map(({ url }) => new URL(url).pathname)
})()`

/** What the copy holds, as text; empty where there is none. */
const readCopy = `(async () => {
  if (!(await indexedDB.databases()).some(({ name }) => name === 'hullo')) return ''
  const open = indexedDB.open('hullo')
  const database = await new Promise(resolve => { open.onsuccess = () => resolve(open.result) })
  const all = database.transaction('conversations').objectStore('conversations').getAll()
  await new Promise(resolve => { all.onsuccess = resolve })
  database.close()
  return JSON.stringify(all.result)
})()`

const textsIn = async ({ page }: Window) => {
  const texts = await page.locator('article[data-seq] .bubble-text, article[data-seq]').allInnerTexts()
  return texts.join('\n')
}

/** Resolves when a log in the copy holds, or with `not` nothing in it holds, a text. */
async function copied(window: Window, text: string, not = false) {
  const holds = `(await ${readCopy}).split(${not ? "''" : `'"lines":'`}).slice(1).join('').includes(${JSON.stringify(text)})`
  await becomes(window, `(async () => ${holds} !== ${not})()`)
}

function linesWith(copy: string, address: string): (string | undefined)[] {
  type Copy = { view: { address: string }; log: { lines: { text?: string }[] } }[]
  const found = (JSON.parse(copy) as Copy).find(({ view }) => view.address === address)
  return (found?.log.lines ?? []).map(({ text }) => text)
}

describe('without its server', { skip: missing('chromium'), concurrency: false }, () => {
  const folder = temporaryFolder()
  let server: RunningServer
  let screens: Screens
  let address: string
  let ann: Window
  let ben: Me

  const stop = () => server.stop()
  const startAgain = async () => {
    server = await startHullo(['--port', String(server.port)], folder.dir)
  }

  before(async () => {
    server = await startHullo([], folder.dir)
    address = `http://localhost:${server.port}/`
    screens = await startScreens()
    await server.register('Ben', 'builder')
    ben = await signIn({ server: address, name: 'Ben', password: 'builder' })
    ann = await screens.open(address)
    await enter(ann, 'Ann', 'register')
    await workerReady(ann.page)
  })
  after(async () => {
    await ben.close()
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  test('it opens, shows what was loaded and what was begun, and sends what is written when the server is back', async () => {
    for (const text of ['first', 'to be edited', 'to be erased', 'last']) await ben.send('@Ann', text)
    await ann.page.getByRole('link', { name: /Ben.*unread/ }).click()
    await sees(ann, 'last')
    await copied(ann, 'last')
    await ann.page.locator('#composer').fill('a draft')
    await stop()

    await ann.page.reload()
    await sees(ann, 'last')
    assert.match(await textsIn(ann), /first[^]*to be edited[^]*to be erased[^]*last/)
    assert.equal(await ann.page.locator('#composer').inputValue(), 'a draft')
    await say(ann, '@Ben', 'written without a server')
    await ann.page.getByTitle('Sending').waitFor()
    await ann.page.getByText('Not connected.').waitFor()
    await ann.page.reload()
    await ann.page.getByTitle('Sending').waitFor()

    await startAgain()
    await sees(ann, 'written without a server')
    await ben.send('@Ann', 'and the answer')
    await sees(ann, 'and the answer')
    assert.equal(await countOf(ann, 'written without a server'), 1)
    assert.equal(await countOf(ann, 'last'), 1)
  })

  test('what was changed meanwhile is changed, what was erased is gone, also from the copy, and nothing is missing', async () => {
    await copied(ann, 'and the answer')
    await ann.page.goto('about:blank')
    const { entries } = await ben.conversations.history((await ben.conversations.list()).conversations[0]?.id ?? 0)
    const seqOf = (text: string) => entries.find(entry => entry.text === text)?.seq ?? 0
    await ben.edit(seqOf('to be edited'), 'as it should be')
    await ben.erase(seqOf('to be erased'))
    // More than a page, so that what was missed does not come with the list alone.
    for (let count = 1; count <= 150; count += 1) await ben.send('@Ann', `missed ${count}.`)
    await ann.page.goto(`${address}#/@Ben`)
    await sees(ann, 'missed 150.')
    await ann.page.locator('.log').focus()
    await ann.page.keyboard.press('Home')
    await sees(ann, 'as it should be')
    await copied(ann, 'missed 150.')
    const copy = await ann.page.evaluate<string>(readCopy)
    assert.ok(!copy.includes('to be erased') && !copy.includes('first'), 'the copy has a bound, and no erased text')
    const lines = linesWith(copy, '@Ben')
    const expected = Array.from({ length: lines.length }, (_, index) => `missed ${151 - lines.length + index}.`)
    assert.deepEqual(lines, expected)
    assert.equal(lines.length, 120)
  })

  test('a spell without a network loses and doubles nothing', async () => {
    await ann.page.context().setOffline(true)
    await say(ann, '@Ben', 'from the tunnel')
    await ben.send('@Ann', 'into the tunnel')
    await ann.page.getByTitle('Sending').waitFor()
    await ann.page.context().setOffline(false)
    await sees(ann, 'from the tunnel')
    await sees(ann, 'into the tunnel')
    assert.equal(await countOf(ann, 'from the tunnel'), 1)
    assert.equal(await countOf(ann, 'into the tunnel'), 1)
  })

  test('a conversation that was never opened shows what is written in it, and itself when the network is back', async () => {
    await using dora = await register({ server: address, name: 'Dora', password: 'builder' })
    await dora.send('@Ann', 'read me later')
    await ann.page.getByRole('link', { name: /Dora.*1 unread/ }).waitFor()
    await ann.page.context().setOffline(true)
    await say(ann, '@Dora', 'from the cellar')
    await ann.page.getByText('The messages could not be loaded.').waitFor()
    await ann.page.getByTitle('Sending').waitFor()
    await ann.page.context().setOffline(false)
    await sees(ann, 'read me later')
    await sees(ann, 'from the cellar')
    assert.equal(await countOf(ann, 'from the cellar'), 1)
    await say(ann, '@Ben', 'back again')
    await sees(ann, 'back again')
  })

  test('a log that was rolled back takes what it lost out of the copy too', async () => {
    await copied(ann, 'into the tunnel')
    await stop()
    using backup = temporaryFolder()
    cpSync(folder.dir, backup.dir, { recursive: true })
    await startAgain()
    await ben.send('@Ann', 'never backed up')
    await sees(ann, 'never backed up')
    await copied(ann, 'never backed up')
    await ann.page.goto('about:blank')
    await stop()
    rmSync(folder.dir, { recursive: true })
    cpSync(backup.dir, folder.dir, { recursive: true })
    await startAgain()
    await ben.send('@Ann', 'after the backup')
    await ann.page.goto(`${address}#/@Ben`)
    await sees(ann, 'after the backup')
    await sees(ann, 'into the tunnel')
    await copied(ann, 'never backed up', true)
    assert.equal(await countOf(ann, 'never backed up'), 0)
  })

  test('only the page’s own files are in the caches: nothing of the API', async () => {
    const cached = await ann.page.evaluate<string[]>(lookForCached)
    assert.ok(cached.includes('/') && cached.includes('/manifest.webmanifest'))
    for (const path of cached) assert.match(path, /^\/(page\/[\w.-]+|[\w-]+\.(png|svg|webmanifest))?$/)
  })

  test('signing out leaves nothing of the account in the browser, whatever other tabs hold', async () => {
    const second = await ann.page.context().newPage()
    await second.goto(address)
    await enter({ page: second, trouble: ann.trouble }, 'Ann', 'sign in')
    await say(ann, '@Ben', 'a secret')
    await sees(ann, 'a secret')
    await ann.page.locator('#composer').fill('a draft')
    await signOut(ann)
    await second.close()
    await nothingKept(ann)
  })

  test('who comes after somebody who only closed the tab finds nothing either', async () => {
    const context = ann.page.context()
    await enter(ann, 'Ann', 'sign in')
    await ann.page.getByRole('link', { name: /Ben/ }).click()
    await sees(ann, 'a secret')
    await copied(ann, 'a secret')
    const next = await nextTab(context, ann)
    await nothingKept(next)
    await enter(next, 'Cora', 'register')
    await say(next, '@Cora', 'a note')
    await copied(next, 'a note')
    assert.ok(!(await next.page.evaluate<string>(readCopy)).includes('a secret'))
  })

  test('nothing went wrong that a lost connection does not explain', () => {
    ann.trouble.splice(0, ann.trouble.length, ...ann.trouble.filter(isNoLostConnection))
    untroubled(ann)
  })

  async function nextTab(context: BrowserContext, closing: Window): Promise<Window> {
    await closing.page.close()
    const page = await context.newPage()
    await page.goto(address)
    await page.getByLabel('Name').waitFor()
    return { page, trouble: closing.trouble }
  }
})
