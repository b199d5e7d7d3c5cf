// The search index, and what is found in it: only in the conversations that are asked about, the newest first.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ConversationId, IndexWords, Seq, Store } from '../../../src/store/store.ts'
import { accounts, kindsOf, type Make, message, nowMs, sendOne, stored, writeOne } from '../subject.ts'

/** The words of texts, as simply as it can be done. */
function indexing(upTo: Seq, texts: readonly (readonly [Seq, string])[]): IndexWords {
  const messages = texts.map(([seq, text]) => ({ seq, words: [...new Set(text.split(' '))] }))
  return { kind: 'index-words', upTo, messages }
}

/** Notes of Ann's to herself and messages to Bob, taking turns, and indexed. */
async function indexed(store: Store, ...texts: readonly string[]) {
  const [ann, bob] = await accounts(store, 'Ann', 'Bob')
  const batch = texts.map((text, index) => message(ann, index % 2 === 0 ? ann : bob, text))
  const written = (await store.write(batch, nowMs)).map(stored)
  const entries = written.map(({ seq }, index) => [seq, texts[index] ?? ''] as const)
  assert.deepEqual(await kindsOf(store, indexing(texts.length, entries)), ['done'])
  return { ann, bob, notes: written[0]?.conversation ?? 0, pair: written[1]?.conversation ?? 0 }
}

/** All of a conversation. */
const whole = (conversation: number) => ({ conversation, after: 0, upTo: 1_000_000 })

/** Finds by words, of which `word*` is a prefix. */
async function find(store: Store, query: string, conversations: ConversationId[], before = 1_000_000, limit = 100) {
  const words = query.split(' ').map(word => ({ word: word.replace('*', ''), isPrefix: word.endsWith('*') }))
  return store.findWords({ words, within: conversations.map(whole), before, limit })
}

/** Whether a text of these words has the word, or with a star one that begins so. */
const has = (text: readonly unknown[], one: string) =>
  text.some(each => (one.endsWith('*') ? String(each).startsWith(one.slice(0, -1)) : each === one))

export function searchConforms(make: Make): void {
  test('messages that have every word are found, the newest first, only where one looks', async () => {
    await using subject = await make()
    const { store } = subject
    const { notes, pair } = await indexed(store, 'red apple', 'red pear', 'green apple', 'red red apple', 'apple')
    const both = [notes, pair]
    assert.deepEqual(await find(store, 'apple', both), [5, 4, 3, 1])
    assert.deepEqual(await find(store, 'apple red', both), [4, 1])
    assert.deepEqual(await find(store, 'apple', [pair]), [4])
    assert.deepEqual(await find(store, 'apple', [notes, notes]), [5, 3, 1])
    assert.deepEqual(await find(store, 'apple plum', both), [])
    assert.deepEqual([await find(store, 'apple', []), await find(store, 'apple', [9_999])], [[], []])
    assert.deepEqual(await store.findWords({ words: [], within: both.map(whole), before: 9, limit: 9 }), [])
    const parts = [
      { conversation: notes, after: 1, upTo: 3 },
      { conversation: notes, after: 4, upTo: 5 },
    ]
    const apple = [{ word: 'apple', isPrefix: false }]
    assert.deepEqual(await store.findWords({ words: apple, within: parts, before: 99, limit: 9 }), [5, 3])
    assert.deepEqual(await store.findWords({ words: apple, within: parts, before: 5, limit: 9 }), [3])
    assert.deepEqual(await find(await subject.reopen(), 'green', both), [3])
  })

  test('a prefix finds the words that begin so, once a message, also among other words', async () => {
    await using subject = await make()
    const { store } = subject
    const { notes, pair } = await indexed(store, 'app apple apply', 'ap 漢字', 'apple 漢', 'ban', 'apq')
    const both = [notes, pair]
    assert.deepEqual(await find(store, 'app*', both), [3, 1])
    assert.deepEqual(await find(store, 'ap*', both), [5, 3, 2, 1])
    assert.deepEqual(await find(store, 'ap* 漢*', both), [3, 2])
    assert.deepEqual(await find(store, 'apple ap* 漢*', both), [3])
    assert.deepEqual([await find(store, 'app', both), await find(store, 'b*', [notes])], [[1], []])
  })

  test('pages go back by seq: before is left out, no more than the limit', async () => {
    await using subject = await make()
    const { store } = subject
    const { notes, pair } = await indexed(store, ...Array.from({ length: 9 }, () => 'same'))
    const page = (before: Seq, limit: number) => find(store, 'same', [pair, notes], before, limit)
    assert.deepEqual([await page(10, 4), await page(6, 4), await page(2, 4)], [[9, 8, 7, 6], [5, 4, 3, 2], [1]])
    assert.deepEqual([await page(1, 4), await page(10, 0)], [[], []])
  })

  test('a message is found by the words of each of its versions, and not by words of two of them', async () => {
    await using subject = await make()
    const { store } = subject
    const { ann, notes, pair } = await indexed(store, 'red apple', 'red pear', 'red plum')
    const both = [notes, pair]
    const edit = (text: string) => ({ kind: 'edit', sender: ann, message: 1, text, sentAtS: 1 }) as const
    await kindsOf(store, edit('blue apple'), edit('green pear')) // 4, 5
    await kindsOf(
      store,
      indexing(5, [
        [4, 'blue apple'],
        [5, 'green pear'],
      ]),
    )
    assert.deepEqual(await find(store, 'red', both), [3, 2, 1])
    assert.deepEqual([await find(store, 'blue', both), await find(store, 'gre*', both)], [[1], [1]])
    assert.deepEqual([await find(store, 'blue apple', both), await find(store, 'pear green', both)], [[1], [1]])
    assert.deepEqual([await find(store, 'red pear', both), await find(store, 'blue pear', both)], [[2], []])
    // The edits themselves are not found, and where one looks is decided by the message.
    const blue = [{ word: 'blue', isPrefix: false }]
    const edits = [{ conversation: notes, after: 3, upTo: 5 }]
    assert.deepEqual(await store.findWords({ words: blue, within: edits, before: 9, limit: 9 }), [])
    assert.deepEqual(await find(await subject.reopen(), 'green pear', both), [1])
  })

  test('the words of all versions are forgotten with a delete, also those that come late', async () => {
    await using subject = await make()
    const { store } = subject
    const { ann, notes, pair } = await indexed(store, 'red', 'red', 'red')
    const both = [notes, pair]
    await kindsOf(store, { kind: 'edit', sender: ann, message: 2, text: 'blue', sentAtS: 1 }) // 4
    await kindsOf(store, indexing(4, [[4, 'blue']]))
    await kindsOf(store, { kind: 'delete', sender: ann, message: 2 }) // 5
    assert.deepEqual([await find(store, 'red', both), await find(store, 'blue', both)], [[3, 1], []])
    // Words that were read before the delete, and come after it.
    await kindsOf(
      store,
      indexing(5, [
        [2, 'red'],
        [4, 'blue'],
      ]),
    )
    assert.deepEqual([await find(store, 'red', both), await find(store, 'blue', both)], [[3, 1], []])
  })

  test('words go with the account that is deleted, also those that come late', async () => {
    await using subject = await make()
    const { store } = subject
    const { ann, bob, notes, pair } = await indexed(store, 'red', 'red')
    await sendOne(store, message(bob, ann, 'red')) // 3
    await kindsOf(store, { kind: 'edit', sender: ann, message: 1, text: 'blue', sentAtS: 1 }) // 4
    const late = indexing(4, [
      [3, 'red'],
      [4, 'blue'],
    ])
    await kindsOf(store, late, { kind: 'delete-account', account: ann })
    await kindsOf(store, { kind: 'erase-some', account: ann, limit: 100 })
    const found = async () => [await find(store, 'red', [notes, pair]), await find(store, 'blue', [notes, pair])]
    assert.deepEqual(await found(), [[3], []])
    await kindsOf(
      store,
      indexing(5, [
        [1, 'red'],
        [4, 'blue'],
      ]),
    )
    assert.deepEqual(await found(), [[3], []])
  })

  test('how far the index reaches only rises; a repeat is harmless, and one from before another batch is ignored', async () => {
    await using subject = await make()
    const { store } = subject
    assert.equal(await store.indexedUpTo(), 0)
    const { ann, notes } = await indexed(store, 'old', 'x', 'y')
    assert.equal(await store.indexedUpTo(), 3)
    await kindsOf(store, { kind: 'edit', sender: ann, message: 1, text: 'new', sentAtS: 1 })
    const second = indexing(4, [[4, 'new']])
    await kindsOf(store, second, second)
    assert.equal((await writeOne(store, indexing(3, [[1, 'older']]))).kind, 'done')
    assert.deepEqual([await find(store, 'older', [notes]), await find(store, 'new', [notes])], [[], [1]])
    assert.equal(await (await subject.reopen()).indexedUpTo(), 4)
  })

  test('whatever the words, what is found is what has them all', async () => {
    await using subject = await make()
    const { store } = subject
    const letters = 'abc'
    const texts = Array.from({ length: 60 }, (_, n) => [
      letters[n % 3],
      `${letters[(n >> 1) % 3]}${n % 5}`,
      `w${n % 7}`,
    ])
    const { notes, pair } = await indexed(store, ...texts.map(words => words.join(' ')))
    const word = fc.constantFrom('a', 'b', 'a1', 'b*', 'c2', 'w*', 'w3', 'zz', 'z*')
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(word, { minLength: 1, maxLength: 4 }),
        fc.constantFrom<number[][]>([notes], [pair], [pair, notes]),
        fc.integer({ min: 1, max: 62 }),
        fc.integer({ min: 1, max: 20 }),
        async (words, where, before, limit) => {
          const expected = texts
            .map((text, index) => [index + 1, index % 2 === 0 ? notes : pair, text] as const)
            .filter(([seq, at, text]) => seq < before && where.includes(at) && words.every(one => has(text, one)))
            .map(([seq]) => seq)
          assert.deepEqual(
            await find(store, words.join(' '), where, before, limit),
            expected.toReversed().slice(0, limit),
          )
        },
      ),
      { numRuns: 200 },
    )
  })
}
