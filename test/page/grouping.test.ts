// How messages stand together on the page: where the new ones begin, a new day, and who is named again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aboveOf, firstNew } from '../../web/conversation/grouping.ts'
import { entry } from './model.ts'

const reader = { after: 10, hasStart: false, me: 'me' }

test('the mark stands above the first message of somebody else that was not read', () => {
  const join = entry(11, { kind: 'join' })
  const own = entry(12, { sender: 'me' })
  assert.equal(
    firstNew(
      [
        [entry(9), entry(10)],
        [join, own, entry(13), entry(14)],
      ],
      reader,
    ),
    13,
  )
  assert.equal(firstNew([[entry(9), entry(10), own]], reader), undefined, 'nothing of anybody else')
  assert.equal(firstNew([[join, entry(12)]], { ...reader, after: 0, hasStart: true }), 12, 'nothing was read yet')
})

test('there is none where it may belong before what is loaded', () => {
  assert.equal(firstNew([[entry(50), entry(51)]], reader), undefined)
  assert.equal(firstNew([[entry(50), entry(51)]], { ...reader, hasStart: true }), 50)
})

test('messages of one person stand together until somebody else, a new day, a while, or the mark', () => {
  const begins = (line = entry(2), before: ReturnType<typeof entry> | undefined = entry(1), markSeq?: number) =>
    aboveOf(line, before, markSeq).begins
  assert.equal(begins(), false)
  assert.equal(begins(entry(2, { sender: 'ben' })), true)
  assert.equal(begins(entry(2, { storedAt: 1_000 })), true)
  assert.equal(begins(entry(2), entry(1, { kind: 'join' })), true)
  assert.equal(begins(entry(2), entry(1), 2), true)
  assert.deepEqual(aboveOf(entry(1), undefined, undefined), { day: true, mark: false, begins: true })
  assert.equal(aboveOf(entry(2, { storedAt: 200_000 }), entry(1), undefined).day, true)
})
