// Hebrew, Arabic and English in one room: each message, name and line has its own direction, and a page from right to left
// is the mirror image of one from left to right, on a desk and on a phone.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Me, register } from '../../src/sdk/sdk.ts'
import { type RunningServer, startHullo } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { becomes, enter, type Screens, sees, startScreens, untroubled, type Window } from './browser.ts'

const long = 'שלום עומר, זו הודעה ארוכה מאוד בעברית כדי לראות איך היא נחתכת ברשימה'
const lines = 'שורה ראשונה\nA line in English.\nשורה שלישית'
const address = 'https://example.org/plan'

interface Box {
  readonly left: number
  readonly right: number
}

/** Where the characters `from` to `to` of the text in an element are seen: `element` is an expression. */
const boxOf = (element: string, from: number, to: number) => `(() => {
  const texts = document.createTreeWalker(${element}, NodeFilter.SHOW_TEXT), range = document.createRange()
  for (let at = 0; texts.nextNode(); at += texts.currentNode.length) {
    const { length } = texts.currentNode
    if (${from} >= at && ${from} < at + length) range.setStart(texts.currentNode, ${from} - at)
    if (${to} > at && ${to} <= at + length) range.setEnd(texts.currentNode, ${to} - at)
  }
  const { left, right } = range.getBoundingClientRect()
  return { left, right }
})()`

describe('from right to left', { skip: missing('chromium'), concurrency: false }, () => {
  let server: RunningServer
  let screens: Screens
  let desk: Window
  let phone: Window

  before(async () => {
    server = await startHullo()
    const at = `http://127.0.0.1:${server.port}/`
    await stage(at)
    screens = await startScreens()
    desk = await screens.open(at)
    phone = await screens.open(at, { viewport: { width: 390, height: 844 }, hasTouch: true })
    for (const window of [desk, phone]) await enter(window, 'Ann', 'sign in')
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
  const seen = (element: string, from: number, to: number) => desk.page.evaluate<Box>(boxOf(element, from, to))
  const messageWith = (text: string) =>
    `[...document.querySelectorAll('article[data-seq]')].find(one => one.textContent.includes(${JSON.stringify(text)}))`
  const textWith = (text: string) => `${messageWith(text)}.querySelector('.bubble-text')`

  test('a message has the direction of its words, and stands where its sender does', async () => {
    await goTo(desk, '#/משפחה')
    await sees(desk, 'the last one')
    const foot = await desk.page.locator('article', { hasText: 'מתי מגיעים' }).locator('.bubble-foot').boundingBox()
    const bubble = await desk.page.locator('article', { hasText: 'מתי מגיעים' }).locator('.bubble').boundingBox()
    assert.ok(foot !== null && bubble !== null)
    assert.ok(foot.x < bubble.x + bubble.width / 2, 'the time stands where its last line ends')
    const log = (await desk.page.locator('.log').boundingBox()) ?? assert.fail()
    assert.ok(bubble.x < log.x + log.width / 4, 'others stand where the lines of the page begin')
    // An exclamation mark at the end of Hebrew is at its left.
    const text = 'שלום לכולם, מתי מגיעים?'
    const [first, last] = [await seen(textWith(text), 0, 1), await seen(textWith(text), text.length - 1, text.length)]
    assert.ok(last.right <= first.left)
  })

  test('each line of a message has its own direction, and an address in it that of addresses', async () => {
    const start = lines.indexOf('A line')
    const end = lines.indexOf('.') + 1
    const [first, stop] = [await seen(textWith(lines), start, start + 1), await seen(textWith(lines), end - 1, end)]
    assert.ok(stop.left >= first.right, 'an English line ends with its full stop')
    const link = `${messageWith(address)}.querySelector('a')`
    const [scheme, path] = [await seen(link, 0, 5), await seen(link, address.length - 4, address.length)]
    assert.ok(scheme.right <= path.left)
  })

  test('a sentence of the page keeps its order, whatever the names in it are written in', async () => {
    const sentence = `[...document.querySelectorAll('.happening')].find(one => one.textContent === 'שרה added عمر')`
    const [who, added] = [await seen(sentence, 0, 3), await seen(sentence, 4, 9)]
    const whom = await seen(sentence, 10, 13)
    assert.ok(who.right <= added.left && added.right <= whom.left, JSON.stringify([who, added, whom]))
  })

  test('a name begins beside its sign, and of a long line the beginning is seen', async () => {
    const sign = (await desk.page.locator('.pane-head .avatar').boundingBox()) ?? assert.fail()
    const title = (await desk.page.locator('.pane-title h2').boundingBox()) ?? assert.fail()
    assert.ok(title.x - (sign.x + sign.width) < 20)
    const row = `[...document.querySelectorAll('.row')].find(one => one.textContent.includes('שלום עומר'))`
    const first = await seen(`${row}.querySelector('.row-said')`, 0, 4)
    const place = await desk.page.evaluate<Box>(`(() => {
      const { left, right } = ${row}.querySelector('.row-said').getBoundingClientRect()
      return { left, right }
    })()`)
    assert.ok(first.left >= place.left && first.right <= place.right + 1, 'what is cut off is its end')
    const said = `[...document.querySelectorAll('.row')].find(one => one.textContent.includes('משפחה'))`
    const [name, colon] = [
      await seen(`${said}.querySelector('.row-who')`, 0, 3),
      await seen(`${said}.querySelector('.row-who')`, 3, 4),
    ]
    assert.ok(colon.left >= name.right - 1, 'the colon stands behind the name')
  })

  /** Parts of the frame, of a conversation and of what stands beside it. */
  const parts: Readonly<Record<string, readonly string[]>> = {
    '#/': ['.list-pane', '.list-home', '.list-head [href="#/-settings"]', '.row .avatar', '.row-name', '.row-unread'],
    '#/משפחה': [
      '.pane-head .avatar',
      '.pane-title h2',
      '.pane-head > a:last-of-type',
      '.message-own .bubble',
      '.message:not(.message-own) .bubble',
      '.message:not(.message-own) .avatar',
      '.composer-field',
      '.composer [type=submit]',
    ],
    '#/משפחה/-members': [
      '.pane-panel',
      '.panel-head h2',
      '.panel-head a',
      '.topic-text',
      '.item .avatar',
      '.item-mark',
    ],
    '#/-settings': ['.view-head h1', '.settings-me .avatar', '.settings-me .button', '.choice', '.choice input'],
    '#/-new-room': ['.view-head > a', '.field label', '.form > .button', '.choice'],
  }

  for (const [name, window] of Object.entries({ 'a desk': () => desk, 'a phone': () => phone })) {
    test(`on ${name} a page from right to left is the mirror image`, async () => {
      const { page } = window()
      for (const [hash, names] of Object.entries(parts)) {
        await goTo(window(), hash)
        await page
          .locator(names.at(-1) ?? '')
          .first()
          .waitFor()
        const { width } = page.viewportSize() ?? assert.fail()
        const boxes = `(${JSON.stringify(names)}).map(name => {
          const part = [...document.querySelectorAll(name)].find(one => one.checkVisibility())
          const { left, right } = part?.getBoundingClientRect() ?? { left: 0, right: 0 }
          return { left: Math.round(left), right: Math.round(right) }
        })`
        const asIs = await page.evaluate<Box[]>(boxes)
        await page.evaluate(`document.documentElement.dir = 'rtl'`)
        const turned = await page.evaluate<Box[]>(boxes)
        await page.evaluate(`document.documentElement.removeAttribute('dir')`)
        assert.ok(asIs.filter(({ right }) => right > 0).length >= names.length - 1, `${hash} shows its parts`)
        for (const [at, { left, right }] of asIs.entries()) {
          if (right === 0) continue
          const is = turned[at] ?? assert.fail()
          const off = Math.max(Math.abs(is.left - (width - right)), Math.abs(is.right - (width - left)))
          assert.ok(off <= 1, `${hash} ${names[at]}: ${JSON.stringify([asIs[at], is])} in ${width}`)
        }
      }
      untroubled(window())
    })
  }

  test('a menu opens towards where there is room, and arrows point along the line of reading', async () => {
    await goTo(desk, '#/משפחה')
    await desk.page.evaluate(`document.documentElement.dir = 'rtl'`)
    await desk.page.getByRole('region', { name: 'Messages' }).focus()
    await desk.page.keyboard.press('ArrowUp')
    await desk.page.keyboard.press('Enter')
    const menu = (await desk.page.getByRole('menu').boundingBox()) ?? assert.fail()
    const button =
      (await desk.page
        .locator('.message:focus-within .icon-button, .message:has([popover]) .icon-button')
        .first()
        .boundingBox()) ?? assert.fail()
    assert.ok(
      Math.abs(menu.x + menu.width - (button.x + button.width)) <= 1 || menu.x === 8,
      JSON.stringify({ menu, button }),
    )
    await desk.page.keyboard.press('Escape')
    const icon = `getComputedStyle(document.querySelector('.composer .icon-directed')).transform`
    assert.match(await desk.page.evaluate<string>(icon), /^matrix\(-1,/)
    await desk.page.evaluate(`document.documentElement.removeAttribute('dir')`)
  })
})

async function stage(at: string) {
  await using ann: Me = await register({ server: at, name: 'Ann', password: 'builder' })
  await using sara: Me = await register({ server: at, name: 'שרה', password: 'builder' })
  await using omar: Me = await register({ server: at, name: 'عمر', password: 'builder' })
  const room = await sara.rooms.create({ name: 'משפחה', topic: 'ארוחת ערב ומי מוציא את הכלב?', history: 'all' })
  await sara.rooms.invite(room.id, 'Ann')
  await sara.rooms.invite(room.id, 'عمر')
  await sara.send('#משפחה', 'שלום לכולם, מתי מגיעים?')
  await omar.send('#משפחה', 'مرحبا، سنصل في الساعة 12:30.')
  await sara.send('#משפחה', `ראו ${address} בעמוד 3`)
  await sara.send('#משפחה', lines)
  await ann.send('#משפחה', 'We come by train.')
  await sara.send('#משפחה', 'the last one')
  await ann.send('@عمر', long)
  await omar.send('@Ann', 'Hello!')
  await ann.send('@عمر', long)
}
