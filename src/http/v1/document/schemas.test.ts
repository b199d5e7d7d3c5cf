import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { AccountView, EntryView, MeView, Problem, SessionView, SignedIn } from '../../../protocol/v1.ts'
import {
  type AccountSchema,
  AddressSchema,
  type EntrySchema,
  type MeSchema,
  type ProblemSchema,
  type SessionSchema,
  type SignedInSchema,
} from './schemas.ts'

/** `true` if the two descriptions of a shape say the same; else `never`, which the compiler refuses below. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
/** The wire's types are readonly, the schemas' are not. */
type Loose<T> = T extends object ? { -readonly [K in keyof T]: Loose<T[K]> } : T

test('the schemas are the shapes that clients are promised (said by the compiler)', () => {
  const same: readonly [
    Same<Static<typeof AccountSchema>, Loose<AccountView>>,
    Same<Static<typeof MeSchema>, Loose<MeView>>,
    Same<Static<typeof SessionSchema>, Loose<SessionView>>,
    Same<Static<typeof SignedInSchema>, Loose<SignedIn>>,
    Same<Static<typeof EntrySchema>, Loose<EntryView>>,
    Same<Static<typeof ProblemSchema>, Loose<Problem>>,
  ] = [true, true, true, true, true, true]
  assert.ok(same.every(Boolean))
})

test('an address is an account or a room', () => {
  const fits = Compile(AddressSchema)
  for (const right of ['@ann', '#team', '@']) assert.ok(fits.Check(right), right)
  for (const wrong of ['', 'ann', ' @ann', '!', 7, null, `@${'x'.repeat(128)}`]) assert.ok(!fits.Check(wrong))
})
