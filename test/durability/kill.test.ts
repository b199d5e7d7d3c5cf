// kill -9 in the middle of a stream of sends: what was answered with `1` is there exactly once, and nothing twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertOnceEach, textsOfLog } from './log.ts'
import { type Client, client, folder, serve, stop } from './server.ts'

const rounds = 5
const senders = 8

interface Stream {
  readonly sent: string[]
  readonly acknowledged: string[]
}

/** Each sender sends one message after the other until the connection breaks; `heard` is told of every `1`. */
async function sendUntilBroken(people: Client, round: number, heard: (acknowledged: number) => void): Promise<Stream> {
  const stream: Stream = { sent: [], acknowledged: [] }
  const sender = async (name: string) => {
    for (let count = 0; ; count += 1) {
      const text = `round ${round} ${name} ${String(count).padStart(6, '0')}`
      stream.sent.push(text)
      const answer = await people.send(name, 'reader', text).catch(() => undefined)
      if (answer === undefined) return
      assert.deepEqual(answer, { status: 200, body: '1' })
      stream.acknowledged.push(text)
      heard(stream.acknowledged.length)
    }
  }
  await Promise.all(names.map(sender))
  return stream
}

const names = Array.from({ length: senders }, (_, index) => `sender-${index}`)

test(`after each of ${rounds} kills every acknowledged message is there once, in order, without a gap`, async () => {
  using here = folder()
  const sent: string[] = []
  const acknowledged: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    await using server = await serve(here.path)
    using people = client(server.url, senders)
    for (const name of [...names, 'reader']) await (round === 0 ? people.register(name) : people.signIn(name))
    if (round > 0) checkInbox(await people.inbox('reader'), sent, acknowledged)
    // Not at the same point of the log each time: after 150, 203, 256 ... answers.
    const enough = 150 + 53 * round
    const stream = await sendUntilBroken(people, round, count => {
      if (count === enough) server.program.child.kill('SIGKILL')
    })
    assert.deepEqual(await server.program.ended, { code: null, signal: 'SIGKILL' })
    sent.push(...stream.sent)
    acknowledged.push(...stream.acknowledged)
  }
  await using server = await serve(here.path)
  using people = client(server.url)
  await people.signIn('reader')
  const inbox = await people.inbox('reader')
  checkInbox(inbox, sent, acknowledged)
  people[Symbol.dispose]()
  await stop(server)
  assert.deepEqual(
    textsOfLog(here.path),
    inbox.map(one => one.message),
  )
})

function checkInbox(
  inbox: readonly { id: number; message: string }[],
  sent: readonly string[],
  acknowledged: readonly string[],
): void {
  const texts = inbox.map(one => one.message)
  assertOnceEach(texts, acknowledged)
  assert.equal(new Set(texts).size, texts.length, 'a message is there twice')
  const known = new Set(sent)
  assert.deepEqual(
    texts.filter(text => !known.has(text)),
    [],
    'a message that nobody sent',
  )
  assert.deepEqual(
    inbox.map(one => one.id),
    inbox.map((_, index) => index + 1),
  )
  for (const name of names) {
    const own = texts.filter(text => text.includes(`${name} `))
    assert.deepEqual(own, own.toSorted(), `${name}'s messages are not in the order in which they were sent`)
  }
}
