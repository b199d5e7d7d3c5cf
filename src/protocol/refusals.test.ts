import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal, refusalCodes, refuseField } from './refusals.ts'

test('every code is there once, in small letters and hyphens', () => {
  assert.equal(new Set(refusalCodes).size, refusalCodes.length)
  for (const code of refusalCodes) assert.match(code, /^[a-z]+(-[a-z]+)*$/)
})

test('a refusal is a value: code, sentence, and what stands with it', () => {
  const refusal = new Refusal('busy', 'Try again.', { retryAfterSeconds: 2 })
  assert.deepEqual([refusal.code, refusal.message, refusal.retryAfterSeconds], ['busy', 'Try again.', 2])
  assert.equal(refusal.field, undefined)
  assert.equal(refusal instanceof Error, false)
  assert.equal(new Refusal('too-many', 'No.', { retryAfterSeconds: 0 }).retryAfterSeconds, 0)
})

test('the refusal of a field names it first', () => {
  const refusal = refuseField('field-missing', 'username', 'is missing')
  assert.deepEqual([refusal.code, refusal.field, refusal.message], ['field-missing', 'username', 'username is missing'])
})
