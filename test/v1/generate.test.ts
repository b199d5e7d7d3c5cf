// The generator itself: what it calls fitting fits, and what it calls broken does not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { breaking, breakingParameters, fitting, type Schema } from './generate.ts'

const schema: Schema = {
  type: 'object',
  required: ['name', 'count'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 12 },
    count: { type: 'integer', minimum: 1, maximum: 9 },
    to: { type: 'string', pattern: '^[@#]', maxLength: 30 },
    role: { enum: ['owner', 'member'] },
    parts: {
      type: 'array',
      minItems: 1,
      maxItems: 3,
      items: { type: 'object', properties: { on: { type: 'boolean' } } },
    },
    time: { type: 'number', minimum: 0 },
    either: { anyOf: [{ type: 'null' }, { type: 'string' }] },
  },
}
const compiled = Compile(schema)
const fits = (value: unknown) => compiled.Check(value)

test('fitting values fit, hints of another type or not', () => {
  const hints = { name: ['anna', 7], count: [3, 'three'] }
  fc.assert(fc.property(fitting(schema, hints), value => assert.ok(fits(value), JSON.stringify(value))))
})

test('broken values do not fit', () => {
  const values = breaking(schema, {})
  assert.ok(values !== undefined)
  fc.assert(fc.property(values, value => assert.equal(fits(value), false, JSON.stringify(value))))
})

test('where everything fits, nothing can be broken', () => {
  assert.equal(breaking({}, {}), undefined)
})

test('parameters are broken as text', () => {
  const parameters: Schema = { type: 'object', properties: { id: { type: 'integer', minimum: 1 } } }
  const texts = breakingParameters(parameters, 'query').map(([, text]) => text)
  assert.deepEqual(texts, ['1.5', '1e+300', '0', 'seven', '0x7', ''])
  assert.equal(
    breakingParameters(parameters, 'path').some(([, text]) => text === ''),
    false,
  )
})
