import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal, refusalCodes, refuseField } from './refusals.ts'
import { missing } from './texts/fields.ts'
import { storeCrowded } from './texts/state.ts'

test('every code is there once, in small letters and hyphens', () => {
  assert.equal(new Set(refusalCodes).size, refusalCodes.length)
  for (const code of refusalCodes) assert.match(code, /^[a-z]+(-[a-z]+)*$/)
})

test('a refusal is a value: code, sentence, and what stands with it', () => {
  const refusal = new Refusal('busy', storeCrowded, { retryAfterSeconds: 2 })
  assert.deepEqual([refusal.code, refusal.message, refusal.retryAfterSeconds], ['busy', storeCrowded, 2])
  assert.equal(refusal.field, undefined)
  assert.equal(refusal instanceof Error, false)
  assert.equal(new Refusal('too-many', storeCrowded, { retryAfterSeconds: 0 }).retryAfterSeconds, 0)
})

test('the refusal of a field names it', () => {
  const refusal = refuseField('field-missing', 'username', missing)
  assert.deepEqual(
    [refusal.code, refusal.field, refusal.message],
    ['field-missing', 'username', 'username is missing.'],
  )
})
