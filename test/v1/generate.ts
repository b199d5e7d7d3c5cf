// From JSON Schema to fast-check: values that fit a schema, and values that just do not. What a schema cannot say (which
// names exist, which message is whose) comes from hints by the name of the field.
import * as fc from 'fast-check'

/** The part of JSON Schema that the document uses. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null'
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
}

/** Values that fields of these names are likely to mean something with. */
export type Hints = Readonly<Record<string, readonly unknown[]>>

/** Longest generated text and list: the bounds themselves are tried by `broken`. */
const lengthMax = 40
const itemsMax = 4

/** Values that fit. */
export function fitting(schema: Schema, hints: Hints, field = ''): fc.Arbitrary<unknown> {
  const known = (hints[field] ?? []).filter(value => suits(schema, value))
  const any = unhinted(schema, hints, field)
  return known.length === 0 ? any : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, any)
}

/** Whether a hint is of the schema's type: fields of one name have several. */
function suits({ type }: Schema, value: unknown): boolean {
  if (type === 'integer' || type === 'number') return typeof value === 'number'
  return type === undefined || typeof value === type
}

function unhinted(schema: Schema, hints: Hints, field: string): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(one => fitting(one, hints, field)))
  switch (schema.type) {
    case 'object':
      return fittingObject(schema, hints)
    case 'array':
      return fc.array(fitting(schema.items ?? {}, hints, field), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? itemsMax, itemsMax),
      })
    case 'string':
      return fittingText(schema)
    case 'integer':
      return fc.integer(boundsOf(schema))
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e12, max: schema.maximum ?? 1e12, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case undefined:
    default:
      return fc.jsonValue({ maxDepth: 1 })
  }
}

function fittingObject({ properties = {}, required = [] }: Schema, hints: Hints): fc.Arbitrary<unknown> {
  const values = Object.entries(properties).map(([name, schema]) => [name, fitting(schema, hints, name)] as const)
  return fc.record(Object.fromEntries(values), { requiredKeys: [...required] })
}

function fittingText({ minLength = 0, maxLength = lengthMax, pattern }: Schema): fc.Arbitrary<string> {
  const most = Math.min(maxLength, Math.max(lengthMax, minLength))
  if (pattern !== undefined) {
    const shape = new RegExp(pattern, 'u')
    return fc.stringMatching(shape).filter(text => text.length >= minLength && text.length <= most)
  }
  // Two units a character at most; what counts as one differs between readers of the standard.
  const unit = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('a', 'b', 'X', 'Y', '0', '9', ' ', '_', '-', '.') },
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  )
  return fc
    .array(unit, { minLength, maxLength: Math.max(minLength, Math.floor(most / 2)) })
    .map(units => units.join(''))
}

function boundsOf({ minimum = -1_000_000, maximum = 1_000_000 }: Schema): { min: number; max: number } {
  return { min: Math.max(minimum, Number.MIN_SAFE_INTEGER), max: Math.min(maximum, Number.MAX_SAFE_INTEGER) }
}

/** Values that do not fit, each wrong in one place; undefined where everything fits. */
export function breaking(schema: Schema, hints: Hints): fc.Arbitrary<unknown> | undefined {
  const ways: fc.Arbitrary<unknown>[] = []
  if (schema.type !== undefined) ways.push(fc.constantFrom(...otherTypes(schema.type)))
  if (schema.enum !== undefined) ways.push(fc.constantFrom('no such choice', 17, null))
  if (schema.type === 'object') ways.push(...brokenObjects(schema, hints))
  if (schema.type === 'array') ways.push(...brokenArrays(schema, hints))
  ways.push(...beyondBounds(schema).map(value => fc.constant(value)))
  return ways.length === 0 ? undefined : fc.oneof(...ways)
}

function otherTypes(type: NonNullable<Schema['type']>): readonly unknown[] {
  const samples: readonly (readonly [string, unknown])[] = [
    ['object', {}],
    ['array', []],
    ['string', 'seven'],
    ['number', 7.5],
    ['boolean', true],
    ['null', null],
  ]
  return samples.filter(([name]) => name !== type).map(([, value]) => value)
}

function brokenObjects(schema: Schema, hints: Hints): fc.Arbitrary<unknown>[] {
  const { properties = {}, required = [] } = schema
  const whole = fittingObject(schema, hints) as fc.Arbitrary<Record<string, unknown>>
  const missing = required.map(name => whole.map(value => without(value, name)))
  const wrong = Object.entries(properties).flatMap(([name, property]) => {
    const values = breaking(property, hints)
    return values === undefined ? [] : [fc.tuple(whole, values).map(([value, bad]) => ({ ...value, [name]: bad }))]
  })
  return [...missing, ...wrong]
}

function brokenArrays({ items = {}, minItems = 0, maxItems }: Schema, hints: Hints): fc.Arbitrary<unknown>[] {
  const one = fitting(items, hints)
  const ways: fc.Arbitrary<unknown>[] = []
  const bad = breaking(items, hints)
  if (bad !== undefined) ways.push(bad.map(value => [value]))
  if (minItems > 0) ways.push(fc.constant([]))
  // One item, so often: what it is does not matter.
  if (maxItems !== undefined) ways.push(one.map(item => Array<unknown>(maxItems + 1).fill(item)))
  return ways
}

function beyondBounds({ type, minLength = 0, maxLength, minimum, maximum, pattern }: Schema): readonly unknown[] {
  const values: unknown[] = []
  if (type === 'string' && minLength > 0) values.push('')
  if (type === 'string' && maxLength !== undefined) values.push('x'.repeat(maxLength + 1))
  if (type === 'string' && pattern !== undefined) values.push('\u{1f600} fits no pattern')
  if (type === 'integer') values.push(1.5, 1e300)
  if ((type === 'integer' || type === 'number') && minimum !== undefined) values.push(minimum - 1)
  if ((type === 'integer' || type === 'number') && maximum !== undefined) values.push(maximum * 2 + 1)
  return values
}

function without(value: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))
}

/** Parameters in the text of a path or a query that do not fit, as name and text. */
export function breakingParameters(
  parameters: Schema,
  place: 'path' | 'query',
): readonly (readonly [string, string])[] {
  return Object.entries(parameters.properties ?? {}).flatMap(([name, schema]) =>
    brokenTexts(schema)
      // An empty part of a path, or one that is longer than any name, is another address.
      .filter(text => place === 'query' || (text !== '' && text.length <= 100))
      .map(text => [name, text] as const),
  )
}

function brokenTexts(schema: Schema): readonly string[] {
  const texts = beyondBounds(schema).map(String)
  if (schema.type === 'integer' || schema.type === 'number') texts.push('seven', '0x7', '')
  if (schema.type === 'boolean') texts.push('perhaps')
  if (schema.enum !== undefined) texts.push('no such choice')
  return texts
}
