// Arrive: v1 requests are checked against their schemas. Bodies as they are; parameters and queries, which are text, are
// first turned into the numbers and booleans that the schema asks for.
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { type Refusal, refuseField } from '../../protocol/refusals.ts'
import { misfit } from '../../protocol/texts/schemas.ts'
import { compile, type Found } from './check.ts'
import { Refused } from './problems.ts'
import * as fieldTexts from '../../protocol/texts/fields.ts'

export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = compile(schema)
  return (data: unknown) => {
    const value = httpPart === 'body' ? data : convert(schema, data as Texts)
    const found = check(value)
    return found === undefined ? { value } : { error: new Refused(refusalOf(found)) }
  }
}

/** Parameters or a query as they came: text, and lists of text where one is given twice. */
type Texts = Readonly<Record<string, unknown>>

/**
 * Text as the numbers and booleans that the schema asks for. What is none of these stays text, which does not fit:
 * `1.5` must not become the id 1, nor an empty text 0.
 */
function convert(schema: TSchema, texts: Texts): Texts {
  const { properties = {} } = schema as { properties?: Readonly<Record<string, { type?: string }>> }
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, convertOne(properties[name]?.type, text)]),
  )
}

function convertOne(type: string | undefined, text: unknown): unknown {
  if (typeof text !== 'string') return text
  if (type === 'integer' || type === 'number') return /^-?\d{1,20}(\.\d{1,20})?$/.test(text) ? Number(text) : text
  if (type === 'boolean') return text === 'true' || text === 'false' ? text === 'true' : text
  return text
}

function refusalOf(error: Found): Refusal {
  const path = error.instancePath.slice(1).replaceAll('/', '.')
  if (error.keyword === 'required') {
    const { requiredProperties = [] } = error.params as { requiredProperties?: string[] }
    const field = [path, requiredProperties[0] ?? ''].filter(part => part !== '').join('.')
    return refuseField('field-missing', field, fieldTexts.missing)
  }
  const field = path === '' ? 'body' : path
  const code = error.keyword === 'type' ? 'field-type' : 'field-invalid'
  return refuseField(code, field, misfit(error))
}
