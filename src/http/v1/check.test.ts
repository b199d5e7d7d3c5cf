import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type TSchema, Type as TypeBox } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Check, compile } from './check.ts'
import { Type } from './document/type.ts'

const length = fc.nat(4)
const names = ['to', 'text', 'seq', 'constructor', '__proto__', 'length']
const leaf = fc.oneof(
  fc.record({ minLength: length, maxLength: length }, { requiredKeys: [] }).map(Type.String),
  fc.constantFrom('^[@#]', 'a', '^.$').map(pattern => Type.String({ pattern })),
  fc.record({ minimum: fc.integer({ min: -2, max: 2 }), maximum: length }, { requiredKeys: [] }).map(Type.Integer),
  fc.constantFrom<TSchema>(Type.Number(), Type.Boolean(), Type.Null(), Type.Literal('a'), Type.Literal(1)),
  fc.constant(Type.Enum(['a', 'owner'])),
)
const { schema } = fc.letrec<{ schema: TSchema }>(tie => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc
      .tuple(tie('schema'), fc.record({ minItems: length, maxItems: length }, { requiredKeys: [] }))
      .map(([items, bounds]) => Type.Array(items, bounds)),
    fc
      .dictionary(fc.constantFrom(...names.slice(0, 4)), fc.tuple(tie('schema'), fc.boolean()))
      .map(parts =>
        Type.Object(
          Object.fromEntries(
            Object.entries(parts).map(([name, [part, isOptional]]) => [name, isOptional ? Type.Optional(part) : part]),
          ),
        ),
      ),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map(some => Type.Union(some)),
  ),
}))
const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(
      null,
      undefined,
      true,
      false,
      'a',
      '@a',
      '',
      'owner',
      '😀',
      '😀😀a',
      'aaaa',
      '\ud83d',
      NaN,
    ),
    fc.constantFrom<unknown>(0, -1, 1, 3, 1.5, -0, Infinity, 2 ** 53),
    fc.string({ maxLength: 6, unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom(...names), tie('value')),
  ),
}))

/** What typebox's own validator finds first. */
function oracle(one: TSchema): Check {
  const validator = Compile(one)
  return found => (validator.Check(found) ? undefined : validator.Errors(found)[0])
}

test('finds what typebox finds, where typebox finds it', () => {
  let misfits = 0
  fc.assert(
    fc.property(schema, fc.array(value, { minLength: 5, maxLength: 20 }), (one, values) => {
      const check = compile(one)
      const expected = oracle(one)
      for (const some of values) {
        const found = check(some)
        const wanted = expected(some)
        assert.equal(found === undefined, wanted === undefined, JSON.stringify({ one, some, wanted }))
        // Of a union typebox names what is wrong with its first part.
        if (!JSON.stringify(one).includes('anyOf')) {
          assert.deepEqual([found?.keyword, found?.instancePath], [wanted?.keyword, wanted?.instancePath])
        }
        if (found !== undefined) misfits += 1
      }
    }),
    { numRuns: 500 },
  )
  assert.ok(misfits > 500, 'and misfits there were')
})

test('a keyword that it does not know is an error, not a check that is left out', () => {
  assert.throws(() => compile({ type: 'string', format: 'email' }), /format/)
  assert.throws(() => compile({ type: 'date' }), /date/)
  assert.throws(() => compile(Type.Object({ inner: { minProperties: 1 } })), /minProperties/)
})

test('schemas are what typebox makes of the same words', () => {
  const pairs = [Type, TypeBox].map(({ Object: object, Optional: optional, ...rest }) => {
    const { String: string, Integer: integer, Number: number, Boolean: boolean, Null: none } = rest
    const { Literal: literal, Enum: one, Array: list, Union: union, Unsafe: unsafe } = rest
    const text = string({ minLength: 1, description: 'A text.' })
    return object(
      {
        text,
        again: optional(text),
        whole: integer({ minimum: 1 }),
        number: optional(number({ default: 1 })),
        flag: boolean(),
        nothing: none(),
        word: literal('a'),
        two: literal(2),
        kind: one(['a', 'b']),
        list: list(object({}), { minItems: 1 }),
        either: union([none(), literal('x')]),
        raw: unsafe(string({ pattern: '^a' })),
      },
      { description: 'All of them.' },
    )
  })
  assert.equal(JSON.stringify(pairs[0]), JSON.stringify(pairs[1]))
})
