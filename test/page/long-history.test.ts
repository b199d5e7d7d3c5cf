// Ten thousand messages of two people, read back to the first and forth to the newest: only what is near is drawn, what one
// reads stays where it is while more is loaded, every message is there once, and the page does not grow with the way.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { signIn } from '../../src/sdk/sdk.ts'
import { type RunningServer, startHullo, temporaryFolder } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { enter, type Screens, sees, startScreens, untroubled, type Window } from './browser.ts'
import { fillPast, type Said } from './past.ts'

const messageCount = 10_000

/** Rows of the log that may stand in the page at once: what is seen, and 1,500 px above and below it, in whole blocks. */
const rowsMax = 400

/** Tall, so that the way is short, and narrow, so that a frame costs little; two steps overlap in what is drawn. */
const viewport = { width: 480, height: 1_700 }
const stepPx = 2_600

/** Memory that the way through all of it may leave behind. The ten thousand themselves are about two million. */
const heapGrowthBytesMax = 16_000_000

/** One walk through the log, in steps. */
interface Walk {
  readonly steps: number
  readonly rowsMost: number
  /** Seqs whose row was drawn at some time. */
  readonly seen: number
  /** Where two rows stood beside one another that do not follow one another, and rows that say something else. */
  readonly wrong: readonly string[]
  /** Steps at which what was in sight moved otherwise than by the step. */
  readonly strays: readonly number[]
}

/** Some of more lines than one, so that no two pages are of one height. */
const said: readonly Said[] = Array.from({ length: messageCount }, (_, index) => ({
  by: index % 5 < 2 ? 0 : 1,
  text: `line ${index + 1}.${index % 23 === 0 ? ' and more of it'.repeat(12) : ''}`,
  atMs: Date.UTC(2026, 0, 1) + Math.floor(index / 50) * 3_600_000,
}))

const walk = (px: number, until: string) => `(async () => {
  const log = document.querySelector('.log')
  // Behind the frame's own work: what has been drawn by then is what is seen.
  const frame = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
  const seen = new Set(), wrong = [], strays = []
  let rowsMost = 0, steps = 0
  const look = () => {
    const rows = [...log.querySelectorAll('article[data-seq]')]
    const seqs = rows.map(row => Number(row.dataset.seq))
    rowsMost = Math.max(rowsMost, rows.length)
    seqs.forEach((seq, at) => {
      seen.add(seq)
      if (at > 0 && seq !== seqs[at - 1] + 1) wrong.push(seqs[at - 1] + ' stands before ' + seq)
      const text = rows[at].querySelector('.bubble-text').textContent
      if (!text.startsWith('line ' + seq + '.')) wrong.push(seq + ' says ' + text)
    })
    return rows
  }
  for (const end = Date.now() + 300000; Date.now() < end; steps += 1) {
    const rows = look()
    if (${until}) return { steps, rowsMost, seen: seen.size, wrong, strays }
    const { top, bottom } = log.getBoundingClientRect()
    const row = rows.find(one => one.getBoundingClientRect().bottom > ${px < 0 ? 'top + 300' : 'bottom - 300'})
    // A step is longer than what is drawn beyond the edge: the rest comes in the next frame.
    if (row === undefined) {
      await frame()
      continue
    }
    const before = row.getBoundingClientRect().top
    const from = log.scrollTop
    log.scrollTop += ${px}
    const expected = before - (log.scrollTop - from)
    // Each is right in the next frame; a busy machine gets some more, in which a page may come.
    for (let frames = 0; frames < 4; frames += 1) {
      await frame()
      if (Math.abs(row.getBoundingClientRect().top - expected) <= 2) break
      if (frames === 3) strays.push(steps)
    }
  }
  throw new Error('still on the way at ' + log.scrollTop + ' of ' + log.scrollHeight)
})()`

describe('a history of ten thousand messages', { skip: missing('chromium'), concurrency: false }, () => {
  const folder = temporaryFolder()
  let server: RunningServer
  let screens: Screens
  let address: string
  let ann: Window

  before(async () => {
    await fillPast(folder.dir, ['Ann', 'Ben'], said)
    server = await startHullo([], folder.dir)
    address = `http://127.0.0.1:${server.port}/`
    screens = await startScreens()
    ann = await screens.open(address, { viewport })
    await enter(ann, 'Ann', 'sign in')
    await ann.page.evaluate("location.hash = '#/@Ben'")
    await sees(ann, `line ${messageCount}.`)
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  function assertWhole(way: Walk) {
    assert.deepEqual(way.wrong, [])
    assert.deepEqual(way.strays, [])
    assert.equal(way.seen, messageCount)
    assert.ok(way.steps > 50, 'the walk was long')
    assert.ok(way.rowsMost > 20 && way.rowsMost < rowsMax, `${way.rowsMost} rows were drawn at once`)
  }

  test('read back to the first and forth again, it is whole, keeps its place, and only what is near is drawn', async () => {
    const heapBefore = await heapBytes(ann)
    const isFirst = `log.scrollTop <= 0 && document.querySelector('.log-beginning') !== null`
    assertWhole(await ann.page.evaluate<Walk>(walk(-stepPx, isFirst)))
    await sees(ann, 'line 1.')
    const isLast = 'log.scrollHeight - log.scrollTop - log.clientHeight < 2'
    assertWhole(await ann.page.evaluate<Walk>(walk(stepPx, isLast)))
    const grownBytes = (await heapBytes(ann)) - heapBefore
    assert.ok(grownBytes < heapGrowthBytesMax, `the page grew by ${grownBytes} bytes`)
    const rows = await ann.page.locator('article[data-seq]').count()
    assert.ok(rows < rowsMax, `${rows} rows are left`)
  })

  test('a message that comes while one reads the oldest moves nothing, is told, and is not taken for read', async () => {
    await ann.page.getByRole('region', { name: 'Messages' }).press('Home')
    await sees(ann, 'line 1.')
    const topOfFirst = `document.querySelector('article[data-seq="1"]').getBoundingClientRect().top`
    const was = await ann.page.evaluate(topOfFirst)
    await using ben = await signIn({ server: address, name: 'Ben', password: 'builder' })
    await ben.send('@Ann', 'line 10001.')
    await ann.page.getByText('1 new message', { exact: true }).waitFor()
    assert.equal(await ann.page.evaluate(topOfFirst), was)
    await ann.page.getByRole('button', { name: 'To the newest message' }).click()
    await sees(ann, 'line 10001.')
    await ann.page.getByText('1 new message', { exact: true }).waitFor({ state: 'detached' })
    untroubled(ann)
  })
})

/** What is in use once everything that can go is gone. */
async function heapBytes({ page }: Window): Promise<number> {
  const protocol = await page.context().newCDPSession(page)
  try {
    await protocol.send('HeapProfiler.collectGarbage')
    return (await protocol.send('Runtime.getHeapUsage')).usedSize
  } finally {
    await protocol.detach()
  }
}
