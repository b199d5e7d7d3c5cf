import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Write, Written } from '../../store/store.ts'
import { noticeOf } from './log-notice.ts'

const direct = { kind: 'send-direct', sender: 1, recipient: 2, text: 'hi', sentAtS: 1.5 } as const
const room = { kind: 'send-room', sender: 2, conversation: 9, text: 'all', sentAtS: 2 } as const
const edit = { kind: 'edit', sender: 1, message: 5, text: 'ho', sentAtS: 3 } as const

function stored(seq: number, conversation = 7, repeated = false): Written {
  return { kind: 'stored', seq, conversation, storedAtMs: 1_000 + seq, repeated }
}

test('messages go along as they are stored', () => {
  assert.deepEqual(noticeOf([direct, room], [stored(5), stored(6, 9)]), {
    kind: 'log',
    head: 6,
    entries: [
      {
        seq: 5,
        conversation: 7,
        sender: 1,
        kind: 'text',
        text: 'hi',
        refersTo: null,
        subject: null,
        sentAtS: 1.5,
        storedAtMs: 1_005,
      },
      {
        seq: 6,
        conversation: 9,
        sender: 2,
        kind: 'text',
        text: 'all',
        refersTo: null,
        subject: null,
        sentAtS: 2,
        storedAtMs: 1_006,
      },
    ],
  })
})

test('what was refused, or stored before, is no news', () => {
  const writes: readonly Write[] = [direct, direct, direct]
  const notice = noticeOf(writes, [{ kind: 'blocked' }, stored(3, 7, true), stored(6)])
  assert.equal(notice?.head, 6)
  assert.deepEqual(
    notice?.entries?.map(({ seq }) => seq),
    [6],
  )
  assert.equal(noticeOf(writes, [{ kind: 'blocked' }, stored(3, 7, true), { kind: 'no-such-account' }]), undefined)
  assert.equal(noticeOf([], []), undefined)
})

test('where something else was stored too, only the head is said: the rows between are not known', () => {
  assert.deepEqual(noticeOf([direct, edit, direct], [stored(5), stored(6), stored(7)]), { kind: 'log', head: 7 })
  assert.deepEqual(noticeOf([{ kind: 'delete-account', account: 1 }], [stored(9, 0)]), { kind: 'log', head: 9 })
})
