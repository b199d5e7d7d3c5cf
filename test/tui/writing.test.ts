// The line that is written: keys, several lines, pastes, completion, widths, drafts; and the screen under it.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startHullo } from '../lab-http/server.ts'
import { newcomer, sitDown } from './people.ts'

const hullo = await startHullo()
after(() => hullo[Symbol.asyncDispose]())
const server = `http://127.0.0.1:${hullo.port}`

/** Before a conversation with a newcomer. */
async function withOther(options: Parameters<typeof sitDown>[1] = {}) {
  const other = await newcomer(server)
  const inbox = other.messages()
  await other.live()
  const seat = await sitDown(server, options)
  await seat.screen.until('connected')
  seat.screen.type(`/msg ${other.name}\r`)
  await seat.screen.until(new RegExp(`Write to @${other.name}|Now in @${other.name}`))
  return {
    ...seat,
    other,
    arrives: async () => (await inbox.next()).value?.text,
    async [Symbol.asyncDispose]() {
      await seat[Symbol.asyncDispose]()
      await other.close()
    },
  }
}

test('readline’s keys, typed slowly or in one piece', async () => {
  await using seat = await withOther()
  const { screen, arrives } = seat
  screen.type('one two three\x17\x01\x06zero \x05four\r') // Ctrl-W, Ctrl-A, Ctrl-F, Ctrl-E
  assert.equal(await arrives(), 'ozero ne two four')
  screen.type('cut this')
  screen.type('\x15') // Ctrl-U
  screen.type('again: \x19\x1b[D\x1b[3~S\r') // Ctrl-Y, Left, Delete
  assert.equal(await arrives(), 'again: cut thiS')
  screen.type('\x1b[A') // Up
  await screen.until('› again: cut thiS')
  screen.type('\x1bb\x1bb\x0b!\r') // Alt-B twice, Ctrl-K
  assert.equal(await arrives(), 'again: !')
})

test('Alt-Enter and Ctrl-J begin a line, Enter sends all of them', async () => {
  await using seat = await withOther()
  const { screen, arrives } = seat
  screen.type('first\x1b\rsecond\nthird')
  await screen.until(/› first[^]*second[^]*third/)
  screen.type('\r')
  assert.equal(await arrives(), 'first\nsecond\nthird')
})

test('what is pasted is written, not obeyed: several lines are one message, controls are left out', async () => {
  await using seat = await withOther()
  const { screen, arrives } = seat
  screen.paste('line 1\r\nline 2\r/quit\n\x1b]0;title\x07end')
  await screen.until(/line 1[^]*line 2[^]*\/quit[^]*end/)
  screen.type('\r')
  assert.equal(await arrives(), 'line 1\nline 2\n/quit\n]0;titleend')
})

test('a large paste in several pieces arrives whole, and is sent up to its bound', async () => {
  await using seat = await withOther()
  const { screen, arrives } = seat
  const text = Array.from({ length: 600 }, (_, index) => `row ${index} of many`).join('\n')
  screen.paste(text)
  await screen.until('row 599 of many')
  screen.type('\r')
  assert.equal(await arrives(), text)
  screen.paste('x'.repeat(20_000))
  await screen.until('3,616 bytes too long')
  screen.type('\r')
  screen.type('\x15short\r')
  assert.equal(await arrives(), 'short')
})

test('Tab completes commands, and names that only the server knows, in quotes where they have spaces', async () => {
  await using seat = await withOther()
  const { screen, name } = seat
  await using spaced = await newcomer(server, `Zoë of ${name}`)
  const inbox = spaced.messages()
  await spaced.live()
  screen.type('/peo\t')
  await screen.until('› /people')
  screen.type('\x15/msg zo\thello\r')
  assert.equal((await inbox.next()).value?.text, 'hello')
  screen.type('/s\t')
  await screen.until(/\[search\]/)
  screen.type('\t')
  await screen.until(/\[sessions\]/)
})

test('Chinese, emoji and combining marks keep the screen in its columns and the caret where one writes', async () => {
  await using seat = await withOther()
  const { screen, other, name, arrives } = seat
  screen.type('漢字 e\u0301👍')
  await screen.until('漢字 e\u0301👍')
  const { x } = screen.cursor()
  screen.type('\x1b[D\x7f') // Left over the emoji, Backspace takes the accented letter whole
  await screen.until('› 漢字 👍')
  assert.equal(screen.cursor().x, x - 3)
  screen.type('\r')
  assert.equal(await arrives(), '漢字 👍')
  await other.send(`@${name}`, '夜行列車で行きましょう。'.repeat(12))
  await other.send(`@${name}`, '👨‍👩‍👧‍👦🎉'.repeat(40))
  await other.send(`@${name}`, 'the end of it')
  await screen.until('the end of it')
  const edges = screen.rows().map(row => row.search(/[│├┼]/))
  assert.equal(new Set(edges).size, 1, screen.text())
  assert.ok(screen.rows().at(-1)?.includes('› Write to'))
})

test('what is typed on while a room is being made or joined goes there, not to where one was', async () => {
  for (const flags of [[], ['--screen-reader']]) {
    await using seat = await withOther({ flags })
    const { screen, other, name, arrives } = seat
    const room = await other.rooms.create({ name: `hall-${name}` })
    screen.type(`/create #den-${name}\r/invite ${other.name}\r/join hall-${name}\rfor the hall\r`)
    assert.equal(await arrives(), 'for the hall')
    const { entries } = await other.conversations.history(room.id)
    assert.equal(entries.at(-1)?.text, 'for the hall')
    await screen.until(`den-${name}`)
    const { conversations } = await other.conversations.list()
    assert.ok(conversations.some(({ address }) => address === `#den-${name}`))
  }
})

test('Ctrl-L draws all of the screen anew', async () => {
  await using seat = await withOther()
  const { screen, other } = seat
  screen.type('half a word')
  await screen.until('› half a word')
  const from = screen.written().length
  screen.type('\x0c')
  await screen.until(() => screen.written().slice(from).split('\x1b[2J')[1]?.includes('half a word') === true)
  await screen.until(shown => shown.includes(other.name) && shown.includes('› half a word'))
  screen.type('!')
  await screen.until('› half a word!')
})

test('a draft stays with its conversation', async () => {
  await using seat = await withOther()
  const { screen, name, other } = seat
  screen.type('half a thought')
  await using third = await newcomer(server)
  await third.send(`@${name}`, 'look here')
  await screen.until(new RegExp(`○ ${third.name} +1`))
  screen.type('\x1ba')
  await screen.until(`› Write to @${third.name}`)
  screen.type('thanks\r')
  await screen.until('thanks  ✓')
  await other.send(`@${name}`, 'well?')
  await screen.until(new RegExp(`○ ${other.name} +1|● ${other.name} +1`))
  screen.type('\x1ba')
  await screen.until('› half a thought')
})

test('the window changes its size: narrow without the list, wide with it, and back', async () => {
  await using seat = await withOther()
  const { screen, other, name } = seat
  await other.send(`@${name}`, `${'word '.repeat(60)}last`)
  await screen.until('last')
  screen.resize(40, 12)
  await screen.until(shown => !shown.includes('│') && shown.includes('last') && shown.includes('› Write to'))
  assert.ok(screen.rows()[0]?.startsWith(` ${other.name}`), screen.text())
  screen.resize(120, 40)
  await screen.until(shown => shown.includes('│') && shown.includes('last') && shown.includes('connected'))
  screen.resize(20, 6)
  await screen.until(shown => shown.includes('›'))
  screen.resize(80, 24)
  await screen.until(shown => /┼─+$/m.test(shown) && shown.includes('last'))
  assert.equal(screen.rows().filter(row => row.includes('Hullo')).length, 1)
})

test('Esc and what is typed behind it, in one piece: the list is closed, and the command is a command', async () => {
  await using seat = await withOther()
  const { screen, other, name } = seat
  const room = await other.rooms.create({ name: `books-${other.name}` })
  const isClosed = (shown: string) => !shown.includes('Esc closes')
  screen.type('/help\r')
  await screen.until('Esc closes')
  screen.type(`\x1b/join books-${other.name}\r`)
  await screen.until(`Write to #books-${other.name}`)
  for (const text of ['Open the window', 'bring a chair', '[x] milk', 'Are you there?', 'OMG', '京都']) {
    screen.type('/help\r')
    await screen.until('Esc closes')
    screen.type(`\x1b${text}`)
    await screen.until(shown => isClosed(shown) && shown.includes(`› ${text}`))
    screen.type('\r')
    await screen.until(`${text}  ✓`)
  }
  const { entries } = await other.conversations.history(room.id)
  const said = entries.filter(entry => entry.kind === 'text' && entry.sender === name).map(entry => entry.text)
  assert.deepEqual(said, ['Open the window', 'bring a chair', '[x] milk', 'Are you there?', 'OMG', '京都'])
})

test('keys, characters of several bytes and pastes that arrive byte by byte are what they are in one piece', async () => {
  await using seat = await withOther()
  const { screen, arrives } = seat
  const bytes = (text: string) => [...Buffer.from(text)].map(byte => Buffer.of(byte))
  const keys = 'né京👍\x1b[D\x1b[D!\x1bb?\x1b[1;5C\x1b[200~a\r\nb\x1b[201~\r'
  screen.type(keys)
  const whole = await arrives()
  for (const byte of bytes(keys)) screen.type(byte)
  assert.equal(await arrives(), whole)
})

test('several characters typed at once behind a question: the first answers it, the others are written', {
  skip: 'the question is not always shown: to be mended',
}, async () => {
  await using seat = await withOther()
  const { screen, arrives } = seat
  screen.type('keep this\r')
  assert.equal(await arrives(), 'keep this')
  await screen.until('keep this  ✓')
  for (const [keys, rest] of [
    ['no, keep it', 'o, keep it'],
    ['\x1b[200~y\x1b[201~', 'y'],
  ] as const) {
    screen.type('/delete\r')
    await screen.until('"keep this"?')
    screen.type(keys)
    await screen.until(`› ${rest}`)
    screen.type('\x15')
  }
  await screen.until('keep this  ✓')
})
