// What the page has not seen yet is never said to be nothing: the list of conversations is held back, refused or kept
// wrongly, and the page neither calls a conversation new nor hides what was said in it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Route } from 'playwright-core'
import { type Me, signIn } from '../../src/sdk/sdk.ts'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { becomes, enter, say, type Screens, sees, startScreens, type Window, write } from './browser.ts'
import { go } from './deeds.ts'

const beginning = 'This is where it begins.'
const nothingYet = 'Nothing here yet. Say hello!'
const isList = (url: URL) => url.pathname === '/v1/conversations'

/** Holds back every request of that path until `release`; `asked` resolves with the first. */
async function holdBack({ page }: Window, matches: (url: URL) => boolean) {
  const asked = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const hold = async (route: Route) => {
    asked.resolve()
    await released.promise
    await route.continue().catch(() => {})
  }
  await page.route(matches, hold)
  return {
    asked: asked.promise,
    release: async () => {
      released.resolve()
      await page.unroute(matches, hold)
    },
  }
}

const shows = async ({ page }: Window, text: string) => (await page.getByText(text).count()) > 0

async function saysNothingOfTheBeginning(window: Window) {
  assert.equal(await shows(window, beginning), false)
  assert.equal(await shows(window, nothingYet), false)
}

const sees3 = async (window: Window) => {
  for (const text of ['one', 'two', 'three']) await sees(window, text)
}

describe('what is not known yet', { skip: missing('chromium'), concurrency: false }, () => {
  let server: RunningServer
  let screens: Screens
  let address: string
  let count = 0

  before(async () => {
    server = await startHullo()
    address = `http://localhost:${server.port}/`
    screens = await startScreens()
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  /** A window of somebody to whom somebody else has written three messages; neither is known to other tests. */
  async function pair(): Promise<{ window: Window; other: Me; to: `@${string}` } & AsyncDisposable> {
    count += 1
    const [name, otherName] = [`Ann${count}`, `Ben${count}`]
    for (const one of [name, otherName]) await server.register(one, 'builder')
    const other = await signIn({ server: address, name: otherName, password: 'builder' })
    for (const text of ['one', 'two', 'three']) await other.send(`@${name}`, text)
    const window = await screens.open(address)
    await enter(window, name, 'sign in')
    await window.page.getByRole('link', { name: new RegExp(`${otherName}.*3 unread`) }).waitFor()
    return {
      window,
      other,
      to: `@${otherName}`,
      async [Symbol.asyncDispose]() {
        await window.page.context().close()
        await other.close()
      },
    }
  }

  /** Forgets the copy and opens the page anew at a conversation, as from a bookmark. */
  async function openByAddress({ page }: Window, to: string) {
    await page.goto(`${address}icon.svg`)
    await page.evaluate(`new Promise(resolve => { indexedDB.deleteDatabase('hullo').onsuccess = () => resolve() })`)
    await page.goto(`${address}#/${to}`)
  }

  test('sent before the list of conversations has come, a message does not hide what was said before it', async () => {
    await using people = await pair()
    const { window, to } = people
    const list = await holdBack(window, isList)
    await openByAddress(window, to)
    await list.asked
    await window.page.getByText('Loading').first().waitFor()
    await saysNothingOfTheBeginning(window)
    await write(window, 'four')
    await sees3(window)
    await sees(window, 'four')
    await list.release()
    await window.page.reload()
    await sees3(window)
    await sees(window, 'four')
  })

  test('Esc before the list has come does not make a conversation empty', async () => {
    await using people = await pair()
    const { window, to } = people
    const list = await holdBack(window, isList)
    await openByAddress(window, to)
    await list.asked
    await window.page.locator('#composer').press('Escape')
    await saysNothingOfTheBeginning(window)
    await list.release()
    await sees3(window)
  })

  test('a live stream that does not open does not make a conversation empty', async () => {
    await using people = await pair()
    const { window, to } = people
    const opened = Promise.withResolvers<void>()
    // It opens and never says anything: the page waits for a hello, then takes the event stream.
    await window.page.routeWebSocket(/\/v1\//, () => opened.resolve())
    await openByAddress(window, to)
    await opened.promise
    await write(window, 'four')
    await window.page.locator('article', { hasText: 'four' }).waitFor()
    await saysNothingOfTheBeginning(window)
    await sees3(window)
    await sees(window, 'four')
  })

  test('a list that is refused is asked for again, and nothing is said to be empty until it has come', async () => {
    await using people = await pair()
    const { window, to } = people
    let refusals = 0
    const refuse = async (route: Route) => {
      refusals += 1
      await route.fulfill({ status: 502, contentType: 'text/html', body: '<p>Bad gateway</p>' })
    }
    await window.page.route(isList, refuse)
    await openByAddress(window, to)
    await window.page.getByText('The messages could not be loaded.').waitFor()
    await saysNothingOfTheBeginning(window)
    assert.equal(await shows(window, 'No conversations yet'), false)
    await window.page.getByText('The conversations could not be loaded.').waitFor()
    await window.page.unroute(isList, refuse)
    assert.ok(refusals > 0)
    await window.page.getByRole('button', { name: 'Try again' }).first().click()
    await sees3(window)
  })

  test('a room of which it is not known whether one is in it is not called one that one is not in', async () => {
    await using people = await pair()
    const { window, other } = people
    const room = await other.rooms.create({ name: `club${count}` })
    await other.rooms.invite(room.id, `Ann${count}`)
    await other.send(`#club${count}`, 'in the club')
    const list = await holdBack(window, isList)
    await openByAddress(window, `club${count}`)
    await list.asked
    await saysNothingOfTheBeginning(window)
    assert.equal(await window.page.locator('.not-in').count(), 0)
    await list.release()
    await sees(window, 'in the club')
  })

  test('a copy that 0.4 kept wrongly is not believed', async () => {
    await using people = await pair()
    const { window, to, other } = people
    await say(window, to, 'four')
    await sees(window, 'four')
    const { conversations } = await other.conversations.list()
    const { entries } = await other.conversations.history(conversations[0]?.id ?? 0)
    await becomes(window, `(${copyOf}).then(({ meta }) => meta !== undefined)`)
    await window.page.goto(`${address}icon.svg`)
    await window.page.evaluate(spoil({ lines: entries.slice(-1), hasStart: true }))
    await window.page.goto(`${address}#/${to}`)
    await sees3(window)
    await sees(window, 'four')
  })

  test('nobody is said to be blocked or hidden before that is known', async () => {
    await using people = await pair()
    const { window, to } = people
    const blocks = await holdBack(window, url => url.pathname === '/v1/blocks')
    const presence = await holdBack(window, url => url.pathname.startsWith('/v1/presence/'))
    await go(window, '#/-settings')
    await blocks.asked
    await window.page.getByRole('heading', { name: 'People you block' }).waitFor()
    assert.equal(await shows(window, 'You block nobody.'), false)
    await openByAddress(window, `${to}/-person`)
    await presence.asked
    await window.page.locator('.panel-face').waitFor()
    assert.equal(await window.page.getByRole('button', { name: 'Block', exact: true }).count(), 0)
    assert.equal(await shows(window, 'Whether this person is here is not shown.'), false)
    await blocks.release()
    await presence.release()
    await window.page.getByRole('button', { name: 'Block', exact: true }).waitFor()
    await go(window, '#/-settings')
    await window.page.getByText('You block nobody.').waitFor()
  })

  test('a list of blocked people that does not come is not an empty one', async () => {
    await using people = await pair()
    const { window } = people
    await window.page.route(
      url => url.pathname === '/v1/blocks',
      route => route.fulfill({ status: 502, contentType: 'text/html', body: '<p>Bad gateway</p>' }),
    )
    await go(window, '#/-settings')
    const part = window.page
      .locator('div', { has: window.page.locator('> h3', { hasText: 'People you block' }) })
      .last()
    await part.getByRole('button', { name: 'Try again' }).waitFor()
    assert.equal(await shows(window, 'You block nobody.'), false)
    await window.page.unrouteAll()
    await part.getByRole('button', { name: 'Try again' }).click()
    await window.page.getByText('You block nobody.').waitFor()
  })

  test('a setting that did not come is neither on nor off', async () => {
    await using people = await pair()
    const { window } = people
    await window.page.route(
      url => url.pathname === '/v1/me/presence',
      route => route.fulfill({ status: 502, contentType: 'text/html', body: '<p>Bad gateway</p>' }),
    )
    await go(window, '#/-settings')
    await window.page.getByRole('button', { name: 'Try again' }).waitFor()
    assert.equal(await window.page.evaluate(`document.querySelector('input[type=checkbox]').indeterminate`), true)
    await window.page.unrouteAll()
    await window.page.getByRole('button', { name: 'Try again' }).click()
    await window.page.getByRole('checkbox', { name: /Show that I am here/, checked: true }).waitFor()
  })

  test('nobody of a name is not said before the server has answered', async () => {
    await using people = await pair()
    const { window } = people
    const found = await holdBack(window, url => url.pathname === '/v1/people')
    await window.page.keyboard.press('Control+k')
    await window.page.locator('.switcher-field').fill('zzz')
    await found.asked
    assert.equal(await shows(window, 'No matches.'), false)
    await found.release()
    await window.page.getByText('No matches.').waitFor()
  })
})

/** The meta of the copy and its conversations. */
const copyOf = `(async () => {
  if (!(await indexedDB.databases()).some(({ name }) => name === 'hullo')) return {}
  const database = await new Promise(resolve => {
    const open = indexedDB.open('hullo')
    open.onsuccess = () => resolve(open.result)
  })
  const transaction = database.transaction(['meta', 'conversations'])
  const all = request => new Promise(resolve => { request.onsuccess = () => resolve(request.result) })
  const meta = await all(transaction.objectStore('meta').get('meta'))
  const conversations = await all(transaction.objectStore('conversations').getAll())
  database.close()
  return { meta, conversations }
})()`

/** Puts a copy in the place of the one that is there, in the format of 0.4, with that log for each conversation. */
function spoil(log: object): string {
  return `(async () => {
    const { meta, conversations } = await ${copyOf}
    await new Promise(resolve => { indexedDB.deleteDatabase('hullo').onsuccess = resolve })
    const open = indexedDB.open('hullo', 1)
    open.onupgradeneeded = () => {
      open.result.createObjectStore('meta')
      open.result.createObjectStore('conversations')
    }
    const database = await new Promise(resolve => { open.onsuccess = () => resolve(open.result) })
    const transaction = database.transaction(['meta', 'conversations'], 'readwrite')
    for (const { view } of conversations) {
      transaction.objectStore('conversations').put({ view, log: ${JSON.stringify(log)} }, view.id)
    }
    transaction.objectStore('meta').put(meta, 'meta')
    await new Promise(resolve => { transaction.oncomplete = resolve })
    database.close()
  })()`
}
