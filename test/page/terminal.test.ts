// One person in the page, in a real browser, and one before `hullo chat`, in a real pseudo-terminal: they talk with each
// other, and each sees what the other does while it happens, on a small screen and on a large one.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type RunningServer, startHullo, temporaryFolder } from '../lab-http/server.ts'
import { missing } from '../support/debian.ts'
import { type Seat, sitDown } from '../tui/people.ts'
import type { Screen } from '../tui/screen.ts'
import { enter, isNoLostConnection, say, type Screens, sees, startScreens, untroubled, type Window } from './browser.ts'

const field = ({ page }: Window) => page.locator('#composer')
const message = ({ page }: Window, text: string) => page.locator('article[data-seq]', { hasText: text }).last()
const go = ({ page }: Window, hash: string) => page.evaluate(`location.hash = ${JSON.stringify(hash)}`)

/** Puts a text into the field as a paste does: the keyboard has no escape sequences. */
async function sayAsIs(window: Window, text: string) {
  await window.page.evaluate(`(() => {
    const field = document.querySelector('#composer')
    field.value = ${JSON.stringify(text)}
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
  })()`)
  await field(window).press('Enter')
}

/** The edge between the list and the conversation is in one column of every row. */
function standsStraight(screen: Screen) {
  assert.equal(new Set(screen.rows().map(row => columnOf(row))).size, 1, screen.text())
}

/** Where the edge is in a row; to its left stand only names of one column a letter. */
function columnOf(row: string): number {
  return row.search(/[│├┼]/)
}
for (const [columns, rows] of [
  [80, 24],
  [200, 60],
] as const) {
  describe(`the page and a terminal of ${columns} by ${rows}`, {
    skip: missing('chromium'),
    concurrency: false,
  }, () => {
    const folder = temporaryFolder()
    let server: RunningServer
    let screens: Screens
    let bea: Window
    let tom: Seat
    let screen: Screen
    let room: string

    before(async () => {
      server = await startHullo([], folder.dir)
      const address = `http://127.0.0.1:${server.port}`
      screens = await startScreens()
      bea = await screens.open(`${address}/`)
      await enter(bea, 'Bea', 'register')
      tom = await sitDown(address, { columns, rows })
      screen = tom.screen
      room = `garden-${tom.name}`
      await screen.until('connected')
    })
    after(async () => {
      await tom[Symbol.asyncDispose]()
      await screens[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    })

    /** What is typed at once behind an Esc would be an Alt with it. */
    async function closeList() {
      screen.type('\x1b')
      await screen.until(shown => !shown.includes('Esc closes'))
    }

    test('each reads what the other writes as it is written, and each learns that it was read', async () => {
      screen.type('/msg Bea\r')
      await screen.until('Write to @Bea')
      screen.type('Hello from the terminal\r')
      await bea.page.getByRole('link', { name: new RegExp(`${tom.name}.*1 unread`) }).click()
      await sees(bea, 'Hello from the terminal')
      await screen.until('Hello from the terminal  ✓ read')
      await say(bea, `@${tom.name}`, 'And hello from the page')
      await screen.until('And hello from the page')
      await message(bea, 'And hello from the page').getByTitle('Read').waitFor()
      standsStraight(screen)
    })

    test('each sees that the other is there, and is typing', async () => {
      await bea.page.locator('.pane-sub').getByText('here now').waitFor()
      await screen.until(/▌● Bea/)
      await field(bea).pressSequentially('Hm')
      await screen.until('Bea is typing…')
      await field(bea).press('Enter')
      await screen.until(shown => /Hm$/m.test(shown) && !shown.includes('is typing'))
      screen.type('Well')
      await bea.page.locator('.typing-line').getByText(`${tom.name} is typing`).waitFor()
      screen.type('\r')
      await sees(bea, 'Well')
    })

    test('an edit and an erasing on either side show on the other', async () => {
      await say(bea, `@${tom.name}`, 'Dinner at sevn')
      await screen.until('Dinner at sevn')
      await field(bea).press('ArrowUp')
      await field(bea).fill('Dinner at seven')
      await field(bea).press('Enter')
      await screen.until('Dinner at seven  (edited)')
      screen.type('I brng the salad\r')
      await sees(bea, 'I brng the salad')
      await screen.until('I brng the salad  ✓')
      screen.type('/edit I bring the salad\r')
      await message(bea, 'I bring the salad').getByText('edited').waitFor()
      await screen.until('I bring the salad  (edited)')
      screen.type('/delete\r')
      await screen.until('Erase "I bring the salad"?')
      screen.type('y')
      await message(bea, 'This message was erased').waitFor()
      await message(bea, 'Dinner at seven').focus()
      await bea.page.keyboard.press('Enter')
      await bea.page.getByRole('menuitem', { name: 'Erase' }).click()
      await bea.page.getByRole('dialog').getByRole('button', { name: 'Erase' }).click()
      await screen.until(shown => !shown.includes('Dinner') && shown.split('This message was erased').length === 3)
    })

    test('several lines, pasted or written, are one message on the other side', async () => {
      screen.paste('Shopping:\r\n  plums\r\n/quit is no command here')
      await screen.until(/Shopping:[^]*plums[^]*\/quit is no command/)
      screen.type('\r')
      await sees(bea, 'Shopping:')
      const shown = await message(bea, 'Shopping:').innerText()
      assert.match(shown, /Shopping:\n {2}plums\n\/quit is no command here/)
      await field(bea).fill('')
      await field(bea).pressSequentially('first line')
      await field(bea).press('Shift+Enter')
      await field(bea).pressSequentially('second line')
      await field(bea).press('Enter')
      await screen.until(/ {3}first line\n.* {3}second line/)
    })

    test('emoji, Chinese and a family of joined ones come through both ways, and the screen stands straight', async () => {
      const greeting = '夜行列車で行きましょう 👨‍👩‍👧‍👦🎉 e\u0301'
      await say(bea, `@${tom.name}`, greeting)
      await screen.until('夜行列車で行きましょう')
      screen.type('好的 👍🏽 אבג\r')
      await sees(bea, '好的 👍🏽 אבג')
      await say(bea, `@${tom.name}`, `${'京都🎉'.repeat(60)} fin`)
      await screen.until(/fin/)
      standsStraight(screen)
    })

    test('what the page sends to control a terminal is shown as what it is, and markup from the terminal is text', async () => {
      const from = screen.written().length
      const attacks = ['\x1b[2J\x1b[Hhome', '\x1b]2;taken\x07', '\x9b31mred', '\u202eevil', '\x1b[?1049l', '\x1b[6n']
      for (const attack of attacks) await sayAsIs(bea, `${attack} after`)
      await screen.until(
        /\\x1b\[2J[^]*\\x1b\]2;taken[^]*\\x9b31m[^]*\\u202e[^]*\\x1b\[\?1049l after[^]*\\x1b\[6n after/,
      )
      const through = attacks.filter(attack => screen.written().includes(attack.slice(0, 6), from))
      assert.deepEqual(through, [])
      assert.equal(screen.isAlternate(), true)
      await screen.until(() => screen.title() === '@Bea · Hullo')
      standsStraight(screen)
      screen.type('<img src=x onerror="document.title=1"><b>bold</b> \\x1b[0m\r')
      await sees(bea, '<img src=x onerror="document.title=1"><b>bold</b> \\x1b[0m')
    })

    test('a room made in the terminal: the page is invited, both are among its members, both write there', async () => {
      screen.type(`/create #${room} plums and chairs\r`)
      await screen.until(`Write to #${room}`)
      screen.type('/invite Bea\r')
      await screen.until('You added Bea')
      await bea.page.getByRole('link', { name: new RegExp(room) }).waitFor()
      await say(bea, `#${room}`, 'Who brings chairs?')
      await screen.until('Who brings chairs?')
      await go(bea, `#/${room}/-members`)
      await bea.page.getByRole('button', { name: 'Leave room' }).waitFor()
      await bea.page.locator('.items', { hasText: tom.name }).getByText('Bea').first().waitFor()
      screen.type('/topic plums only\r')
      await bea.page.getByText(`${tom.name} set the topic: plums only`).waitFor()
      screen.type('/members\r')
      await screen.until(new RegExp(`Bea\\b[^]*${tom.name} +owner|${tom.name} +owner[^]*Bea\\b`))
      await closeList()
    })

    test('a room made in the page is found and joined with /join', async () => {
      await go(bea, '#/-new-room')
      await bea.page.getByLabel('Name of the room').fill(`books-${tom.name}`)
      await bea.page.getByRole('button', { name: 'Create room' }).click()
      await bea.page.getByText('You made this room').waitFor()
      screen.type('/join\r')
      await screen.until(new RegExp(`#books-${tom.name} +1 member`))
      await closeList()
      screen.type(`/join books-${tom.name}\r`)
      await screen.until(`Write to #books-${tom.name}`)
      await bea.page.getByText(`${tom.name} joined`).waitFor()
      screen.type('What do we read?\r')
      await sees(bea, 'What do we read?')
    })

    test('what comes elsewhere is counted on either side, marked as new, and read', async () => {
      await say(bea, `@${tom.name}`, 'one of two')
      await say(bea, `@${tom.name}`, 'two of two')
      await screen.until(/● Bea +2 /)
      await screen.until(() => screen.title().startsWith('(2) '))
      screen.type('\x1ba')
      await screen.until(/─ new ─[^]*one of two[^]*two of two/)
      await screen.until(shown => !/● Bea +2 /.test(shown))
      await message(bea, 'two of two').getByTitle('Read').waitFor()
      await go(bea, `#/${room}`)
      await bea.page.getByRole('heading', { name: room }).waitFor()
      screen.type('while you are elsewhere\r')
      await bea.page.getByRole('link', { name: new RegExp(`${tom.name}.*1 unread`) }).click()
      await sees(bea, 'while you are elsewhere')
      await screen.until('while you are elsewhere  ✓ read')
    })

    test('a search in the terminal finds what was written in the page, and leads there', async () => {
      await say(bea, `#${room}`, 'The ladder stands behind the shed')
      await screen.until(new RegExp(`# ${room.slice(0, 8)}\\S* +1 `))
      screen.type('/search ladder\r')
      await screen.until(/Found: ladder[^]*The ladder stands behind the shed/)
      screen.type('\r')
      await screen.until(/▌ {2}The ladder stands behind the shed/)
      await screen.until(`Write to #${room}`)
      screen.type('/msg Bea\r')
      await screen.until('Write to @Bea')
    })

    test('the window changes its size in the middle, and nothing is lost', async () => {
      const [wide, high] = columns === 80 ? [200, 60] : [80, 24]
      screen.type('half a sent')
      await screen.until('› half a sent')
      screen.resize(wide, high)
      await say(bea, `@${tom.name}`, 'Did you move?')
      await screen.until(shown => shown.includes('Did you move?') && /┼─+$/m.test(shown))
      await screen.until(shown => shown.split('\n').findIndex(row => row.includes('›')) === high - 1)
      standsStraight(screen)
      screen.resize(columns, rows)
      await screen.until(shown => shown.split('\n').findIndex(row => row.includes('›')) === rows - 1)
      standsStraight(screen)
      screen.type('ence\r')
      await sees(bea, 'half a sentence')
    })

    test('the server goes away and comes back: what either wrote meanwhile is there once, on both sides', async () => {
      const { port } = server
      await server.stop()
      await screen.until('offline')
      screen.type('written in the terminal without a server\r')
      await screen.until(/without a server +sending/)
      await say(bea, `@${tom.name}`, 'written in the page without a server')
      await bea.page.getByRole('article', { name: 'You' }).getByTitle('Sending').waitFor()
      server = await startHullo(['--port', String(port)], folder.dir)
      await screen.until('connected')
      for (const where of ['terminal', 'page']) {
        const text = `written in the ${where} without a server`
        await sees(bea, text)
        await screen.until(text)
        assert.equal(await bea.page.locator('article', { hasText: text }).count(), 1)
        assert.equal(screen.text().split(text).length, 2, screen.text())
      }
      await screen.until(/written in the terminal without a server +✓/)
      bea.trouble.splice(0, bea.trouble.length, ...bea.trouble.filter(isNoLostConnection))
      untroubled(bea)
    })
  })
}
