// Schemas, as plain JSON Schema with typebox's types: the types alone, since to load typebox itself, 680 modules, took a
// third of a start and 15 MiB. What is made here is, key by key, what typebox makes (type.test.ts compares them).
import type { TSchema, Type as TypeBox } from 'typebox'

type Kinds = 'String' | 'Integer' | 'Number' | 'Boolean' | 'Null' | 'Literal' | 'Enum' | 'Array' | 'Object' | 'Union'
type Builders = Pick<typeof TypeBox, Kinds | 'Optional' | 'Unsafe'>

type Options = Readonly<Record<string, unknown>>

/** Properties that may be absent; a schema stands in one place only. */
const optional = new WeakSet<object>()

function objectOf(properties: Readonly<Record<string, object>>, options: Options = {}): Options {
  const required = Object.keys(properties).filter(key => !optional.has(properties[key] ?? {}))
  return { type: 'object', ...(required.length > 0 ? { required } : {}), properties, ...options }
}

function optionalOf(schema: TSchema): TSchema {
  const one = { ...schema }
  optional.add(one)
  return one
}

const builders = {
  String: (options: Options = {}) => ({ type: 'string', ...options }),
  Integer: (options: Options = {}) => ({ type: 'integer', ...options }),
  Number: (options: Options = {}) => ({ type: 'number', ...options }),
  Boolean: (options: Options = {}) => ({ type: 'boolean', ...options }),
  Null: (options: Options = {}) => ({ type: 'null', ...options }),
  Literal: (value: string | number | boolean, options: Options = {}) => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Enum: (values: readonly string[], options: Options = {}) => ({ enum: values, ...options }),
  Array: (items: object, options: Options = {}) => ({ type: 'array', items, ...options }),
  Object: objectOf,
  Union: (anyOf: readonly object[], options: Options = {}) => ({ anyOf, ...options }),
  Optional: optionalOf,
  Unsafe: (schema: object) => ({ ...schema }),
}

/** Typebox's builders, as far as v1 uses them. */
export const Type = builders as unknown as Builders
