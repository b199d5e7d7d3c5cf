import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyRequest } from 'fastify'
import * as fc from 'fast-check'
import { Refusal } from '../../protocol/refusals.ts'
import { readFields, stringField, timestampField } from './fields.ts'

interface Given {
  readonly method?: string
  readonly url?: string
  readonly type?: string
  readonly encoding?: string
  readonly body?: string | Uint8Array
}

function request({ method = 'POST', url = '/', type, encoding, body }: Given): FastifyRequest {
  const headers = {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
  }
  return {
    method,
    headers,
    raw: { url },
    body: body === undefined ? undefined : Buffer.from(body),
  } as unknown as FastifyRequest
}

/** The fields as an object, or the code of the refusal. */
function read(given: Given): unknown {
  const fields = readFields(request(given))
  return fields instanceof Refusal ? fields.code : Object.fromEntries(fields)
}

const formType = 'application/x-www-form-urlencoded'

test('fields come from JSON, from a form, or without a body from the query', () => {
  assert.deepEqual(read({ body: '{"a": 1, "b": "x"}' }), { a: 1, b: 'x' })
  assert.deepEqual(read({ body: 'a=1&b=x+y%20z', type: formType }), { a: '1', b: 'x y z' })
  assert.deepEqual(read({ body: 'a=1', type: `${formType.toUpperCase()} ; charset=UTF-8` }), { a: '1' })
  assert.deepEqual(read({ method: 'GET', url: '/x?a=1&b=?&c' }), { a: '1', b: '?', c: '' })
  assert.deepEqual(read({ method: 'GET', url: '/x?a=1', body: '' }), { a: '1' })
  assert.deepEqual(read({ method: 'GET', url: '/x?a=1', body: '{"a": 2}' }), { a: 2 })
  assert.deepEqual(read({ method: 'GET' }), {})
  assert.deepEqual(read({ body: '{}', type: 'application/problem+json' }), {})
})

test('a form of separators alone has no fields', () => {
  for (const body of ['&', '&&&']) assert.deepEqual(read({ body, type: formType }), {})
  assert.deepEqual(read({ body: '=x&a', type: formType }), { '': 'x', a: '' })
})

test('what is neither JSON nor a form, or comes compressed, is a wrong media type', () => {
  assert.equal(read({ body: 'a=1' }), 'media-type')
  assert.equal(read({ body: 'a=1', type: 'text/plain' }), 'media-type')
  assert.equal(read({ body: '{}', encoding: 'gzip' }), 'media-type')
  assert.equal(read({ body: '{}', encoding: 'identity' }), 'media-type')
})

test('nothing that stands in a prototype is a field', () => {
  const fields = readFields(request({ body: '{"__proto__": {"username": "x"}}' }))
  assert.ok(!(fields instanceof Refusal))
  for (const name of ['username', 'constructor', 'toString', 'hasOwnProperty']) {
    assert.equal((stringField(fields, name) as Refusal).code, 'field-missing', name)
  }
})

test('any fields survive a form, and any JSON object survives', () => {
  const text = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name }), pairs => {
      const body = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
      const fields = readFields(request({ method: 'GET', url: `/?${body}` }))
      assert.deepEqual(fields, new Map(pairs))
    }),
  )
  fc.assert(
    fc.property(fc.dictionary(text, fc.jsonValue({ maxDepth: 4 }), { noNullPrototype: true }), object => {
      const fields = readFields(request({ body: JSON.stringify(object) }))
      assert.deepEqual(fields, new Map(Object.entries(JSON.parse(JSON.stringify(object)) as object)))
    }),
  )
})

test('whatever bytes come, they are fields or a refusal that does not repeat them', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(undefined, formType, 'application/json'),
      (body, type) => {
        const fields = readFields(
          request({
            body: Buffer.concat([Buffer.from('{"k": "hunter2'), body]),
            ...(type === undefined ? {} : { type }),
          }),
        )
        if (fields instanceof Refusal) assert.doesNotMatch(fields.message, /hunter2/)
      },
    ),
  )
})

/** The time in a field of this value, or the sentence of the refusal. */
function time(value: unknown): number | string {
  const seconds = timestampField(new Map([['timestamp', value]]), 'timestamp')
  return seconds instanceof Refusal ? seconds.message : seconds
}

test('a time is a number or a decimal string of seconds, to the year 3000', () => {
  for (const value of [0, 1.5, 32_503_680_000, 5e-324]) assert.equal(time(value), value)
  assert.equal(time('1700000000.125'), 1_700_000_000.125)
  assert.match(String(time(1_700_000_000_000)), /\(seconds, not milliseconds\)\.$/)
  assert.match(String(time('1700000000000')), /\(seconds, not milliseconds\)\.$/)
  for (const value of [-1, Number.NaN, Infinity, 1e300])
    assert.match(String(time(value)), /^timestamp must be from 0 to 32,503,680,000 seconds since 1970\.$/)
  for (const value of ['', 'x', '1e3', '-1', '1.', ' 1'])
    assert.match(String(time(value)), /^timestamp must be a decimal number/)
  assert.equal(time(undefined), 'timestamp is missing.')
  assert.equal(time(null), 'timestamp must be a number, not null.')
  assert.equal(time(true), 'timestamp must be a number, not true or false.')
})

test('a sentence about a field begins with its name', () => {
  const fields = new Map<string, unknown>([
    ['a', 1],
    ['b', '\ud800'],
    ['c', 'x\0'],
  ])
  assert.equal((stringField(fields, 'a') as Refusal).message, 'a must be a string, not a number.')
  assert.match((stringField(fields, 'b') as Refusal).message, /^b holds half a character/)
  assert.match((stringField(fields, 'c') as Refusal).message, /^c holds a NUL/)
})
