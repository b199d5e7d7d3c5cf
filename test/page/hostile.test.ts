// Whatever somebody writes, the page shows it as the text it is: nothing runs, no link leads where it does not say, no row
// lies over another, nothing turns what stands beside it, on a desk and on a phone.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Me, register, signIn } from '../../src/sdk/sdk.ts'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { becomes, enter, type Screens, sees, startScreens, untroubled, type Window } from './browser.ts'
import { addresses, hostileLabel, hostileName, hostileTopic, scripts, shapes } from './hostile.ts'

/** Notes down what must not happen, before anything of the page runs. */
const watch = `window.happened = []
addEventListener('securitypolicyviolation', event => happened.push('violated: ' + event.violatedDirective))
for (const name of ['alert', 'confirm', 'prompt', 'open', 'print']) window[name] = () => { happened.push(name) }`

describe('what is hostile', { skip: missing('chromium'), concurrency: false }, () => {
  let server: RunningServer
  let screens: Screens
  let address: string
  let desk: Window
  let phone: Window
  const dialogs: string[] = []

  before(async () => {
    server = await startHullo()
    address = `http://127.0.0.1:${server.port}/`
    await stage(address)
    screens = await startScreens()
    desk = await screens.open(address)
    phone = await screens.open(address, { viewport: { width: 320, height: 640 }, hasTouch: true })
    for (const window of [desk, phone]) {
      window.page.on('dialog', dialog => {
        dialogs.push(dialog.message())
        void dialog.dismiss()
      })
      await window.page.addInitScript(watch)
      await window.page.reload()
      await enter(window, 'Ann', 'sign in')
      await window.page.getByRole('link', { name: /lab/ }).waitFor()
    }
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  async function goTo({ page }: Window, hash: string) {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
    await page.waitForLoadState('networkidle')
    await becomes({ page }, `document.querySelector('[aria-busy=true]') === null`)
  }

  /** Everything in the room, from the first line on; what is far from sight is drawn on the way. */
  async function readAll({ page }: Window): Promise<string[]> {
    return page.evaluate<string[]>(`(async () => {
      const log = document.querySelector('.log'), texts = new Map()
      const frame = () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      for (log.scrollTop = 0; ; log.scrollTop += 1_000) {
        await frame()
        for (const row of log.querySelectorAll('article[data-seq]'))
          texts.set(Number(row.dataset.seq), row.querySelector('.bubble-text').textContent)
        if (log.scrollTop + log.clientHeight > log.scrollHeight - 2) break
      }
      return [...texts].sort(([a], [b]) => a - b).map(([, text]) => text)
    })()`)
  }

  test('every text is seen as it was written, and none of it runs', async () => {
    await goTo(desk, '#/lab')
    await sees(desk, 'the end')
    const written = [...scripts, ...addresses.map(one => one.written)]
    for (const shape of Object.values(shapes)) written.push(shape, 'a neighbour')
    const read = await readAll(desk)
    assert.deepEqual(read, [...written, 'the end'])
  })

  test('a link leads where it says, to http and https alone, and tells nobody where it was', async () => {
    await goTo(desk, '#/@addresses')
    await sees(desk, 'the last address')
    for (const [at, { written, leadsTo }] of addresses.entries()) {
      const link = desk.page.locator('article[data-seq]').nth(at).getByRole('link')
      assert.equal(await link.count(), leadsTo === undefined ? 0 : 1, written)
      if (leadsTo === undefined) continue
      assert.equal(await link.evaluate(one => (one as unknown as { href: string }).href), leadsTo, written)
      assert.equal(await link.getAttribute('target'), '_blank')
      assert.equal(await link.getAttribute('rel'), 'noopener noreferrer nofollow')
      // What is turned around is turned around outside of it.
      assert.equal(await link.getAttribute('dir'), 'ltr')
      const host = new URL(leadsTo).hostname
      const shown = `${await link.textContent()} ${await link.getAttribute('title')}`
      assert.ok(shown.includes(host), `${shown} names ${host}`)
    }
  })

  for (const [name, window] of Object.entries({ 'a desk': () => desk, 'a phone': () => phone })) {
    test(`on ${name} nothing is pushed out of its place`, async () => {
      for (const hash of [
        '#/lab',
        '#/lab/-members',
        '#/-settings',
        '#/-people',
        '#/-rooms',
        '#/-search/neighbour',
        '#/',
      ]) {
        await goTo(window(), hash)
        assert.deepEqual(await window().page.evaluate(sideways), [], hash)
      }
      await goTo(window(), '#/lab')
      await sees(window(), 'the end')
      assert.deepEqual(await window().page.evaluate(overlaps), [])
    })
  }

  test('marks that pile up stay in their message, in their sign and in their line', async () => {
    await goTo(desk, '#/@addresses')
    const row = desk.page.locator('article', { hasText: 'and after' })
    await row.scrollIntoViewIfNeeded()
    const { x, y, width, height } = (await row.boundingBox()) ?? assert.fail()
    const { width: bubble } = (await row.locator('.bubble').boundingBox()) ?? assert.fail()
    // Of the row, what is not the bubble; and what lies above it, up to the bubble before.
    const beside = { x: x + bubble + 8, y, width: width - bubble - 60, height }
    assert.equal(await colours(desk, beside), 1, 'beside it')
    assert.equal(await colours(desk, { x, y: Math.ceil(y + height), width: bubble, height: 2 }), 1, 'below it')
    const sign = await desk.page.locator('.pane-head .avatar').textContent()
    assert.ok((sign?.length ?? 0) <= 4, `${sign?.length} in the sign`)
  })

  test('what turns the direction of writing turns nothing beside itself', async () => {
    const row = phone.page.locator('.row', { hasText: 'addresses' })
    await goTo(phone, '#/')
    const time = (await row.locator('.row-time').boundingBox()) ?? assert.fail()
    const name = (await row.locator('.row-name').boundingBox()) ?? assert.fail()
    assert.ok(time.x > name.x + name.width, 'the time stands behind the name')
    const turned = phone.page.locator('.row', { hasText: 'lab' }).locator('.row-who')
    assert.match((await turned.textContent()) ?? '', /: $/)
    // Whatever bears what people write is a paragraph or an isolate of its own.
    for (const hash of ['#/lab', '#/lab/-members', '#/-settings']) {
      await goTo(desk, hash)
      assert.deepEqual(await desk.page.evaluate(leaking), [], hash)
    }
  })

  test('a word of 64 KiB can be pasted, and is refused with its measure', async () => {
    await goTo(desk, '#/lab')
    const field = desk.page.locator('#composer')
    await field.fill('W'.repeat(65_536))
    await desk.page.getByText('49,152 bytes too long to be sent').waitFor()
    assert.deepEqual(await desk.page.evaluate(sideways), [])
    await field.press('Enter')
    assert.equal((await field.inputValue()).length, 65_536, 'it is still there')
    await field.fill('')
  })

  test('an address that somebody was sent names whom it likes, and nothing happens', async () => {
    for (const hash of [
      '#/@%3Cimg src=x onerror=hit=20%3E%E2%80%AEevil',
      '#/%3Csvg onload=hit=21%3E',
      '#/-search/%3Cscript%3Ehit=22%3C%2Fscript%3E',
      '#/-javascript:hit=23',
      '#/lab/-%22onload=hit=24',
      '#invite=%22%3E%3Cscript%3Ehit=25%3C/script%3E',
    ]) {
      await goTo(desk, hash)
      assert.deepEqual(await desk.page.evaluate(sideways), [], hash)
    }
  })

  test('nothing of all that ran, asked, opened or was stopped by the policy alone', async () => {
    for (const { page } of [desk, phone]) {
      assert.deepEqual(await page.evaluate('[typeof hit, happened, document.querySelectorAll("iframe").length]'), [
        'undefined',
        [],
        0,
      ])
      assert.equal(page.context().pages().length, 1)
    }
    assert.deepEqual(dialogs, [])
    untroubled(desk, phone)
  })
})

/** What can be scrolled sideways: nothing may. */
const sideways = `['html', 'body', '.log', '.view-body', '.list-rows', '.pane-panel', '.frame-main'].filter(name => {
  const part = document.querySelector(name)
  return part !== null && part.scrollWidth > part.clientWidth
})`

/** Rows of the log that do not stand below the one before them, and bubbles that reach out of their row. */
const overlaps = `(() => {
  const rows = [...document.querySelectorAll('article[data-seq], .happening')]
  return rows.flatMap((row, at) => {
    const { top, left, right, bottom } = row.getBoundingClientRect()
    const bubble = row.querySelector('.bubble')?.getBoundingClientRect() ?? { left, right, bottom }
    const isOut = bubble.left < left - 1 || bubble.right > right + 1 || bubble.bottom > bottom + 1
    const isOver = at > 0 && top < rows[at - 1].getBoundingClientRect().bottom - 1
    return isOut || isOver ? [row.textContent.slice(0, 40)] : []
  })
})()`

/** Texts with an override in them whose nearest box lets it out: neither a block nor an isolate. */
const leaking = `(() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = []
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode
    if (!/[\\u202a-\\u202e\\u2066-\\u2069]/.test(data)) continue
    let box = parentElement
    while (getComputedStyle(box).display === 'inline' && !/isolate|plaintext/.test(getComputedStyle(box).unicodeBidi)
      && box.parentElement.childNodes.length === 1) box = box.parentElement
    const { display, unicodeBidi } = getComputedStyle(box)
    const isFramed = box.closest('.bubble-text') !== null
    if (display === 'inline' && !/isolate|plaintext/.test(unicodeBidi) && !isFramed) found.push(box.outerHTML.slice(0, 120))
  }
  return found
})()`

/** How many colours there are in a part of the window; a picture of one colour shows nothing. */
async function colours(
  { page }: Window,
  clip: { x: number; y: number; width: number; height: number },
): Promise<number> {
  const picture = (await page.screenshot({ clip })).toString('base64')
  return page.evaluate<number>(`(async () => {
    const bytes = Uint8Array.from(atob('${picture}'), one => one.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    canvas.drawImage(bitmap, 0, 0)
    return new Set(new Uint32Array(canvas.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer)).size
  })()`)
}

async function stage(at: string) {
  await using ann: Me = await register({ server: at, name: 'Ann', password: 'builder' })
  await using addressed: Me = await register({ server: at, name: 'addresses', password: 'builder' })
  await using z: Me = await register({ server: at, name: hostileName, password: 'builder' })
  await using labelled = await signIn({ server: at, name: 'Ann', password: 'builder', label: hostileLabel })
  await labelled.conversations.list()
  const room = await z.rooms.create({ name: 'lab', topic: hostileTopic, history: 'all' })
  await z.rooms.invite(room.id, 'Ann')
  for (const text of scripts) await z.send('#lab', text)
  for (const { written } of addresses) await ann.send('#lab', written)
  for (const shape of Object.values(shapes)) {
    await z.send('#lab', shape)
    await ann.send('#lab', 'a neighbour')
  }
  await z.send('#lab', 'the end')
  for (const { written } of addresses) await addressed.send('@Ann', written)
  await addressed.send('@Ann', shapes['marks upon marks'] ?? '')
  await addressed.send('@Ann', 'the last address')
}
