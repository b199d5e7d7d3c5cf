// What comes back is what was given: every well-formed text without NUL, every time to its last bit.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { textBytesMax, timestampSecondsMax } from '../../../src/protocol/limits.ts'
import { accounts, type Make, message, nowMs, seqsOfResults } from '../subject.ts'

/** Any well-formed string without NUL, with the characters that stores and tools trip over more often than by chance. */
const texts = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc
      .array(fc.constantFrom("'", '"', '\\', '\n', '\r\n', '\t', '\u{feff}', '\u{ffff}', '\u{10ffff}', '%', '_', '{'))
      .map(parts => parts.join('')),
  )
  .map(text => text.replaceAll('\0', ''))

const times = fc.oneof(
  fc.double({ min: 0, max: timestampSecondsMax, noNaN: true }),
  fc.integer({ min: 0, max: timestampSecondsMax }),
  fc.constantFrom(0, Number.MIN_VALUE, 0.1 + 0.2, 1_700_000_000.123_456_7, timestampSecondsMax),
)

export function roundTripConforms(make: Make): void {
  test('any well-formed text without NUL comes back the same, with the same time to the last bit', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(texts, times), { minLength: 1, maxLength: 20 }), async drafts => {
        const batch = drafts.map(([text, sentAtS]) => message(ann, bob, text, sentAtS + 0))
        const seqs = seqsOfResults(await store.write(batch, nowMs))
        const entries = await store.entriesAt(seqs)
        assert.deepEqual(
          entries.map(({ text, sentAtS }) => [text, sentAtS]),
          batch.map(({ text, sentAtS }) => [text, sentAtS]),
        )
      }),
      { numRuns: 60 },
    )
  })

  test('the empty text, and the largest in one, two, three and four bytes a character', async () => {
    await using subject = await make()
    const [ann, bob] = await accounts(subject.store, 'Ann', 'Bob')
    const largest = ['a', 'é', '€', '😀'].map(one => one.repeat(textBytesMax / Buffer.byteLength(one)))
    const batch = ['', ...largest].map(text => message(ann, bob, text))
    await subject.store.write(batch, nowMs)
    const entries = await (await subject.reopen()).entriesAfter(0, 10)
    assert.deepEqual(
      entries.map(entry => entry.text),
      batch.map(({ text }) => text),
    )
  })

  test('names and passwords come back the same', async () => {
    await using subject = await make()
    const { store } = subject
    const account = { name: "Zoë O'Neil", nameKey: "zoë o'neil", password: '$argon2id$v=19$', passwordRule: 8 }
    await store.write([{ kind: 'register', ...account }], nowMs)
    const found = await store.accountByKey(account.nameKey)
    assert.deepEqual([found?.name, found?.password, found?.passwordRule], [account.name, account.password, 8])
  })
}
