import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Entry, IndexWords, Write, Written } from '../../store/store.ts'
import { Committer } from '../log/committer.ts'
import { Indexer, indexWrite, restMs } from './indexer.ts'
import { wordsOf } from '../../protocol/words.ts'

type Said = Pick<Entry, 'kind' | 'text' | 'refersTo'>

/** A log and an index as plain as can be. The index holds words under messages; it gives none to erased ones. */
class Place {
  readonly #entries: Entry[] = []
  readonly index = new Map<number, Set<string>>()
  readonly batches: IndexWords[] = []
  indexed = 0
  isBroken = false

  readonly log = {
    head: async () => this.head,
    indexedUpTo: async () => this.indexed,
    entriesAfter: async (after: number, limit: number) => this.#entries.slice(after, after + limit),
  }
  readonly committer = new Committer({ write: async batch => this.#write(batch) }, () => 0)

  get head(): number {
    return this.#entries.length
  }

  add({ kind, text, refersTo }: Said): void {
    const seq = this.head + 1
    const rest = { conversation: 1, sender: 1, subject: null, sentAtS: 0, storedAtMs: 0 }
    this.#entries.push({ seq, kind, text, refersTo, ...rest })
    const target = this.#entries[(refersTo ?? 0) - 1]
    if (target === undefined || target.kind !== 'text') return
    if (kind !== 'delete') return
    for (const one of this.#entries.filter(each => each === target || each.refersTo === target.seq)) {
      this.#entries[one.seq - 1] = { ...one, kind: one === target ? 'erased' : one.kind, text: '' }
    }
    this.index.delete(target.seq)
  }

  say(text: string): void {
    this.add({ kind: 'text', text, refersTo: null })
  }

  #write(batch: readonly Write[]): readonly Written[] {
    if (this.isBroken) throw new Error('the disk is gone')
    return batch.map(write => {
      assert.equal(write.kind, 'index-words')
      this.batches.push(write)
      for (const { seq, words } of write.messages) {
        const message = this.#messageOf(seq)
        if (message?.kind === 'text') this.#found(this.index, message.seq, words)
      }
      this.indexed = write.upTo
      return { kind: 'done' }
    })
  }

  /** What the index is to hold: the words of all versions of every message that was not erased. */
  expected(): Map<number, Set<string>> {
    const expected = new Map<number, Set<string>>()
    for (const { kind, seq, text } of this.#entries) {
      const message = this.#messageOf(seq)
      if ((kind === 'text' || kind === 'edit') && message?.kind === 'text') {
        this.#found(expected, message.seq, [...wordsOf(text)])
      }
    }
    return expected
  }

  #messageOf(seq: number): Entry | undefined {
    const version = this.#entries[seq - 1]
    return version?.kind === 'edit' ? this.#entries[(version.refersTo ?? 0) - 1] : version
  }

  #found(index: Map<number, Set<string>>, message: number, words: readonly string[]): void {
    if (words.length > 0) index.set(message, new Set([...(index.get(message) ?? []), ...words]))
  }
}

const never = new AbortController().signal

function wordsIn({ messages }: IndexWords): number {
  return messages.reduce((sum, { words }) => sum + words.length, 0)
}

test('whatever was said, edited and erased, the index has the words of all versions that are there', async () => {
  const text = fc.constantFrom('one', 'two words', 'drei Wörter hier', '東京', '...')
  const action = fc.oneof(
    fc.record({ kind: fc.constant('text' as const), text, refersTo: fc.constant(null) }),
    fc.record({
      kind: fc.constantFrom('edit' as const, 'delete' as const),
      text,
      refersTo: fc.integer({ min: 1, max: 30 }),
    }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(action, { maxLength: 12 }), { maxLength: 5 }), async parts => {
      const place = new Place()
      await using indexer = new Indexer(place.log, place.committer)
      for (const part of parts) {
        for (const one of part) if ((one.refersTo ?? 0) <= place.head) place.add(one)
        await indexer.reached(place.head, never)
        assert.deepEqual(place.index, place.expected())
      }
    }),
    { numRuns: 50 },
  )
})

test('goes on where it had come to, and leaves alone what was indexed before', async () => {
  const place = new Place()
  for (let at = 0; at < 10; at += 1) place.say(`word${at}`)
  place.indexed = 7
  await using indexer = new Indexer(place.log, place.committer)
  await indexer.reached(10, never)
  assert.deepEqual([...place.index.keys()], [8, 9, 10])
})

test('batches have a bounded number of words, whatever the messages', async () => {
  const place = new Place()
  const long = Array.from({ length: 700 }, (_, at) => `w${at}`).join(' ')
  for (let at = 0; at < 60; at += 1) place.say(long)
  await using indexer = new Indexer(place.log, place.committer)
  await indexer.reached(place.head, never)
  assert.ok(place.batches.length >= 10)
  for (const batch of place.batches) assert.ok(wordsIn(batch) <= 4_700, `${wordsIn(batch)}`)
})

test('a batch is at least one message, however long', async () => {
  const text = Array.from({ length: 8_000 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('')
  const place = new Place()
  place.say(text)
  place.say('next')
  const write = await indexWrite(await place.log.entriesAfter(0, 10))
  assert.equal(write.upTo, 1)
  assert.equal(wordsIn(write), 8_000)
})

test('it leaves the writer as much time as it takes, and nearly all where messages come faster than it can follow', () => {
  const batch = { tookMs: 4, indexed: 60, arrived: 10, inMs: 8 }
  assert.equal(restMs(batch), 4)
  assert.equal(restMs({ ...batch, arrived: 59 }), 4)
  assert.equal(restMs({ ...batch, arrived: 61 }), 80)
  assert.equal(restMs({ ...batch, arrived: 61, inMs: 80 }), 4)
  assert.equal(restMs({ ...batch, tookMs: 100, arrived: 1_000 }), 500)
  assert.equal(restMs({ ...batch, tookMs: 1_000, arrived: 0 }), 500)
})

test('who waits no longer is let go, also when nothing can be stored; what failed is done later', async () => {
  const place = new Place()
  place.say('hello')
  place.isBroken = true
  await using indexer = new Indexer(place.log, place.committer)
  const patience = new AbortController()
  const waited = indexer.reached(1, patience.signal)
  patience.abort()
  await waited
  assert.equal(place.indexed, 0)
  place.isBroken = false
  // The attempt that failed may be under way still: whoever asks next begins a new one.
  while (place.indexed === 0) await indexer.reached(1, AbortSignal.timeout(20))
  assert.equal(place.indexed, 1)
})

test('whoever waits is let go when it is disposed', async () => {
  const place = new Place()
  const indexer = new Indexer(place.log, place.committer)
  const waited = indexer.reached(5, never)
  await indexer[Symbol.asyncDispose]()
  await waited
})
