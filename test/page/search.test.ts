// Searching in a real browser: words, beginnings and phrases, marked where they stand, and the way to the message.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { register } from '../../src/sdk/sdk.ts'
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
    await ann.page.getByLabel('Words in your messages').fill(q)
    await ann.page.waitForURL(({ hash }) => decodeURIComponent(hash) === `#/-search/${q}`)
    await ann.page.locator('.items[aria-busy=false]').waitFor({ state: 'attached' })
    assert.equal(await ann.page.locator('.hit').count(), hits, q)
    return ann.page.locator('.hit mark').allTextContents()
  }

  test('finds words, what begins so, and phrases, and marks them as they are written', async () => {
    await ann.page.getByRole('link', { name: 'Search messages' }).click()
    assert.deepEqual(await found('TEA', 2), ['tea', 'tea'])
    assert.deepEqual(await found('tea*', 2), ['tea', 'tea', 'teapots'])
    assert.deepEqual(await found('"green tea"', 1), ['Green tea'])
    assert.deepEqual(await found('緑茶', 1), ['緑茶'])
    await ann.page.locator('.hit', { hasText: '& <b>teapots</b>,' }).waitFor()
    await accessible(ann.page, 'search')
    assert.deepEqual(await found('zebra', 0), [])
    await ann.page.getByText('Nothing was found.').waitFor()
  })

  test('leads to the message, however old it is, and Back to what was found', async () => {
    await found('teapots', 1)
    await ann.page.locator('.hit').click()
    await ann.page.locator('.message-found', { hasText: 'teapots' }).waitFor()
    await ann.page.goBack()
    await ann.page.locator('.hit', { hasText: 'teapots' }).waitFor()
    assert.equal(await ann.page.getByLabel('Words in your messages').inputValue(), 'teapots')
    untroubled(ann)
  })
})
