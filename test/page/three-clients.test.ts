// Three people with three clients: one at the lab's, one in a browser, one in a terminal. Each writes to each.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type LabClient, labClient, parseAddress } from 'hullo/lab/client'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { type Seat, sitDown } from '../tui/people.ts'
import { enter, say, type Screens, sees, startScreens, untroubled, type Window } from './browser.ts'

const bounds = { connectMs: 30_000, answerMs: 30_000, waitingMsMax: 30_000, inboxBytesMax: 2 ** 20 }

describe('one log, three clients', { skip: missing('chromium'), concurrency: false }, () => {
  let server: RunningServer
  let screens: Screens
  let lab: LabClient
  let page: Window
  let seat: Seat

  before(async () => {
    server = await startHullo()
    screens = await startScreens()
    const address = parseAddress(`127.0.0.1:${server.port}`)
    assert.ok(typeof address !== 'string')
    lab = labClient(address, { bounds })
    assert.deepEqual(await lab.register('Lena', 'secret'), { ok: true })
    page = await screens.open(`http://127.0.0.1:${server.port}/`)
    await enter(page, 'Bea', 'register')
    seat = await sitDown(`http://127.0.0.1:${server.port}`)
    await seat.screen.until('connected')
  })
  after(async () => {
    await seat[Symbol.asyncDispose]()
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  /** What Lena gets, as `sender: message`. */
  async function lenas(): Promise<string[]> {
    const lines: string[] = []
    const received = await lab.getMessages('Lena', ({ sender, message }) => void lines.push(`${sender}: ${message}`))
    assert.ok(received.ok)
    return lines
  }

  test('the lab’s client and the browser', async () => {
    assert.deepEqual(await lab.sendMessage('Lena', 'Bea', 'From the lab — grüße 👋'), { ok: true })
    await page.page.getByRole('link', { name: /Lena.*1 unread/ }).click()
    await sees(page, 'From the lab — grüße 👋')
    await say(page, '@Lena', 'From the page — 你好')
    await sees(page, 'From the page — 你好')
    assert.deepEqual(await lenas(), ['Bea: From the page — 你好'])
  })

  test('the browser and the terminal', async () => {
    await say(page, `@${seat.name}`, 'From the page to the terminal')
    await seat.screen.until('From the page to the terminal')
    seat.screen.type(`/msg Bea\r`)
    await seat.screen.until('Write to @Bea')
    seat.screen.type('From the terminal to the page\r')
    await sees(page, 'From the terminal to the page')
  })

  test('the terminal and the lab’s client', async () => {
    seat.screen.type(`/msg Lena\r`)
    await seat.screen.until('Write to @Lena')
    seat.screen.type('From the terminal to the lab\r')
    await seat.screen.until('From the terminal to the lab  ✓')
    assert.deepEqual((await lenas()).at(-1), `${seat.name}: From the terminal to the lab`)
    assert.deepEqual(await lab.sendMessage('Lena', seat.name, 'From the lab to the terminal'), { ok: true })
    await seat.screen.until('From the lab to the terminal')
    untroubled(page)
  })
})
