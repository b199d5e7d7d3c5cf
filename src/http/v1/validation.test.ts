import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { Refused } from './problems.ts'
import { compileValidator } from './validation.ts'

const schema = Type.Object({
  id: Type.Integer({ minimum: 1 }),
  all: Type.Optional(Type.Boolean()),
  name: Type.Optional(Type.String({ maxLength: 5 })),
})

/** What a route would get of a query, or the code and field of the refusal. */
function read(query: unknown, httpPart = 'querystring'): unknown {
  const validate = compileValidator({ schema, httpPart, method: 'GET', url: '/' })
  const result = validate(query) as { value?: unknown; error?: unknown }
  if (!(result.error instanceof Refused)) return result.value
  return `${result.error.refusal.code} ${result.error.refusal.field}`
}

test('numbers and booleans of a query are read from their text', () => {
  assert.deepEqual(read({ id: '7', all: 'true' }), { id: 7, all: true })
  assert.deepEqual(read({ id: '10', all: 'false', name: '123' }), { id: 10, all: false, name: '123' })
})

test('what is not quite a number is none', () => {
  for (const id of ['1.5', '', ' 1', '1e3', '0x1', 'seven', '+1', '1'.repeat(30), ['1', '2'], 'NaN']) {
    assert.match(String(read({ id })), /^field-(type|invalid) id/, String(id))
  }
  assert.equal(read({ id: '0' }), 'field-invalid id')
  assert.equal(read({ id: '1', all: 'yes' }), 'field-type all')
})

test('a body stays as it is', () => {
  assert.equal(read({ id: '7' }, 'body'), 'field-type id')
  assert.deepEqual(read({ id: 7 }, 'body'), { id: 7 })
})

test('a refusal names the field that is missing or does not fit', () => {
  assert.equal(read({}), 'field-missing id')
  assert.equal(read({ id: '1', name: 'longer' }), 'field-invalid name')
  assert.equal(read([], 'body'), 'field-type body')
})
