// Every operation of the OpenAPI document is asked in generated ways, valid and broken; every answer must be one that the
// document describes, and nothing may break. A new route is covered when it is in the document; world.ts says how it can
// succeed. HULLO_SEED=7 takes other requests.
import assert from 'node:assert/strict'
import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { after, describe, test } from 'node:test'
import * as fc from 'fast-check'
import {
  assertDescribed,
  type Answer,
  bodySchema,
  type Document,
  isOpen,
  type Operation,
  operationsOf,
} from './document.ts'
import { breaking, breakingParameters, fitting, type Hints, type Schema } from './generate.ts'
import { type Aim, aimOf, hintsOf, makeWorld, spends, type World } from './world.ts'

const seed = Number(process.env['HULLO_SEED'] ?? 1)
/** Requests of each kind for each operation. */
const numRuns = 12

const world: World = await makeWorld()
const hints: Hints = hintsOf(world)
const document = (await world.server.call('GET', '/v1/openapi.json')).json as Document
const operations = operationsOf(document)
const agent = new Agent({ keepAlive: true, maxSockets: 4 })
after(async () => {
  agent.destroy()
  await world.server[Symbol.asyncDispose]()
})

interface Ask {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is. */
  readonly raw?: string
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** One request; of an answer without end only the head. */
function send({ method, path }: Operation, ask: Ask): Promise<Answer & { headers: IncomingHttpHeaders }> {
  const { params = {}, query = {}, body, raw, token = world.alice.token } = ask
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(params[name]))
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const headers = {
    ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
    ...(payload === undefined
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(payload) }),
    ...ask.headers,
  }
  return new Promise((resolve, reject) => {
    const options = { method, agent, headers, path: pairs.length === 0 ? place : `${place}?${pairs.join('&')}` }
    const sent = httpRequest(world.server.url, options, answer => {
      const type = answer.headers['content-type'] ?? ''
      const done = (text: string) => resolve({ status: answer.statusCode ?? 0, type, text, headers: answer.headers })
      if (type.startsWith('text/event-stream')) {
        answer.destroy()
        return done('')
      }
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('error', reject).on('end', () => done(text))
      return undefined
    })
    sent.on('error', reject).end(payload)
  })
}

/** Percent-encoded UTF-8, in which there is no half of a surrogate pair. */
function encoded(value: unknown): string {
  return encodeURIComponent(String(value).toWellFormed())
}

function parametersOf({ described }: Operation, place: 'path' | 'query'): Schema {
  const mine = (described.parameters ?? []).filter(parameter => parameter.in === place)
  return {
    type: 'object',
    properties: Object.fromEntries(mine.map(({ name, schema }) => [name, schema])),
    required: mine.filter(parameter => place === 'path' || parameter.required === true).map(({ name }) => name),
  }
}

/** Requests that fit the document. */
function valid(operation: Operation): fc.Arbitrary<Ask> {
  const body = bodySchema(operation)
  return fc.record({
    params: fitting(parametersOf(operation, 'path'), hints) as fc.Arbitrary<Record<string, unknown>>,
    query: fitting(parametersOf(operation, 'query'), hints) as fc.Arbitrary<Record<string, unknown>>,
    body: body === undefined ? fc.constant(undefined) : fitting(body, hints),
  })
}

/** Requests that do not fit in one place; undefined where everything fits. */
function broken(operation: Operation): fc.Arbitrary<Ask> | undefined {
  const body = bodySchema(operation)
  const bodies = body && breaking(body, hints)
  const ways: fc.Arbitrary<(ask: Ask) => Ask>[] = []
  if (bodies !== undefined) ways.push(bodies.map(bad => ask => ({ ...ask, body: bad })))
  for (const [name, text] of breakingParameters(parametersOf(operation, 'path'), 'path')) {
    ways.push(fc.constant(ask => ({ ...ask, params: { ...ask.params, [name]: text } })))
  }
  for (const [name, text] of breakingParameters(parametersOf(operation, 'query'), 'query')) {
    ways.push(fc.constant(ask => ({ ...ask, query: { ...ask.query, [name]: text } })))
  }
  if (ways.length === 0) return undefined
  return fc.tuple(valid(operation), fc.oneof(...ways)).map(([ask, spoil]) => spoil(ask))
}

/** The generated request, made to succeed. */
function aimed(ask: Ask, { token, params, query, body }: Aim): Ask {
  return {
    ...ask,
    ...(token === undefined ? {} : { token }),
    params: { ...ask.params, ...params },
    query: { ...ask.query, ...query },
    ...(body === undefined ? {} : { body: { ...(ask.body as object), ...body } }),
  }
}

function check(property: fc.IAsyncProperty<[Ask]>): Promise<void> {
  return fc.assert(property, { seed, numRuns, endOnFailure: true })
}

for (const operation of operations) {
  describe(operation.title, () => {
    test('says what it is for, and to whom it answers', () => {
      const { summary, description, tags, responses } = operation.described
      assert.match(summary ?? '', /^.{3,60}[^.]$/)
      assert.match(description ?? '', /^[A-Z].{8,}\.$/s)
      assert.equal(tags?.length, 1)
      assert.equal(Object.hasOwn(responses, '401') || isOpen(operation), true)
    })

    test('answers valid requests as the document says', async () => {
      await check(
        fc.asyncProperty(valid(operation), async ask => {
          const { token } = spends.has(operation.title) ? await aimOf(world, operation) : {}
          const answer = await send(operation, token === undefined ? ask : { ...ask, token })
          assertDescribed(operation, answer)
          assert.notEqual(answer.status, 503, answer.text)
        }),
      )
    })

    test('succeeds where everything that it needs is there', async () => {
      await check(
        fc.asyncProperty(valid(operation), async ask => {
          const answer = await send(operation, aimed(ask, await aimOf(world, operation)))
          assertDescribed(operation, answer)
          assert.ok(answer.status < 400, `${answer.status}: ${answer.text}`)
        }),
      )
    })

    const spoilt = broken(operation)
    if (spoilt !== undefined) {
      test('refuses broken requests as the document says', async () => {
        await check(
          fc.asyncProperty(spoilt, async ask => {
            const answer = await send(operation, ask)
            assertDescribed(operation, answer)
            assert.match(answer.text, /"code":"field-(missing|type|invalid)"/)
          }),
        )
      })
    }

    for (const [what, spoil, status] of spoilers(operation)) {
      test(`refuses ${what} with ${status}`, async () => {
        await check(
          fc.asyncProperty(valid(operation), async ask => {
            const answer = await send(operation, { ...ask, ...spoil })
            assertDescribed(operation, answer)
            assert.equal(answer.status, status, answer.text)
          }),
        )
      })
    }
  })
}

/** What is wrong with a request before anything looks at what it asks for. */
function spoilers(operation: Operation): readonly (readonly [string, Ask, number])[] {
  const json = bodySchema(operation) !== undefined
  const all: (readonly [string, Ask, number])[] = [
    ['a page of another site', { headers: { 'Sec-Fetch-Site': 'cross-site' } }, 403],
    ['a page of another origin', { headers: { Origin: 'http://127.0.0.1:1' } }, 403],
    ['another name in Host', { headers: { Host: 'rebound.example' } }, 421],
  ]
  if (!isOpen(operation)) {
    all.push(
      ['who has not signed in', { token: '' }, 401],
      ["a token that is nobody's", { token: 'x'.repeat(43) }, 401],
    )
  }
  if (json) {
    all.push(
      ['a body that is no JSON', { raw: '{"name": ' }, 400],
      ['a body that nests too deep', { raw: `${'['.repeat(40)}${']'.repeat(40)}` }, 400],
      ['a body of another type', { headers: { 'Content-Type': 'text/plain' } }, 415],
      ['a compressed body', { headers: { 'Content-Encoding': 'gzip' } }, 415],
      ['a body that is too large', { raw: JSON.stringify('x'.repeat(2_000_000)) }, 413],
    )
  }
  return all
}

test('no two operations have one name', () => {
  const names = operations.map(({ described }) => described.operationId)
  assert.equal(new Set(names).size, operations.length)
  assert.ok(names.every(name => /^[a-z]+[A-Za-z]+$/.test(name ?? '')))
})

test('nothing broke: the log of the server is empty', () => {
  assert.equal(world.server.program.stderr(), '')
})
