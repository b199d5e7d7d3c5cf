import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalCodes } from '../refusals.ts'
import { reasonBytesMax, reasonPhraseOf } from './reason-phrases.ts'

test('every refusal has a short reason phrase in printable ASCII', () => {
  for (const code of refusalCodes) {
    for (const field of ['username', 'timestamp', undefined]) {
      const phrase = reasonPhraseOf(field === undefined ? { code } : { code, field })
      assert.match(phrase, /^[A-Za-z][\x20-\x7e]+$/, code)
      assert.ok(phrase.length <= reasonBytesMax, code)
    }
  }
})

test('a field of the lab is named in the phrase, and one that the caller made up is not', () => {
  assert.equal(reasonPhraseOf({ code: 'field-missing', field: 'recipient' }), 'recipient is missing')
  assert.equal(reasonPhraseOf({ code: 'field-invalid', field: 'hello\r\nSet-Cookie: a=b' }), 'A field is not valid')
})
