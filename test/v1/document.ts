// The OpenAPI document as these tests read it: its operations, and whether an answer is one that it describes.
import assert from 'node:assert/strict'
import { Compile, type Validator } from 'typebox/compile'
import type { Schema } from './generate.ts'

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header' | 'cookie'
  readonly required?: boolean
  readonly schema: Schema
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>

export interface Described {
  readonly operationId?: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly security?: readonly unknown[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
}

export interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
}

export interface Operation {
  /** `PUT /v1/blocks/{name}` */
  readonly title: string
  readonly method: string
  readonly path: string
  readonly described: Described
}

export function operationsOf({ paths }: Document): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([name, described]) => {
      const method = name.toUpperCase()
      return { title: `${method} ${path}`, method, path, described }
    }),
  )
}

export function bodySchema({ described }: Operation): Schema | undefined {
  return described.requestBody?.content['application/json']?.schema
}

/** Whether somebody who has not signed in may ask. */
export function isOpen({ described }: Operation): boolean {
  return described.security?.length === 0
}

export interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

const compiled = new WeakMap<Schema, Validator>()

/** Throws unless the document has this answer: its status, its type, and its body in its schema. */
export function assertDescribed({ described }: Operation, { status, type, text }: Answer): void {
  const response = described.responses[String(status)] ?? described.responses[`${Math.floor(status / 100)}XX`]
  assert.ok(response !== undefined, `${status} is not in the document: ${text}`)
  if (response.content === undefined) return assert.equal(text, '', `${status} has no body in the document`)
  const [mediaType = ''] = type.split(';')
  const content = response.content[mediaType]
  assert.ok(content !== undefined, `${status} comes as ${type}, not as ${Object.keys(response.content).join(', ')}`)
  if (mediaType === 'text/event-stream' || content.schema === undefined) return undefined
  const value: unknown = JSON.parse(text)
  const check = compiled.get(content.schema) ?? Compile(content.schema)
  compiled.set(content.schema, check)
  assert.ok(check.Check(value), `${status} does not fit: ${text} ${JSON.stringify(check.Errors(value))}`)
  return undefined
}
