import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type {
  ChangeView,
  ConversationView,
  EntriesView,
  FoundView,
  HistoryView,
  MemberView,
  NewRoomView,
  RoomView,
  SendResult,
} from '../../../protocol/v1.ts'
import {
  type ChangeSchema,
  type ConversationSchema,
  type EntriesSchema,
  type FoundSchema,
  type HistorySchema,
  type MemberSchema,
  NewRoomSchema,
  type RoomSchema,
  type SendResultSchema,
} from './conversation-schemas.ts'

/** `true` if the two descriptions of a shape say the same; else `never`, which the compiler refuses below. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
/** The wire's types are readonly, the schemas' are not. */
type Loose<T> = T extends readonly (infer Item)[]
  ? Loose<Item>[]
  : T extends object
    ? { -readonly [K in keyof T]: Loose<T[K]> }
    : T

test('the schemas are the shapes that clients are promised (said by the compiler)', () => {
  const same: readonly [
    Same<Static<typeof SendResultSchema>, Loose<SendResult>>,
    Same<Static<typeof ChangeSchema>, Loose<ChangeView>>,
    Same<Static<typeof EntriesSchema>, Loose<EntriesView>>,
    Same<Static<typeof HistorySchema>, Loose<HistoryView>>,
    Same<Static<typeof FoundSchema>, Loose<FoundView>>,
    Same<Static<typeof RoomSchema>, Loose<RoomView>>,
    Same<Static<typeof ConversationSchema>, Loose<ConversationView>>,
    Same<Static<typeof MemberSchema>, Loose<MemberView>>,
    Same<Static<typeof NewRoomSchema>, Loose<NewRoomView>>,
  ] = [true, true, true, true, true, true, true, true, true]
  assert.ok(same.every(Boolean))
})

test('a new room needs a name and nothing else', () => {
  const fits = Compile(NewRoomSchema)
  assert.ok(fits.Check({ name: 'team' }))
  assert.ok(fits.Check({ name: 'team', topic: '', private: true, history: 'all' }))
  for (const wrong of [{}, { name: '' }, { name: 'x'.repeat(129) }, { name: 'team', history: 'some' }, null, []]) {
    assert.ok(!fits.Check(wrong), JSON.stringify(wrong))
  }
})
