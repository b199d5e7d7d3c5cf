// Two people in two windows, one on a desk and one on a phone, through everything that one does in a conversation; and the
// server goes away in the middle.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { register, signIn, type Me } from '../../src/sdk/sdk.ts'
import { type RunningServer, startHullo, temporaryFolder } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import {
  becomes,
  enter,
  isNoLostConnection,
  say,
  type Screens,
  sees,
  startScreens,
  untroubledButRefused,
  type Window,
} from './browser.ts'
import { countOf, field, go, message, scrollToBeginning, toNewest } from './deeds.ts'

/** More than three pages of history: what is far from sight is not drawn. */
const historyCount = 300

describe('a conversation', { skip: missing('chromium'), concurrency: false }, () => {
  const folder = temporaryFolder()
  let server: RunningServer
  let screens: Screens
  let address: string
  let ann: Window
  let ben: Window

  before(async () => {
    server = await startHullo([], folder.dir)
    address = `http://127.0.0.1:${server.port}/`
    screens = await startScreens()
    ann = await screens.open(address)
    ben = await screens.open(address, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    await enter(ann, 'Ann', 'register')
    await enter(ben, 'Ben', 'register')
  })
  after(async () => {
    await screens[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  test('what one sends the other sees, and the sender that it was read', async () => {
    await say(ann, '@Ben', 'Hello Ben, see https://example.org/x')
    await ben.page.getByRole('link', { name: /Ann.*1 unread/ }).click()
    await sees(ben, 'Hello Ben')
    const link = message(ben, 'Hello Ben').getByRole('link')
    assert.equal(await link.getAttribute('href'), 'https://example.org/x')
    assert.match((await link.getAttribute('rel')) ?? '', /noopener noreferrer/)
    await message(ann, 'Hello Ben').getByTitle('Read').waitFor()
    await ben.page.getByText('New', { exact: true }).waitFor()
  })

  test('one sees that the other is here and typing', async () => {
    await field(ben).pressSequentially('Hm')
    await ann.page.locator('.typing-line').getByText('Ben is typing').waitFor()
    await ann.page.locator('.pane-sub').getByText('here now').waitFor()
  })

  test('what was begun is there again after the page was loaded anew', async () => {
    await ben.page.reload()
    await field(ben).waitFor()
    assert.equal(await field(ben).inputValue(), 'Hm')
    await field(ben).fill('')
  })

  test('the arrow up edits the last message, Esc gives it up, Shift-Enter begins a new line', async () => {
    await field(ann).press('ArrowUp')
    assert.match(await field(ann).inputValue(), /^Hello Ben/)
    await field(ann).press('Escape')
    assert.equal(await field(ann).inputValue(), '')
    await field(ann).press('ArrowUp')
    await field(ann).fill('Good morning Ben')
    await field(ann).press('Enter')
    await message(ben, 'Good morning Ben').getByText('edited').waitFor()
    await field(ann).pressSequentially('one')
    await field(ann).press('Shift+Enter')
    await field(ann).pressSequentially('two')
    await field(ann).press('Enter')
    await sees(ben, 'one\ntwo')
  })

  test('by keyboard alone a message is chosen and erased, and the focus comes back', async () => {
    await ann.page.getByRole('region', { name: 'Messages' }).focus()
    await ann.page.keyboard.press('ArrowUp')
    await ann.page.keyboard.press('Enter')
    await ann.page.getByRole('menu').waitFor()
    await ann.page.keyboard.press('End')
    await ann.page.keyboard.press('Enter')
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Erase' }).click()
    await message(ben, 'This message was erased').waitFor()
    await ann.page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.notEqual(await ann.page.evaluate('document.activeElement.tagName'), 'BODY')
  })

  test('Ctrl-K goes to somebody by name; what comes elsewhere is counted in the list and the title', async () => {
    await ann.page.keyboard.press('Control+k')
    await ann.page.getByRole('combobox').fill('ann')
    await ann.page.getByRole('option', { name: 'Ann', exact: true }).waitFor()
    await ann.page.keyboard.press('Enter')
    await ann.page.getByRole('heading', { name: 'Ann', exact: true }).waitFor()
    await say(ben, '@Ann', 'Are you there?')
    await ann.page.getByRole('link', { name: /Ben.*1 unread/ }).waitFor()
    assert.match(await ann.page.title(), /^\(1\) /)
    await ann.page.keyboard.press('Alt+ArrowUp')
    await sees(ann, 'Are you there?')
    await becomes(ann, '!/^\\(/.test(document.title)')
  })

  test('a server that goes away and comes back is no loss: what was written meanwhile is there once', async () => {
    const { port } = server
    await server.stop()
    await say(ann, '@Ben', 'Written without a server')
    await ann.page.getByRole('article', { name: 'You' }).getByTitle('Sending').waitFor()
    server = await startHullo(['--port', String(port)], folder.dir)
    await sees(ben, 'Written without a server')
    await sees(ann, 'Written without a server')
    assert.equal(await countOf(ann, 'Written without'), 1)
    // A browser writes each connection that failed to the console.
    for (const { trouble } of [ann, ben]) trouble.splice(0, trouble.length, ...trouble.filter(isNoLostConnection))
  })

  test('what is refused says so where it stands, and is not lost', async () => {
    await say(ann, '@nobody-of-that-name', 'Hello?')
    await ann.page.getByRole('alert').getByText('Not sent.').waitFor()
    await ann.page.getByRole('button', { name: 'Edit', exact: true }).click()
    assert.equal(await field(ann).inputValue(), 'Hello?')
    await field(ann).fill('')
  })

  test('a room in which much is new opens where that begins', async () => {
    await fillRoom(address)
    await ann.page.getByRole('link', { name: /long/ }).waitFor()
    await go(ann, '#/long')
    await ann.page.getByText('New', { exact: true }).waitFor()
    await sees(ann, 'line 1')
    assert.equal(await message(ann, `line ${historyCount}`).count(), 0)
  })

  test('a long history is loaded as one scrolls up, keeps its place, and is drawn only near what is seen', async () => {
    await toNewest(ann)
    await sees(ann, `line ${historyCount}`)
    await scrollToBeginning(ann)
    await sees(ann, 'line 1')
    const drawn = await ann.page.locator('article[data-seq]').count()
    assert.ok(drawn < historyCount, `${drawn} of ${historyCount} are drawn`)
    await ann.page.getByRole('button', { name: 'To the newest message' }).click()
    await sees(ann, `line ${historyCount}`)
  })

  test('a link to a message opens it in its place, marked', async () => {
    const seq = await message(ann, `line ${historyCount}`).getAttribute('data-seq')
    const other = await screens.open(address)
    await enter(other, 'Ann', 'sign in')
    await other.page.getByRole('link', { name: /long/ }).waitFor()
    await go(other, `#/long/${Number(seq) - 200}`)
    await other.page.locator('.message-found').waitFor()
    await becomes(other, isInSight(`line ${historyCount - 200}`, '.message-found'))
    untroubledButRefused(ann, ben, other)
  })

  test('a room that is loaded, and in which much came while one was elsewhere, opens where that begins', async () => {
    await go(ann, '#/long')
    await sees(ann, `line ${historyCount}`)
    await go(ann, '#/@Ben')
    await using cora: Me = await signIn({ server: address, name: 'Cora', password: 'builder' })
    for (let count = 1; count <= 80; count += 1) await cora.send('#long', `later ${count}.`)
    const counted = ann.page.getByRole('link', { name: /long.*80 unread/ })
    await counted.click()
    await becomes(ann, isInSight('later 1.'))
    assert.equal(await counted.count(), 1, 'the end was not in sight')
    await toNewest(ann)
    await ann.page.getByRole('link', { name: /long.*unread/ }).waitFor({ state: 'detached' })
  })

  test('who looked at an old message and comes back later by the list is at the end, with no mark left', async () => {
    await go(ann, `#/long/${await message(ann, 'later 20.').getAttribute('data-seq')}`)
    await becomes(ann, isInSight('later 20.'))
    await go(ann, '#/@Ben')
    await ann.page.getByRole('link', { name: /long/ }).click()
    await becomes(ann, isInSight('later 80.'))
    assert.equal(await ann.page.locator('.message-found').count(), 0)
  })

  test('a link to a message that is loaded, and too far from sight to be drawn, leads to it', async () => {
    const other = await screens.open(address)
    await enter(other, 'Ann', 'sign in')
    await other.page.getByRole('link', { name: /long/ }).click()
    await sees(other, 'later 80.')
    await using cora: Me = await signIn({ server: address, name: 'Cora', password: 'builder' })
    const leaf = (_: unknown, at: number) => `leaf ${at + 1}.${' and more of it'.repeat(20)}`
    const stored = await Promise.all(Array.from({ length: 100 }, leaf).map(text => cora.send('#long', text)))
    await sees(other, 'leaf 100.')
    await becomes(other, `document.querySelectorAll('[data-block]')[1].childElementCount === 0`)
    await go(other, `#/long/${stored[29]?.seq}`)
    await becomes(other, isInSight('leaf 30.'))
    untroubledButRefused(ann, other)
  })
})

/** An expression of the page: whether a message with that text, and that mark, is in the part of the log that one sees. */
function isInSight(text: string, mark = ''): string {
  return `(() => {
    const log = document.querySelector('.log').getBoundingClientRect()
    const line = [...document.querySelectorAll('article[data-seq]${mark}')].find(one => one.textContent.includes(${JSON.stringify(text)}))
    const box = line?.getBoundingClientRect()
    return box !== undefined && box.top >= log.top && box.bottom <= log.bottom
  })()`
}

async function fillRoom(server: string) {
  await using ann: Me = await signIn({ server, name: 'Ann', password: 'builder' })
  await using cora: Me = await register({ server, name: 'Cora', password: 'builder' })
  const room = await ann.rooms.create({ name: 'long', history: 'all' })
  await ann.rooms.invite(room.id, 'Cora')
  for (let count = 1; count <= historyCount; count += 1) {
    const text = `line ${count}${' and more of it'.repeat(count % 13)}`
    await (count % 3 === 0 ? ann : cora).send('#long', text)
  }
}
