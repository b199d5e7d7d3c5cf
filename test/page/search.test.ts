// Searching in a real browser: words, beginnings and phrases, marked where they stand, and the way to the message.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type FoundView, register } from '../../src/sdk/sdk.ts'
import { missing } from '../support/debian.ts'
import { startV1, type V1Server } from '../v1/support.ts'
import { accessible } from './accessible.ts'
import { enter, type Screens, startScreens, untroubled, type Window } from './browser.ts'

/** More than one page of a log, so that what is old is not on the screen. */
const messages = 150

describe('searching', { skip: missing('chromium') }, () => {
  let server: V1Server
  let screens: Screens
  let ann: Window

  before(async () => {
    server = await startV1()
    screens = await startScreens()
    await using ben = await register({ server: server.url, name: 'ben', password: 'a good password' })
    await server.person('ann')
    await ben.send('@ann', 'Green tea & <b>teapots</b>, 東京の緑茶')
    await Promise.all(Array.from({ length: messages }, (_, at) => ben.send('@ann', `number ${at}`)))
    await ben.send('@ann', 'The tea is green')
    ann = await screens.open(server.url)
    await enter(ann, 'ann', 'sign in', 'a good password')
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  /** What is marked in what was found, the newest first, once so much was found. */
  const found = async (q: string, hits: number): Promise<string[]> => {
    await ann.page.getByLabel('Search your messages').fill(q)
    await ann.page.waitForURL(({ hash }) => decodeURIComponent(hash) === `#/-search/${q.trimEnd()}`)
    await ann.page.locator('.items[aria-busy=false]').waitFor({ state: 'attached' })
    assert.equal(await ann.page.locator('.hit').count(), hits, q)
    return ann.page.locator('.hit mark').allTextContents()
  }

  test('finds words, what begins so, and phrases, and marks them as they are written', async () => {
    await ann.page.getByRole('link', { name: 'Search messages' }).click()
    assert.deepEqual(await found('TEA', 2), ['tea', 'tea', 'teapots'])
    assert.deepEqual(await found('gre', 2), ['green', 'Green'])
    assert.deepEqual(await found('"green te', 1), ['Green tea'])
    assert.deepEqual(await found('TEA ', 2), ['tea', 'tea'])
    assert.deepEqual(await found('tea*', 2), ['tea', 'tea', 'teapots'])
    assert.deepEqual(await found('"green tea"', 1), ['Green tea'])
    assert.deepEqual(await found('緑茶', 1), ['緑茶'])
    await ann.page.locator('.hit', { hasText: '& <b>teapots</b>,' }).waitFor()
    await accessible(ann.page, 'search')
    assert.deepEqual(await found('zebra', 0), [])
    await ann.page.getByText('No results.').waitFor()
  })

  test('leads to the message, however old it is, and Back to what was found', async () => {
    await found('teapots', 1)
    await ann.page.locator('.hit').click()
    await ann.page.locator('.message-found', { hasText: 'teapots' }).waitFor()
    await ann.page.goBack()
    await ann.page.locator('.hit', { hasText: 'teapots' }).waitFor()
    assert.equal(await ann.page.getByLabel('Search your messages').inputValue(), 'teapots')
    untroubled(ann)
  })

  test('says so while the newest messages are not in the index, and searches again', async () => {
    const { page } = ann
    let isLagging = true
    await page.route('**/v1/search?**', async route => {
      const answer = await route.fetch()
      const view = (await answer.json()) as FoundView
      await route.fulfill({ response: answer, json: isLagging ? { ...view, indexedUpTo: 3 } : view })
    })
    const lagging = page.getByText("The newest messages aren't searchable yet.")
    await found('number', 20)
    await lagging.waitFor()
    await accessible(page, 'a search that lags')
    isLagging = false
    await page.getByRole('button', { name: 'Search again' }).click()
    await lagging.waitFor({ state: 'detached' })
    assert.equal(await page.locator('.hit').count(), 20)
    await page.unroute('**/v1/search?**')
  })
})
