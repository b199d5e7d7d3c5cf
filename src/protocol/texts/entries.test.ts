import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EntryKind, EntryView } from '../v1.ts'
import { edited, erased, whatHappened } from './entries.ts'
import { anywhere } from './format.ts'
import { lastSeen, online, typing } from './people.ts'

function entry(kind: EntryKind, more: Partial<EntryView> = {}): EntryView {
  return { seq: 2, prev: 1, conversation: 1, to: '#team', kind, sender: 'alice', sentAt: 0, storedAt: 0, ...more }
}

test('an entry says who did what to whom', () => {
  const subject = 'bob'
  const said = [
    entry('create'),
    entry('join'),
    entry('leave'),
    entry('invite', { subject }),
    entry('remove', { subject }),
    entry('role', { subject, text: 'owner' }),
    entry('role', { subject, text: 'member' }),
    entry('topic', { text: 'Soup' }),
    entry('topic', { text: '' }),
    entry('silence', { subject }),
    entry('unsilence', { subject }),
    entry('close'),
    entry('reopen'),
    entry('edit', { text: 'x', refersTo: 1 }),
    entry('delete', { refersTo: 1 }),
  ].map(each => whatHappened(each))
  assert.deepEqual(said, [
    'alice made this room',
    'alice joined',
    'alice left',
    'alice added bob',
    'alice removed bob',
    'alice made bob an owner',
    'alice took the ownership from bob',
    'alice set the topic: Soup',
    'alice removed the topic',
    'alice silenced bob',
    'alice let bob write again',
    'alice closed the room for writing',
    'alice opened the room for writing again',
    'alice edited a message',
    'alice erased a message',
  ])
})

test('what somebody did to themselves is said so', () => {
  const said = [entry('role', { text: 'owner' }), entry('role', { text: 'member' }), entry('silence'), entry('remove')]
  assert.deepEqual(
    said.map(each => whatHappened(each)),
    ['alice became an owner', 'alice gave up the ownership', 'alice silenced themselves', 'alice removed themselves'],
  )
  assert.equal(whatHappened(entry('silence'), 'alice'), 'You silenced yourself')
})

test('the reader is spoken to', () => {
  const silenced = entry('silence', { subject: 'bob' })
  assert.equal(whatHappened(silenced, 'bob'), 'alice silenced you')
  assert.equal(whatHappened(silenced, 'alice'), 'You silenced bob')
})

test('a message says itself, and an erased one has its own words', () => {
  assert.equal(whatHappened(entry('text', { text: 'hi' })), undefined)
  assert.equal(whatHappened(entry('erased')), undefined)
  assert.deepEqual([erased, edited, online], ['This message was erased.', 'edited', 'here now'])
})

test('who is typing is told by name, up to three', () => {
  assert.equal(typing([], anywhere), undefined)
  assert.equal(typing(['alice'], anywhere), 'alice is typing')
  assert.equal(typing(['alice', 'bob', 'carol'], anywhere), 'alice, bob and carol are typing')
  assert.equal(typing(['alice', 'bob', 'carol', 'dora'], anywhere), '4 people are typing')
})

test('how long somebody is away is told only where it is shown', () => {
  assert.equal(lastSeen(undefined, 1_000, anywhere), undefined)
  assert.equal(lastSeen(990, 1_000, anywhere), 'last seen a moment ago')
  assert.equal(lastSeen(1_000, 8_200, anywhere), 'last seen 2 hours ago')
})

test('a kind of entry that only a newer server knows says nothing', () => {
  assert.equal(whatHappened(entry('poll' as EntryKind)), undefined)
  assert.equal(whatHappened(entry('toString' as EntryKind)), undefined)
})
