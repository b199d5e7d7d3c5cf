// A large inbox: streamed in bounded memory, as fast as its reader reads, and at no cost once nobody does.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Entry, Store } from '../../src/store/store.ts'
import { startInside } from './inside.ts'
import { type InboxRow, startHullo, temporaryFolder } from './server.ts'

/** About 120 MB as JSON: far more than what a server that streams may hold. */
const messagesInAll = 200_000
const filler = 'a message of a usual length, with some words in it. '.repeat(9)

const bob = { username: 'bob', password: 'bob' }

describe('an inbox of two hundred thousand messages', () => {
  const folder = temporaryFolder()
  let sent: readonly Entry[]
  before(async () => {
    sent = await fill(folder.dir)
  })
  after(() => folder[Symbol.dispose]())

  it('comes whole and in order, while the server holds little of it, be its reader ever so slow', async () => {
    await using server = await startHullo(['--log-level', 'info'], folder.dir)
    const [, pid = ''] = await server.program.printed(/"pid":(\d+).*"listening"/)
    await server.ask('GET', '/auth', { json: bob })
    const atRest = residentKiB(pid)
    let most = atRest
    const chunks: Uint8Array[] = []
    let untilLook = 0
    const socket = askInbox(server.port)
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      untilLook -= chunk.length
      if (untilLook > 0) continue
      // While this looks, which takes milliseconds, nothing is read: the server could run ahead, if it did.
      most = Math.max(most, residentKiB(pid))
      untilLook = 4_000_000
    }
    const body = unchunked(Buffer.concat(chunks))
    assert.ok(body.length > 100_000_000, `${body.length} bytes`)
    assert.ok(most - atRest < 100_000, `the server grew by ${most - atRest} KiB`)
    const { messages } = JSON.parse(body.toString()) as { messages: readonly InboxRow[] }
    assert.equal(messages.length, messagesInAll)
    for (const [index, { seq, text, sentAtS }] of sent.entries()) {
      const row = messages[index]
      const same =
        row?.id === seq &&
        row.sender === 'will' &&
        row.recipient === 'bob' &&
        row.message === text &&
        row.timestamp === sentAtS
      if (!same) assert.deepEqual(row, sent[index])
    }
    await server.stop()
  })

  it('is not read on for a reader who has stopped, nor for one who has left, nor for HEAD', async () => {
    let pages = 0
    const counting = (store: Store): Store => ({
      ...store,
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
      entriesAt: seqs => {
        pages += 1
        return store.entriesAt(seqs)
      },
    })
    await using server = await startInside({ data: folder.dir }, counting)
    await server.ask('GET', '/auth', { json: bob })

    /** Answers other people until no page has been read for a hundred of their requests; the pages read until then. */
    async function pagesUntilQuiet(): Promise<number> {
      pages = 0
      for (let quiet = 0, last = -1; quiet < 100; quiet += 1) {
        await server.ask('GET', '/')
        if (pages !== last) quiet = 0
        last = pages
      }
      return pages
    }

    const all = messagesInAll / 16
    const stopped = askInbox(server.port)
    await once(stopped, 'readable')
    assert.ok((await pagesUntilQuiet()) < all / 2, `${pages} pages for one who has stopped`)
    stopped.destroy()
    assert.ok((await pagesUntilQuiet()) < all / 10, `${pages} pages for one who has left`)
    pages = 0
    const head = await server.ask('HEAD', '/get_messages', { json: bob })
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, undefined])
    assert.ok(pages < 5, `${pages} pages for HEAD`)
  })

  it('asked for two hundred times in one go is read once at a time', async () => {
    let begun = 0
    const watching = (store: Store): Store => ({
      ...store,
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
      directsOf: account => {
        begun += 1
        return store.directsOf(account)
      },
    })
    await using server = await startInside({ data: folder.dir }, watching)
    await server.ask('GET', '/auth', { json: bob })
    const socket = connect({ host: '127.0.0.1', port: server.port })
    socket.on('error', () => {})
    socket.write('GET /get_messages?username=bob HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(200))
    await once(socket, 'readable')
    for (let count = 0; count < 50; count += 1) await server.ask('GET', '/')
    assert.equal(socket.closed, false)
    assert.equal(begun, 1)
    socket.destroy()
  })
})

describe('requests without end', () => {
  it('that are sent on one connection while nobody reads the answers are cut off', async () => {
    await using server = await startInside()
    const socket = connect({ host: '127.0.0.1', port: server.port })
    socket.on('error', () => {})
    const register = JSON.stringify({ username: 'bob', password: 'bob' })
    socket.write(`POST /register HTTP/1.1\r\nHost: a\r\nContent-Length: ${register.length}\r\n\r\n${register}`)
    const burst = 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(1_000)
    socket.resume()
    const closed = once(socket, 'close')
    socket.write(burst)
    await closed
    assert.equal((await server.ask('GET', '/')).body, 'hello')
  })
})

/** A store that reads this many pages and then fails. */
function failing(pagesGood: number): (store: Store) => Store {
  return store => {
    let pages = 0
    return {
      ...store,
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
      async entriesAt(seqs) {
        // One entry alone is no page: the live tail asks where the log ends when the server starts.
        if (seqs.length > 1) pages += 1
        if (pages > pagesGood) throw new Error('the disk is gone')
        return store.entriesAt(seqs)
      },
    }
  }
}

describe('when the store fails', () => {
  it('before the answer has begun, it is 503, in JSON, without a word about the cause', async () => {
    using folder = temporaryFolder()
    await fill(folder.dir, 10)
    await using server = await startInside({ data: folder.dir }, failing(0))
    await server.ask('GET', '/auth', { json: bob })
    const { status, body } = await server.ask('GET', '/get_messages', { json: bob })
    assert.deepEqual([status, (JSON.parse(body) as { error: string }).error], [503, 'unavailable'])
    assert.doesNotMatch(body, /disk/)
  })

  it('in the middle of an answer, that breaks off: a short inbox never looks whole', async () => {
    using folder = temporaryFolder()
    await fill(folder.dir, 3_000)
    await using server = await startInside({ data: folder.dir }, failing(5))
    await server.ask('GET', '/auth', { json: bob })
    const chunks: Uint8Array[] = []
    const socket = askInbox(server.port)
    try {
      for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk)
    } catch {} // a reset is as good
    const text = Buffer.concat(chunks).toString()
    assert.match(text, /^HTTP\/1\.1 200 /)
    assert.doesNotMatch(text, /\]\}|\r\n0\r\n\r\n$/)
  })

  it('sends are refused with 503 where nothing was stored, and where nobody knows', async () => {
    const { NotWritten, OutcomeUnknown } = await import('../../src/store/store.ts')
    for (const [error, code] of [
      [new NotWritten('full', false), 'unavailable'],
      [new OutcomeUnknown('?'), 'outcome-unknown'],
      [new Error('broken'), 'unavailable'],
    ] as const) {
      let fails = false
      await using server = await startInside({ lab: 'open' }, store => ({
        ...store,
        [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
        write: (batch, nowMs) => (fails ? Promise.reject(error) : store.write(batch, nowMs)),
      }))
      assert.equal((await server.ask('POST', '/register', { json: bob })).body, '1')
      fails = true
      const json = { sender: 'bob', recipient: 'bob', message: 'x', timestamp: 1 }
      const { status, body } = await server.ask('POST', '/', { json })
      assert.deepEqual([status, (JSON.parse(body) as { error: string }).error], [503, code])
      const registered = await server.ask('POST', '/register', { json: { username: 'will', password: 'x' } })
      assert.equal(registered.status, 503)
    }
  })
})

/** Writes messages from will to bob, whose passwords are their names, and returns them as the store's log has them. */
async function fill(dir: string, count = messagesInAll): Promise<readonly Entry[]> {
  {
    await using server = await startInside({ data: dir })
    for (const name of ['bob', 'will'])
      await server.ask('POST', '/register', { json: { username: name, password: name } })
  }
  await using store = openSqlite(dir)
  const [reader, sender] = [await store.accountByKey('bob'), await store.accountByKey('will')]
  assert.ok(reader !== undefined && sender !== undefined)
  const log: Entry[] = []
  for (let from = 0; from < count; from += 1_000) {
    const batch = Array.from({ length: Math.min(1_000, count - from) }, (_, index) => ({
      kind: 'send-direct' as const,
      sender: sender.id,
      recipient: reader.id,
      text: `${from + index} ${filler}`,
      sentAtS: 1_700_000_000 + (from + index) / 8,
    }))
    await store.write(batch, Date.now())
    log.push(...(await store.entriesAfter(log.length, 1_000)))
  }
  // As if the search index had caught up: what is measured here is the reading.
  await store.write([{ kind: 'index-words', upTo: count, messages: [] }], Date.now())
  return log
}

function askInbox(port: number): Socket {
  const socket = connect({ host: '127.0.0.1', port })
  socket.write('GET /get_messages?username=bob HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')
  return socket
}

/** The body of a chunked answer. */
function unchunked(answer: Buffer): Buffer {
  const parts: Uint8Array[] = []
  let at = answer.indexOf('\r\n\r\n') + 4
  for (;;) {
    const end = answer.indexOf('\r\n', at)
    const size = Number.parseInt(answer.toString('latin1', at, end), 16)
    if (!(size > 0)) return Buffer.concat(parts)
    parts.push(answer.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}

/** What a process holds of the machine's memory. */
function residentKiB(pid: string): number {
  const status = `/proc/${pid}/status`
  if (existsSync(status)) return Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1])
  return Number(spawnSync('ps', ['-o', 'rss=', '-p', pid], { encoding: 'utf8' }).stdout)
}
