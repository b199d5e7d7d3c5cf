// Two people talk: one before the terminal, the other played by the client library.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { startHullo } from '../lab-http/server.ts'
import { newcomer, sitDown } from './people.ts'

const hullo = await startHullo()
after(() => hullo[Symbol.asyncDispose]())
const server = `http://127.0.0.1:${hullo.port}`

for (const [columns, rows] of [
  [80, 24],
  [200, 60],
] as const) {
  describe(`on a screen of ${columns} by ${rows}`, () => {
    test('what one writes arrives on the other side, both ways, and shows that it was read', async () => {
      await using other = await newcomer(server)
      const inbox = other.messages()
      await other.live()
      await using seat = await sitDown(server, { columns, rows })
      const { screen, name } = seat
      await screen.until('connected')
      screen.type(`/msg ${other.name}\r`)
      await screen.until(`Write to @${other.name}`)
      screen.type('Hello from the terminal\r')
      assert.equal((await inbox.next()).value?.text, 'Hello from the terminal')
      await screen.until('Hello from the terminal  ✓')
      const answer = await other.send(`@${name}`, 'And hello back')
      await screen.until(/And hello back/)
      await other.conversations.markRead(answer.conversation, answer.seq)
      await screen.until('Hello from the terminal  ✓ read')
      assert.match(screen.text(), new RegExp(`▌○ ${other.name}|▌● ${other.name}`))
      assert.ok(screen.rows().every(row => row.length <= columns))
    })

    test('what comes elsewhere is counted, marked as new when one goes there, and then read', async () => {
      await using other = await newcomer(server)
      await using seat = await sitDown(server, { columns, rows })
      const { screen, name } = seat
      await screen.until('connected')
      screen.type(`/create den-${name}\r`)
      await screen.until(`Write to #den-${name}`)
      const soft = other.soft()
      let last = 0
      for (const text of ['one', 'two', 'three']) last = (await other.send(`@${name}`, text)).seq
      // ○ or ●: whether the other's own stream is there by now is their affair.
      await screen.until(new RegExp(`[○●] ${other.name} +3 `))
      screen.type('\x1ba')
      await screen.until(/─ new ─[^]*one[^]*two[^]*three/)
      await screen.until(shown => !new RegExp(`[○●] ${other.name} +3 `).test(shown))
      for await (const event of soft) {
        if (event.kind === 'read' && event.who === name && event.seq === last) break
      }
    })
  })
}

test('edits and erasings change what is shown, mine and the other’s', async () => {
  await using other = await newcomer(server)
  await using seat = await sitDown(server)
  const { screen, name } = seat
  await screen.until('connected')
  const { seq } = await other.send(`@${name}`, 'a secret')
  await screen.until('a secret')
  await other.edit(seq, 'no secret')
  await screen.until('no secret  (edited)')
  await other.erase(seq)
  await screen.until(shown => shown.includes('erased') && !shown.includes('secret'))
  screen.type('mistake\r')
  await screen.until('mistake  ✓')
  screen.type('/edit\r')
  await screen.until('✎ mistake')
  screen.type('\x15corrected\r')
  await screen.until('corrected  (edited)')
  screen.type('/delete\r')
  await screen.until('Erase "corrected"?')
  screen.type('y')
  await screen.until(shown => (shown.match(/This message was erased/g) ?? []).length === 2)
})

test('typing is shown, and over with the message', async () => {
  await using other = await newcomer(server)
  const reading = other.messages()
  await other.live()
  await using seat = await sitDown(server)
  const { screen, name } = seat
  await screen.until('connected')
  await other.send(`@${name}`, 'first')
  await screen.until('first')
  other.typing(`@${name}`)
  await screen.until(`${other.name} is typing`)
  await other.send(`@${name}`, 'second')
  await screen.until(shown => shown.includes('second') && !shown.includes('is typing'))
  await reading.return()
})

test('a room: made, with a topic, somebody invited, put out, and left', async () => {
  await using other = await newcomer(server)
  await using seat = await sitDown(server, { columns: 100 })
  const { screen, name } = seat
  const room = `room-${name}`
  await screen.until('connected')
  screen.type(`/create #${room} about tea\r`)
  await screen.until(new RegExp(`#${room}  about tea`))
  screen.type(`/invite ${other.name}\r`)
  await screen.until(`You added ${other.name}`)
  await screen.until('2 members')
  await other.send(`#${room}`, 'thanks')
  await screen.until('thanks')
  screen.type('/topic coffee now\r')
  await screen.until(`#${room}  coffee now`)
  screen.type('/members\r')
  await screen.until(new RegExp(`${name} +owner`))
  screen.type('\x1b')
  await screen.until('thanks')
  screen.type(`/remove ${other.name}\r`)
  await screen.until(`You removed ${other.name}`)
  screen.type('/leave\r')
  await screen.until('Leave #')
  screen.type('y')
  await screen.until('None yet')
})

test('a refusal is shown where the command was given; a message that is refused says so and stays', async () => {
  await using other = await newcomer(server)
  await using seat = await sitDown(server)
  const { screen, name } = seat
  await screen.until('connected')
  screen.type('/join nowhere-at-all\r')
  await screen.until('There is no public room #nowhere-at-all')
  screen.type('/nonsense\r')
  await screen.until('There is no command /nonsense')
  await other.people.block(name)
  // What was not understood stays to be put right.
  await screen.until('› /nonsense')
  screen.type(`\x15/msg ${other.name} are you there\r`)
  await screen.until('not sent')
  await other.people.unblock(name)
  screen.type('\x1b[1;3A')
  await screen.until('▌  are you there')
  screen.type('\r')
  await screen.until(/are you there {2}✓/)
})

test('searching finds a message, and Enter goes there', async () => {
  await using other = await newcomer(server)
  await using seat = await sitDown(server, {
    prepare: async me => {
      await other.send(`@${me.name}`, 'the needle is here')
      for (let count = 0; count < 150; count += 1) void other.send(`@${me.name}`, `hay ${count}`)
      await other.send(`@${me.name}`, 'the end')
    },
  })
  const { screen } = seat
  await screen.until('the end')
  assert.doesNotMatch(screen.text(), /needle/)
  screen.type('/search needle\r')
  await screen.until('Found: needle')
  await screen.until('the needle is here')
  screen.type('\r')
  await screen.until('▌  the needle is here')
  await screen.until('hay 1')
})
