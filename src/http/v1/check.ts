// Arrive: what does not fit its schema is found, with where and why. For the JSON Schema that v1's schemas are made of,
// and no more: a keyword that is not known here is an error when the server starts, never a check that is left out.
// check.test.ts holds it against typebox's own validator.
import type { TSchema } from 'typebox'
import { codePointsOf } from '../../protocol/text.ts'

/** The first misfit. */
export interface Found {
  /** Where: `/messages/0/text`; empty for the value itself. */
  readonly instancePath: string
  readonly keyword: string
  /** What stands behind the keyword. */
  readonly params: object
}

/** Looks at a value; undefined if it fits. */
export type Check = (value: unknown) => Found | undefined

/** Keywords that ask for nothing by themselves; `required` is looked at with `properties`. */
const silent: ReadonlySet<string> = new Set(['description', 'default', 'required'])

/** The check of a schema; throws where it holds a keyword that is not known. */
export function compile(schema: TSchema): Check {
  const parts = schema as Readonly<Record<string, unknown>>
  const checks: Check[] = []
  // In this order, which decides what a refusal names where several things are wrong.
  for (const keyword of keywords) {
    if (keyword in parts) checks.push(makers[keyword](parts[keyword] as never, parts))
  }
  for (const keyword of Object.keys(parts)) {
    if (!silent.has(keyword) && !(keyword in makers)) throw new Error(`no check knows the keyword ${keyword}`)
  }
  const [only] = checks
  if (only !== undefined && checks.length === 1) return only
  return value => {
    for (const check of checks) {
      const found = check(value)
      if (found !== undefined) return found
    }
    return undefined
  }
}

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: value => typeof value === 'string',
  integer: Number.isInteger,
  number: Number.isFinite,
  boolean: value => typeof value === 'boolean',
  null: value => value === null,
  array: Array.isArray,
  object: isObject,
}

const keywords = [
  'type',
  'properties',
  'items',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'pattern',
  'minimum',
  'maximum',
  'const',
  'enum',
  'anyOf',
] as const

const makers = {
  type: (type: string): Check => {
    const isOfType = types[type]
    if (isOfType === undefined) throw new Error(`no check knows the type ${type}`)
    return value => (isOfType(value) ? undefined : at('type', { type }))
  },
  properties: propertiesCheck,
  items: (items: TSchema): Check => {
    const check = compile(items)
    return value => {
      if (!Array.isArray(value)) return undefined
      for (let index = 0; index < value.length; index += 1) {
        const found = check(value[index])
        if (found !== undefined) return below(index, found)
      }
      return undefined
    }
  },
  minItems: (limit: number): Check => sized('minItems', limit, value => Array.isArray(value) && value.length < limit),
  maxItems: (limit: number): Check => sized('maxItems', limit, value => Array.isArray(value) && value.length > limit),
  minLength: (limit: number): Check =>
    sized('minLength', limit, value => typeof value === 'string' && isShorter(value, limit)),
  maxLength: (limit: number): Check =>
    sized('maxLength', limit, value => typeof value === 'string' && !isShorter(value, limit + 1)),
  pattern: (pattern: string): Check => {
    const expression = new RegExp(pattern, 'u')
    return value => (typeof value !== 'string' || expression.test(value) ? undefined : at('pattern', { pattern }))
  },
  minimum: (limit: number): Check => sized('minimum', limit, value => typeof value === 'number' && value < limit),
  maximum: (limit: number): Check => sized('maximum', limit, value => typeof value === 'number' && value > limit),
  const: (allowedValue: unknown): Check => {
    return value => (value === allowedValue ? undefined : at('const', { allowedValue }))
  },
  enum: (allowedValues: readonly unknown[]): Check => {
    return value => (allowedValues.includes(value) ? undefined : at('enum', { allowedValues }))
  },
  anyOf: (schemas: readonly TSchema[]): Check => {
    const checks = schemas.map(compile)
    return value => (checks.some(check => check(value) === undefined) ? undefined : at('anyOf', {}))
  },
}

/** What is required, then each property that is there; what else is there is not looked at. */
function propertiesCheck(
  properties: Readonly<Record<string, TSchema>>,
  { required = [] }: { required?: unknown },
): Check {
  const names = required as readonly string[]
  const checks = Object.entries(properties).map(([name, schema]) => ({
    name,
    check: compile(schema),
    isRequired: names.includes(name),
    isInherited: name in Object.prototype,
  }))
  return value => {
    if (!isObject(value)) return undefined
    for (const name of names) {
      // Asked only of what seems absent: it costs as much as the rest of the check of a message.
      if ((value[name] === undefined || name in Object.prototype) && !Object.hasOwn(value, name)) {
        return at('required', { requiredProperties: names.filter(one => !Object.hasOwn(value, one)) })
      }
    }
    for (const { name, check, isRequired, isInherited } of checks) {
      const property = value[name]
      // An optional one may also be undefined, as TypeScript reads `name?: type`.
      if ((property === undefined && !isRequired) || (isInherited && !Object.hasOwn(value, name))) continue
      const found = check(property)
      if (found !== undefined) return below(name, found)
    }
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a string has fewer code points than that; a UTF-16 unit is at most one, and half of one at least. */
function isShorter(text: string, codePoints: number): boolean {
  if (text.length < codePoints) return true
  return text.length < 2 * codePoints && codePointsOf(text) < codePoints
}

function sized(keyword: string, limit: number, isOver: (value: unknown) => boolean): Check {
  return value => (isOver(value) ? at(keyword, { limit }) : undefined)
}

function at(keyword: string, params: object): Found {
  return { instancePath: '', keyword, params }
}

function below(step: string | number, found: Found): Found {
  return { ...found, instancePath: `/${step}${found.instancePath}` }
}
