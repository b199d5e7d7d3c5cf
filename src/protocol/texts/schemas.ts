// What a schema finds wrong with a field: our words for what the validator only names by its keyword.
import { anywhere, counted, listEither, number } from './format.ts'
import type { FieldSentence, Sentence } from './sentence.ts'

/** What is known of a misfit: the keyword of JSON Schema, and what stood behind it. */
export interface Misfit {
  readonly keyword: string
  readonly params: object
}

/** The words of a schema's types. */
const types: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
}

/** The sentence of a misfit; of a keyword that has none of its own, that the field does not fit. */
export function misfit({ keyword, params }: Misfit): FieldSentence {
  const must = Object.hasOwn(demands, keyword) ? demands[keyword]?.(params as Limits) : undefined
  return field => (must === undefined ? `${field} does not fit.` : `${field} must ${must}.`) as Sentence
}

interface Limits {
  readonly limit: number
  readonly type: string | readonly string[]
  readonly pattern: string
  readonly allowedValues: readonly unknown[]
}

const characters = { one: '# character', other: '# characters' }
const items = { one: '# item', other: '# items' }

const demands: Readonly<Record<string, ((params: Limits) => string) | undefined>> = {
  type: ({ type }) =>
    `be ${listEither(
      [type].flat().map(name => types[name] ?? name),
      anywhere,
    )}`,
  enum: ({ allowedValues }) => `be ${listEither(allowedValues.map(String), anywhere)}`,
  minimum: ({ limit }) => `be ${number(limit, anywhere)} or more`,
  maximum: ({ limit }) => `be ${number(limit, anywhere)} or less`,
  minLength: ({ limit }) => `have at least ${counted(limit, characters, anywhere)}`,
  maxLength: ({ limit }) => `have at most ${counted(limit, characters, anywhere)}`,
  minItems: ({ limit }) => `have at least ${counted(limit, items, anywhere)}`,
  maxItems: ({ limit }) => `have at most ${counted(limit, items, anywhere)}`,
  pattern: ({ pattern }) => `match the pattern ${pattern}`,
}
