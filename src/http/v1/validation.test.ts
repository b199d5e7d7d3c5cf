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

test('what does not fit is told in words of the catalogue, whatever the validator calls it', () => {
  const every = Type.Object({
    id: Type.Optional(Type.Integer({ minimum: 1, maximum: 4_000 })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 5, pattern: '^a' })),
    role: Type.Optional(Type.Enum(['owner', 'member'])),
    list: Type.Optional(Type.Array(Type.Object({ text: Type.String() }), { minItems: 1, maxItems: 2 })),
    either: Type.Optional(Type.Union([Type.Literal('x'), Type.Null()])),
  })
  const validate = compileValidator({ schema: every, httpPart: 'body', method: 'POST', url: '/' })
  const said = (body: unknown) => {
    const { error } = validate(body) as { error?: unknown }
    return error instanceof Refused ? error.refusal.message : ''
  }
  assert.equal(said({ id: '7' }), 'id must be a whole number.')
  assert.equal(said({ id: 0 }), 'id must be 1 or more.')
  assert.equal(said({ id: 5_000 }), 'id must be 4,000 or less.')
  assert.equal(said({ name: '' }), 'name must have at least 1 character.')
  assert.equal(said({ name: 'a longer one' }), 'name must have at most 5 characters.')
  assert.equal(said({ name: 'b' }), 'name must match the pattern ^a.')
  assert.equal(said({ role: 'king' }), 'role must be owner or member.')
  assert.equal(said({ list: [] }), 'list must have at least 1 item.')
  assert.equal(said({ list: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] }), 'list must have at most 2 items.')
  assert.equal(said({ list: [{ text: 5 }] }), 'list.0.text must be a string.')
  assert.equal(said({ list: [{}] }), 'list.0.text is missing.')
  assert.match(said({ either: 'y' }), /^either /)
  assert.doesNotMatch(said({ either: 'y' }), /schema|constant/)
  assert.equal(said([]), 'body must be an object.')
})
