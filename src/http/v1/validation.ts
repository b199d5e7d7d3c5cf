// Arrive: v1 requests are checked against their schemas. Bodies as they are; parameters and queries, which are text, are
// first turned into the numbers and booleans that the schema asks for.
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { Refusal, refuseField } from '../../protocol/refusals.ts'
import { Refused } from './problems.ts'

export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = Compile(schema)
  return (data: unknown) => {
    const value: unknown = httpPart === 'body' ? data : Value.Convert(schema, data)
    if (check.Check(value)) return { value }
    const [error] = check.Errors(value)
    return { error: new Refused(refusalOf(error)) }
  }
}

interface Found {
  readonly instancePath: string
  readonly keyword: string
  readonly params: object
  readonly message: string
}

function refusalOf(error: Found | undefined): Refusal {
  if (error === undefined) return new Refusal('malformed', 'The request does not fit its schema.')
  const path = error.instancePath.slice(1).replaceAll('/', '.')
  if (error.keyword === 'required') {
    const { requiredProperties = [] } = error.params as { requiredProperties?: string[] }
    const field = [path, requiredProperties[0] ?? ''].filter(part => part !== '').join('.')
    return refuseField('field-missing', field, 'is missing')
  }
  const field = path === '' ? 'body' : path
  const code = error.keyword === 'type' ? 'field-type' : 'field-invalid'
  return refuseField(code, field, error.message)
}
