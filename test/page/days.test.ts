// Which day it was and is, by the reader's own clock: marks between days, over a year's end, where it is another day than for
// the server, and on a page that stays open past midnight.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type RunningServer, startHullo, temporaryFolder } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { becomes, enter, type Screens, sees, startScreens, untroubled, type Window } from './browser.ts'
import { fillPast } from './past.ts'

/** Two o'clock in the morning of January the 2nd 2025 in Greenwich: still the 1st in New York, late morning in Auckland. */
const now = Date.UTC(2025, 0, 2, 2)

const said = [
  { by: 1, text: 'of another year', atMs: Date.UTC(2023, 11, 24, 12) },
  { by: 0, text: 'of the autumn', atMs: Date.UTC(2024, 9, 3, 12) },
  { by: 1, text: 'before New Year', atMs: Date.UTC(2024, 11, 31, 23, 59) },
  { by: 0, text: 'after New Year', atMs: Date.UTC(2025, 0, 1, 0, 1) },
  { by: 1, text: 'at dinner', atMs: Date.UTC(2025, 0, 1, 18) },
  { by: 0, text: 'half an hour ago', atMs: now - 1_800_000 },
] as const

/** Marks and messages as they stand, from above. */
const stands = `Array.from(document.querySelectorAll('.mark-day, article[data-seq] .bubble-text'), one =>
  (one.matches('.mark-day') ? '# ' : '') + one.textContent)`

describe('days', { skip: missing('chromium'), concurrency: false }, () => {
  const folder = temporaryFolder()
  let server: RunningServer
  let screens: Screens

  before(async () => {
    await fillPast(folder.dir, ['Ann', 'Ben'], said)
    server = await startHullo([], folder.dir)
    screens = await startScreens()
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  /** Ann's window in a place of the world, at that time. */
  async function annIn(timezoneId: string, locale = 'en-GB'): Promise<Window> {
    const window = await screens.open('about:blank', { timezoneId, locale })
    await window.page.clock.install({ time: now })
    await window.page.goto(`http://127.0.0.1:${server.port}/`)
    await enter(window, 'Ann', 'sign in')
    await window.page.evaluate("location.hash = '#/@Ben'")
    await sees(window, 'half an hour ago')
    await sees(window, 'of another year')
    return window
  }

  test('a mark stands above the first message of each day, with the year where it is another', async () => {
    const ann = await annIn('UTC')
    assert.deepEqual(await ann.page.evaluate(stands), [
      '# 24 December 2023',
      'of another year',
      '# 3 October 2024',
      'of the autumn',
      '# Tuesday',
      'before New Year',
      '# Yesterday',
      'after New Year',
      'at dinner',
      '# Today',
      'half an hour ago',
    ])
    assert.equal(await ann.page.locator('.row-time').textContent(), '1:30')
    untroubled(ann)
  })

  test('the same messages lie in other days of somebody in New York, and of somebody in Auckland', async () => {
    const west = await annIn('America/New_York', 'en-US')
    assert.deepEqual((await west.page.evaluate<string[]>(stands)).slice(4), [
      '# Yesterday',
      'before New Year',
      'after New Year',
      '# Today',
      'at dinner',
      'half an hour ago',
    ])
    const east = await annIn('Pacific/Auckland', 'en-NZ')
    assert.deepEqual((await east.page.evaluate<string[]>(stands)).slice(4), [
      '# Yesterday',
      'before New Year',
      'after New Year',
      '# Today',
      'at dinner',
      'half an hour ago',
    ])
    untroubled(west, east)
  })

  test('at midnight what was today is yesterday, on a page that nobody touched', async () => {
    const ann = await annIn('Asia/Kolkata')
    const marks = () => ann.page.locator('.mark-day').allTextContents()
    assert.deepEqual((await marks()).slice(-2), ['Yesterday', 'Today'])
    assert.equal(await ann.page.locator('.row-time').textContent(), '7:00')
    // Half past seven in the morning there: until shortly before midnight nothing changes.
    await ann.page.clock.fastForward('16:29:00')
    assert.deepEqual((await marks()).slice(-2), ['Yesterday', 'Today'])
    await ann.page.clock.fastForward('02:00')
    await becomes(ann, `[...document.querySelectorAll('.mark-day')].at(-1).textContent === 'Yesterday'`)
    assert.deepEqual((await marks()).slice(-2), ['Wednesday', 'Yesterday'])
    assert.equal(await ann.page.locator('.row-time').textContent(), 'Yesterday')
  })
})
