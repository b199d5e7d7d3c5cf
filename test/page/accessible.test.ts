// axe finds nothing that WCAG 2.2 AA forbids: on every view of the page, in light and in dark, on a phone and on a desk. The
// views are those of the page's own table, so that a new one is looked at without a word here.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import axe from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { register, signIn, type Me } from '../../src/sdk/sdk.ts'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { becomes, enter, namesOf, type Screens, startScreens, untroubled, type Window } from './browser.ts'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const desk = { viewport: { width: 1280, height: 800 } }
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }

/** Each size and each of the two themes once: what differs by theme are colours, what differs by size is what is shown. */
const looks: Readonly<Record<string, BrowserContextOptions>> = {
  'on a desk, light': { ...desk, colorScheme: 'light' },
  'on a desk, dark': { ...desk, colorScheme: 'dark' },
  'on a phone, light': { ...phone, colorScheme: 'light' },
  'on a phone, dark': { ...phone, colorScheme: 'dark' },
}

interface Finding {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

/** What axe has to say of what is on the screen now. */
async function findings(page: Page): Promise<string[]> {
  // What fades in is half transparent for a moment, which is no matter of contrast.
  await page.evaluate('Promise.allSettled(document.getAnimations().map(one => one.finished))')
  const options = { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }
  const found = await page.evaluate<Finding[]>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  )
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`))
}

describe('axe finds nothing', { skip: missing('chromium'), concurrency: false }, () => {
  let server: RunningServer
  let screens: Screens
  let address: string

  before(async () => {
    server = await startHullo()
    address = `http://127.0.0.1:${server.port}/`
    screens = await startScreens()
    await stage(address)
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  for (const [look, options] of Object.entries(looks)) {
    test(look, async () => {
      const window = await screens.open(address, options)
      const { page } = window
      // The page's own policy lets no script in but its own: this one comes by the browser's tools.
      await page.evaluate(axe.source)
      const wrong: string[] = []
      const check = async (where: string) => wrong.push(...(await findings(page)).map(one => `${where}: ${one}`))
      await check('the door')
      await page.getByRole('button', { name: 'Create account' }).click()
      await check('the door, for somebody new')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await enter(window, 'Ann', 'sign in')
      await page.getByRole('link', { name: /Ben/ }).waitFor()
      await check('the list')
      for (const [where, hash] of Object.entries(places())) {
        await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
        await settled(window)
        await check(where)
      }
      await openMenu(page)
      await check('the menu of a message')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').waitFor()
      await check('going by name')
      await page.keyboard.press('Escape')
      assert.deepEqual(wrong, [])
      await page.evaluate(`document.querySelector('h1').append(Object.assign(new Image(), { src: './icon.svg' }))`)
      await check('an image that says nothing')
      assert.match(wrong.join(), /^an image that says nothing: image-alt/, 'axe looks')
      untroubled(window)
    })
  }
})

/** Everything that an address leads to; the conversation that ends it has messages of both sides. */
function places(): Record<string, string> {
  const found: Record<string, string> = {
    'a room': '#/team',
    'nobody yet': '#/@Nobody',
    'not there': '#/-no-such-view',
  }
  for (const name of namesOf('views')) found[`view ${name}`] = `#/-${name}`
  for (const name of namesOf('panels')) {
    found[`panel ${name} of a room`] = `#/team/-${name}`
    found[`panel ${name} of a person`] = `#/@Ben/-${name}`
  }
  return { ...found, 'a conversation': '#/@Ben' }
}

/** Resolves when what was opened is there: its part of the page, and what it asked the server for. */
async function settled(window: Window) {
  await window.page.waitForLoadState('networkidle')
  await becomes(window, `document.querySelector('[aria-busy=true]') === null`)
}

async function openMenu(page: Page) {
  await page.locator('article[data-seq]').first().waitFor()
  await page.getByRole('region', { name: 'Messages' }).focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.getByRole('menu').waitFor()
}

/** Ann's world: people, a room with a topic, what is unread, edited, erased, long, hostile, and from right to left. */
async function stage(server: string) {
  await using ann: Me = await register({ server, name: 'Ann', password: 'builder' })
  await using ben: Me = await register({ server, name: 'Ben', password: 'builder' })
  const room = await ann.rooms.create({ name: 'team', topic: 'What we do next', history: 'all' })
  await ann.rooms.invite(room.id, 'Ben')
  await ben.send('#team', 'Good morning!')
  const { seq } = await ann.send('#team', 'Morning. See https://example.org/plan')
  await ann.edit(seq, 'Good morning. See https://example.org/the-plan')
  const { seq: wrong } = await ann.send('@Ben', 'to the wrong one')
  await ann.erase(wrong)
  await ann.send('@Ben', '🎉')
  await ben.send('@Ann', 'שלום, מה שלומך?')
  await ben.send('@Ann', `${'long'.repeat(200)} <b>not bold</b>`)
  await using cora = await register({ server, name: 'Cora', password: 'builder' })
  await cora.send('@Ann', 'Unread')
  await using again = await signIn({ server, name: 'Ann', password: 'builder', label: 'Another device' })
  await again.conversations.list()
}
