// The page's copy of one conversation: a stretch of its log without a hole, whichever end it is read from and whatever comes
// meanwhile.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Log } from '../../web/model/log.ts'
import type { EntryView } from '../../src/sdk/sdk.ts'
import { entry, fakeServer } from './model.ts'

const many = (count: number): EntryView[] => Array.from({ length: count }, (_, index) => entry(index + 1))
const seqs = (log: Log) => log.blocks.value.flatMap(block => block.lines.value.map(({ seq }) => seq))
const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

test('opened at its end, it is read upwards to its beginning, each line once and in order', async () => {
  const server = fakeServer(many(500))
  const log = new Log(server.me, () => 7)
  await log.openAtEnd()
  assert.equal(log.hasEnd.value, true)
  assert.equal(seqs(log).at(-1), 500)
  const held = log.blocks.value[0]
  while (!log.hasStart.value) await log.loadOlder()
  assert.deepEqual(seqs(log), upTo(1, 500))
  assert.ok(log.blocks.value.includes(held as never), 'a block that was there is still the same one')
})

test('what comes while a page is on its way is neither lost nor doubled', async () => {
  const server = fakeServer(many(30))
  const log = new Log(server.me, () => 7)
  server.whileLoading = () => {
    const late = entry(31)
    server.entries.push(late)
    log.heard(late)
    server.whileLoading = () => {}
  }
  await log.openAtEnd()
  log.heard(entry(32))
  log.heard(entry(32))
  assert.deepEqual(seqs(log), upTo(1, 32))
})

test('opened in the middle it takes nothing from the end until that is reached', async () => {
  const server = fakeServer(many(1_000))
  const log = new Log(server.me, () => 7)
  await log.openAt(500)
  assert.equal(log.sight.value?.seq, 500)
  assert.ok(log.holds(500) && !log.holds(1_000))
  server.entries.push(entry(1_001))
  log.heard(entry(1_001))
  assert.ok(!log.holds(1_001), 'there would be a hole before it')
  while (!log.hasEnd.value) await log.loadNewer()
  while (!log.hasStart.value) await log.loadOlder()
  assert.deepEqual(seqs(log), upTo(1, 1_001))
})

test('a line that is there already is shown without asking the server', async () => {
  const server = fakeServer(many(50))
  const log = new Log(server.me, () => 7)
  await log.openAtEnd()
  const before = server.pages
  await log.openAt(20)
  await log.openAt(20)
  assert.equal(server.pages, before)
  assert.equal(log.sight.value?.nth, 2, 'asked for twice, it is shown twice')
})

test('an edit and an erasure change their line, be it in a page or live, once or twice', async () => {
  const server = fakeServer([
    ...many(3),
    entry(4, { kind: 'edit', refersTo: 2, text: 'better' }),
    entry(5, { kind: 'delete', refersTo: 3 }),
  ])
  const log = new Log(server.me, () => 7)
  await log.openAtEnd()
  assert.deepEqual(seqs(log), [1, 2, 3])
  assert.equal(log.find(2)?.text, 'better')
  assert.equal(log.find(2)?.edited, true)
  assert.equal(log.find(3)?.kind, 'erased')
  assert.equal(log.find(3)?.text, undefined)
  const erase = entry(6, { kind: 'delete', refersTo: 2 })
  log.heard(erase)
  log.heard(erase)
  assert.equal(log.find(2)?.kind, 'erased')
  log.heard(entry(7, { kind: 'edit', refersTo: 2, text: 'back again' }))
  assert.equal(log.find(2)?.text, undefined, 'what is erased stays so')
})

test('a page that holds only changes does not end the way to the beginning', async () => {
  const changes = Array.from({ length: 100 }, (_, index) =>
    entry(11 + index, { kind: 'edit', refersTo: 10, text: 'x' }),
  )
  const server = fakeServer([...many(10), ...changes])
  const log = new Log(server.me, () => 7)
  await log.openAtEnd()
  while (!log.hasStart.value) await log.loadOlder()
  assert.deepEqual(seqs(log), upTo(1, 10))
  assert.equal(log.find(10)?.edited, true)
})

test('after a rollback it is loaded anew; what nobody looks at is given back', async () => {
  const server = fakeServer(many(400))
  const log = new Log(server.me, () => 7)
  await log.openAtEnd()
  while (!log.hasStart.value) await log.loadOlder()
  log.rest()
  assert.ok(seqs(log).length < 200)
  while (!log.hasStart.value) await log.loadOlder()
  assert.deepEqual(seqs(log), upTo(1, 400))
  log.dropAfter(400)
  assert.equal(log.state.value, 'ready', 'nothing of it was lost')
  server.entries.length = 380
  log.dropAfter(380)
  assert.equal(log.state.value, 'empty')
  await log.openAtEnd()
  assert.equal(seqs(log).at(-1), 380)
})

test('a conversation that nobody has written in is all there, and takes its first message', async () => {
  let id: number | 'none' = 'none'
  const server = fakeServer()
  const log = new Log(server.me, () => id)
  await log.openAtEnd()
  assert.equal(log.state.value, 'ready')
  assert.equal(server.pages, 0)
  id = 7
  log.heard(entry(12))
  assert.deepEqual(seqs(log), [12])
})

/** Lines that a log holds at most. */
const linesMax = 24_000

test('read back for hours and forth again, it holds a bounded stretch of itself, without a hole', async () => {
  const server = fakeServer(many(linesMax + 600))
  const log = new Log(server.me, () => 7)
  await log.openAtEnd()
  while (!log.hasStart.value) {
    await log.loadOlder()
    assert.ok(seqs(log).length <= linesMax)
  }
  assert.deepEqual(seqs(log), upTo(1, linesMax))
  assert.equal(log.hasEnd.value, false)
  log.heard(entry(linesMax + 601))
  assert.ok(!log.holds(linesMax + 601), 'there would be a hole before it')
  server.entries.push(entry(linesMax + 601))
  while (!log.hasEnd.value) await log.loadNewer()
  assert.deepEqual(seqs(log), upTo(linesMax + 601 - seqs(log).length + 1, linesMax + 601))
  assert.ok(seqs(log).length <= linesMax)
  assert.equal(log.hasStart.value, false)
})

test('what comes while one reads far back takes nothing from under the reader', async () => {
  const server = fakeServer(many(linesMax - 30))
  const log = new Log(server.me, () => 7)
  await log.openAtEnd()
  while (!log.hasStart.value) await log.loadOlder()
  log.isFollowed = false
  for (let seq = linesMax - 29; seq <= linesMax + 60; seq += 1) {
    server.entries.push(entry(seq))
    log.heard(entry(seq))
  }
  assert.equal(seqs(log)[0], 1)
  assert.ok(seqs(log).length <= linesMax)
  await log.toEnd()
  assert.equal(seqs(log).at(-1), linesMax + 60)
})

test('asked for its end while an older page is on its way, it is at its end, and has no hole', async () => {
  const server = fakeServer(many(1_000))
  const log = new Log(server.me, () => 7)
  await log.openAt(500)
  const older = log.loadOlder()
  await log.toEnd()
  assert.equal(await older, false, 'what was asked for before is wanted no more')
  assert.equal(seqs(log).at(-1), 1_000)
  await log.loadOlder()
  assert.deepEqual(seqs(log), upTo(881, 1_000))
})

test('asked for an entry while another page is on its way, it has the entry', async () => {
  const server = fakeServer(many(1_000))
  const log = new Log(server.me, () => 7)
  const end = log.openAtEnd()
  await log.openAt(500)
  await end
  assert.ok(log.holds(500))
  assert.equal(log.sight.value?.seq, 500)
})

test('what comes while it is dropped and begun anew is there once', async () => {
  const server = fakeServer(many(30))
  const log = new Log(server.me, () => 7)
  const first = log.openAtEnd()
  log.reset()
  server.entries.push(entry(31))
  log.heard(entry(31))
  const second = log.openAtEnd()
  log.heard(entry(32))
  server.entries.push(entry(32))
  await Promise.all([first, second])
  assert.deepEqual(seqs(log), upTo(1, 32))
})

test('while it is not known whether there is a conversation, its log says nothing of a beginning or an end', async () => {
  let id: number | 'none' | undefined
  const server = fakeServer(many(30))
  const log = new Log(server.me, () => id)
  await log.openAtEnd()
  await log.toEnd()
  await log.openAt(20)
  assert.deepEqual([log.state.value, log.hasStart.value, log.hasEnd.value], ['empty', false, false])
  assert.equal(log.sight.value, undefined)
  log.heard(entry(31))
  assert.equal(log.copied.value, undefined, 'nothing of it is kept')
  id = 7
  await log.openAtEnd()
  assert.deepEqual(seqs(log), upTo(1, 30))
})

test('an entry that names one before it that was not seen does not stand after a hole', async () => {
  const server = fakeServer(many(30))
  const log = new Log(server.me, () => 7)
  await log.openAtEnd()
  log.heard(entry(31, { prev: 30 }))
  assert.equal(log.state.value, 'ready')
  log.heard(entry(40, { prev: 35 }))
  assert.equal(log.state.value, 'empty', 'it is loaded anew')
})

test('taken for not begun, it is loaded where the server lists more of it than came here', async () => {
  let id: number | 'none' = 'none'
  const server = fakeServer(many(3))
  const log = new Log(server.me, () => id)
  await log.openAtEnd()
  id = 7
  log.begun(3)
  assert.equal(log.state.value, 'empty')
  await log.openAtEnd()
  assert.deepEqual(seqs(log), [1, 2, 3])
  log.begun(4)
  assert.equal(log.state.value, 'ready', 'what was loaded goes on with the stream')
})

test('a kept log is not called whole where its first line names one before it, and goes on after its last entry', async () => {
  const lines = [entry(5, { prev: 4 }), entry(6, { prev: 5 })]
  const log = new Log(fakeServer(many(8)).me, () => 7)
  log.restore({ lines, hasStart: true, lastSeq: 7 })
  assert.equal(log.hasStart.value, false)
  log.heard(entry(8, { prev: 7 }))
  assert.deepEqual(seqs(log), [5, 6, 8])
  await log.loadOlder()
  assert.equal(seqs(log)[0], 1)
  assert.equal(log.hasStart.value, true)
})
