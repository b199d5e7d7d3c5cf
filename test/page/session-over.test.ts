// A session that ends by itself while one writes: the page asks to sign in again, and gives back what was written and not
// sent, to the same account alone. Where the page is plain HTTP nothing of it lies on the disk meanwhile.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Me, signIn } from '../../src/sdk/sdk.ts'
import { readPage } from '../../src/server/page.ts'
import { startInside } from '../lab-http/inside.ts'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { accessible } from './accessible.ts'
import {
  enter,
  isNoLostConnection,
  say,
  type Screens,
  sees,
  startScreens,
  untroubledButRefused,
  type Window,
} from './browser.ts'

const stored = ({ page }: Window) =>
  page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')
const field = ({ page }: Window) => page.locator('#composer')

test('on plain HTTP a session lasts for half a day after its last use', { skip: missing('chromium') }, async t => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const pass = (hours: number) => t.mock.timers.tick(hours * 3_600_000)
  const page = readPage(line => t.diagnostic(line))
  await using inside = await startInside({ publicUrl: new URL('http://hullo.test') }, store => store, page)
  await using screens = await startScreens(['--host-resolver-rules=MAP hullo.test 127.0.0.1'])
  const asked = async (host: string) => {
    const window = await screens.open(`http://${host}:${inside.port}/`)
    const signingIn = window.page.waitForRequest(request => request.url().endsWith('/v1/sessions'))
    await enter(window, host.slice(0, 5), 'register')
    const { expiresInSeconds } = (await signingIn).postDataJSON() as { expiresInSeconds?: number }
    return { window, expiresInSeconds }
  }
  assert.equal((await asked('localhost')).expiresInSeconds, undefined)
  const { window, expiresInSeconds } = await asked('hullo.test')
  assert.equal(expiresInSeconds, 12 * 3_600)
  for (const text of ['in the evening', 'in the morning']) {
    pass(11)
    await say(window, '@hullo', text)
    await sees(window, text)
  }
  await field(window).fill('half a thought')
  pass(12)
  // Only the answer to a question says so this soon: nobody has told the live connection yet.
  await window.page.evaluate("location.hash = '#/-settings'")
  await window.page.getByText('Your session has ended.').first().waitFor()
  await window.page.getByLabel('Password', { exact: true }).fill('builder')
  await window.page.locator('button[type=submit]').click()
  await window.page.getByRole('navigation', { name: 'Conversations' }).waitFor()
  await window.page.evaluate("location.hash = '#/@hullo'")
  await sees(window, 'in the morning')
  assert.equal(await field(window).inputValue(), 'half a thought')
  untroubledButRefused(window)
})

describe('a session that ends by itself', { skip: missing('chromium'), concurrency: false }, () => {
  let server: RunningServer
  let screens: Screens
  let ben: Me

  before(async () => {
    server = await startHullo(['--public-url', 'http://hullo.test'])
    screens = await startScreens(['--host-resolver-rules=MAP hullo.test 127.0.0.1'])
    await server.register('Ben', 'builder')
    ben = await signIn({ server: `http://127.0.0.1:${server.port}`, name: 'Ben', password: 'builder' })
  })
  after(async () => {
    await ben.close()
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  /** As somebody does from their phone, or the server when the time is over. */
  async function endSessionsOf(name: string): Promise<void> {
    const elsewhere = await signIn({ server: `http://127.0.0.1:${server.port}`, name, password: 'builder' })
    for (const { id, current } of await elsewhere.own.sessions()) if (!current) await elsewhere.own.endSession(id)
    await elsewhere.signOut()
  }

  /** Somebody at the door again, with a draft to Ben and a message to him that was never sent. */
  async function thrownOut(host: string, name: string): Promise<Window> {
    const window = await screens.open(`http://${host}:${server.port}/`)
    await enter(window, name, 'register')
    await say(window, '@Ben', `${name} was here`)
    await sees(window, `${name} was here`)
    await window.page.context().setOffline(true)
    await say(window, '@Ben', `${name} in a tunnel`)
    await window.page.getByTitle('Sending').waitFor()
    await field(window).fill(`${name} began`)
    await endSessionsOf(name)
    await window.page.context().setOffline(false)
    await window.page.getByText('Your session has ended.').waitFor()
    return window
  }

  function untroubled(...windows: readonly Window[]): void {
    for (const { trouble } of windows) trouble.splice(0, trouble.length, ...trouble.filter(isNoLostConnection))
    untroubledButRefused(...windows)
  }

  for (const [host, where] of [
    ['localhost', 'in a secure context'],
    ['hullo.test', 'on plain HTTP'],
  ] as const) {
    const prefix = host.slice(0, 2)

    test(`${where} the door knows who it was, and gives back what was written`, async () => {
      const name = `${prefix}-ann`
      const ann = await thrownOut(host, name)
      await ann.page.getByText('what you wrote and did not send is still here').waitFor()
      assert.equal(await ann.page.getByLabel('Name').inputValue(), name)
      assert.equal(await ann.page.evaluate('document.activeElement.name'), 'password')
      await accessible(ann.page, 'the door after a session')
      const isThere = (await stored(ann)).includes(`${name} began`)
      assert.equal(isThere, host === 'localhost', 'on plain HTTP it is nowhere but in the page')
      await ann.page.getByLabel('Password', { exact: true }).fill('builder')
      await ann.page.locator('button[type=submit]').click()
      await sees(ann, `${name} in a tunnel`)
      assert.equal(await field(ann).inputValue(), `${name} began`)
      const { conversations } = await ben.conversations.list()
      const { id = 0 } = conversations.find(({ address }) => address === `@${name}`) ?? {}
      const { entries } = await ben.conversations.history(id)
      assert.deepEqual(
        entries.map(({ text }) => text),
        [`${name} was here`, `${name} in a tunnel`],
      )
      untroubled(ann)
    })

    test(`${where} the next one who signs in finds nothing, and it is gone for good`, async () => {
      const name = `${prefix}-cora`
      const cora = await thrownOut(host, name)
      await enter(cora, 'Ben', 'sign in')
      await say(cora, '@Ben', 'Ben himself')
      await sees(cora, 'Ben himself')
      assert.ok(!(await stored(cora)).includes(name))
      await cora.page.evaluate("location.hash = '#/-settings'")
      await cora.page.getByRole('button', { name: 'Sign out' }).click()
      await cora.page.getByLabel('Name').waitFor()
      assert.equal(await cora.page.getByLabel('Name').inputValue(), '', 'who signs out leaves no name')
      await enter(cora, name, 'sign in')
      await say(cora, '@Ben', 'back')
      await sees(cora, 'back')
      assert.equal(await cora.page.locator('article', { hasText: 'in a tunnel' }).count(), 0)
      assert.equal(await field(cora).inputValue(), '')
      untroubled(cora)
    })
  }

  test('on plain HTTP a page that is loaded anew at the door has forgotten all of it', async () => {
    const dora = await thrownOut('hullo.test', 'dora')
    await dora.page.reload()
    await dora.page.getByLabel('Name').waitFor()
    assert.equal(await dora.page.getByLabel('Name').inputValue(), '')
    await enter(dora, 'dora', 'sign in')
    await say(dora, '@Ben', 'back')
    await sees(dora, 'back')
    assert.equal(await dora.page.locator('article', { hasText: 'in a tunnel' }).count(), 0)
    untroubled(dora)
  })

  test('on plain HTTP a draft goes with its tab, and no other tab can read it', async () => {
    const emma = await screens.open(`http://hullo.test:${server.port}/`)
    await enter(emma, 'emma', 'register')
    await emma.page.evaluate("location.hash = '#/@Ben'")
    await field(emma).fill('emma began')
    await emma.page.reload()
    await field(emma).waitFor()
    assert.equal(await field(emma).inputValue(), 'emma began')
    const other = await emma.page.context().newPage()
    await other.goto(emma.page.url())
    await other.getByLabel('Name').waitFor()
    assert.equal(await stored({ page: other, trouble: [] }), '[{},{}]')
    untroubled(emma)
  })
})
