import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalCodes } from '../refusals.ts'
import * as accounts from './accounts.ts'
import * as client from './client.ts'
import { whyNot } from './codes.ts'
import * as conversations from './conversations.ts'
import * as fields from './fields.ts'
import * as requests from './requests.ts'
import type { FieldSentence } from './sentence.ts'
import * as state from './state.ts'

/** A letter or a quoted name first, and an end: every refusal can stand alone before a person. */
const whole = /^["\p{L}].*[.)]$/su

function constants(module: object): [string, string][] {
  return Object.entries(module).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
}

test('what stands in the catalogue of refusals are whole sentences', () => {
  for (const module of [accounts, client, conversations, requests, state]) {
    assert.ok(constants(module).length > 2)
    for (const [name, sentence] of constants(module)) assert.match(sentence, whole, name)
  }
})

/** A sentence of its field alone. (What fills something else in gives a function of the field.) */
function isPlain(value: unknown): value is FieldSentence {
  return typeof value === 'function' && typeof (value as (field: string) => unknown)('x') === 'string'
}

test('a sentence about a field names it, and is whole', () => {
  const plain = Object.values(fields).flatMap(value => (isPlain(value) ? [value('x')] : []))
  assert.ok(plain.length > 10)
  const filled = [
    fields.notString('list'),
    fields.notNumber('object'),
    fields.bytesOver(1_024),
    fields.nameLong(40),
    fields.passwordShort(3, 8),
    fields.textLong(20_000),
    fields.excludes('after'),
    fields.secondsRange(true),
  ].map(of => of('x'))
  for (const sentence of [...plain, ...filled]) assert.match(sentence, /^x .*\.$/)
})

test('every code has a sentence of its own, also where the refusal is forgotten', () => {
  const known = refusalCodes.map(code => whyNot(code))
  for (const sentence of known) assert.match(sentence, whole)
  assert.equal(new Set(known).size, refusalCodes.length)
  assert.equal(whyNot('invented-later'), 'The server said no.')
  assert.equal(whyNot('toString'), 'The server said no.')
})
