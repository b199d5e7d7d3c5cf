// What the generated requests are about: people, sessions, invites that exist, and for each operation how it can succeed.
// A route that needs something to be there gets its line in `aims`, and the names of its fields in `hintsOf`.
import type { MeView, RoomView, SignedIn } from '../../src/protocol/v1.ts'
import type { Operation } from './document.ts'
import type { Hints } from './generate.ts'
import { freshName, type Person, startV1, type V1Server } from './support.ts'

export interface World {
  readonly server: V1Server
  /** The admin, in whose name requests are made. */
  readonly alice: Person
  /** Somebody whom generated requests may spoil: block, silence, remove. */
  readonly bob: Person
  /** Somebody to whom nothing happens but what makes a request succeed. */
  readonly carol: Person
  /** Good for many accounts. */
  readonly invite: string
}

/** What a request that is to succeed consists of; what is left out is generated, and what is undefined is left out. */
export interface Aim {
  readonly token?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: Readonly<Record<string, unknown>>
}

/** An invite-only server with people on it. */
export async function makeWorld(): Promise<World> {
  const server = await startV1(['--registration', 'invite'])
  const [, first = ''] = await server.program.printed(/#invite=([\w-]+)/)
  const alice = await invited(server, first, 'alice')
  const made = await server.call('POST', '/v1/invites', { token: alice.token, json: { uses: 1_000 } })
  const { invite } = made.json as { invite: string }
  const bob = await invited(server, invite, 'bob')
  const carol = await invited(server, invite, 'carol')
  const world = { server, alice, bob, carol, invite }
  await message(world)
  await room(world, true)
  return world
}

async function invited(server: V1Server, invite: string, name: string): Promise<Person> {
  const password = 'a good password'
  const { json } = await server.call('POST', '/v1/accounts', { json: { name, password, invite } })
  const { token } = await server.signIn(name, password)
  return { id: (json as MeView).id, name, password, token }
}

/** Another session of Bob's. */
async function spare({ server, bob }: World): Promise<SignedIn> {
  return server.signIn(bob.name, bob.password)
}

/** Somebody whose account may be spoilt. */
async function throwaway({ server, invite }: World): Promise<Person> {
  return invited(server, invite, freshName('gone'))
}

/** A new room of Alice's, with Carol in it or not. */
async function room({ server, alice, carol }: World, withCarol: boolean): Promise<number> {
  const { token } = alice
  const { json } = await server.call('POST', '/v1/rooms', { token, json: { name: freshName('room') } })
  const { id } = json as RoomView
  if (withCarol) await server.call('PUT', `/v1/rooms/${id}/members/${carol.name}`, { token })
  return id
}

/** A new message of Alice's. */
async function message({ server, alice, carol }: World): Promise<number> {
  const json = { messages: [{ to: `@${carol.name}`, text: 'hello there' }] }
  const sent = await server.call('POST', '/v1/messages', { token: alice.token, json })
  const { results } = sent.json as { results: { seq: number }[] }
  return results[0]?.seq ?? 0
}

/** On a room that is there, with Carol in it or not; `more` says what else is needed. */
const inRoom =
  (withCarol: boolean, more: Aim = {}) =>
  async (world: World): Promise<Aim> => {
    const params = { id: await room(world, withCarol), name: world.carol.name }
    return { ...more, params }
  }

const onMessage =
  (body?: Aim['body']) =>
  async (world: World): Promise<Aim> => {
    const params = { seq: await message(world) }
    return body === undefined ? { params } : { params, body }
  }

/** How each operation succeeds, where a generated request would not do. */
const aims: Readonly<Record<string, (world: World) => Promise<Aim>>> = {
  'POST /v1/accounts': async ({ invite }) => ({ body: { name: freshName('new'), password: 'x', invite } }),
  'POST /v1/sessions': async ({ bob }) => ({
    body: { name: bob.name, password: bob.password, label: 'a phone', expiresInSeconds: 60, cookie: false },
  }),
  'DELETE /v1/sessions/current': async world => ({ token: (await spare(world)).token }),
  'DELETE /v1/sessions/{id}': async world => {
    const { token, session } = await spare(world)
    return { token, params: { id: session.id } }
  },
  'PUT /v1/me/password': async world => {
    const { token, password } = await throwaway(world)
    return { token, body: { current: password, next: 'another' } }
  },
  'DELETE /v1/me': async world => {
    const { token, password } = await throwaway(world)
    return { token, body: { password } }
  },
  'GET /v1/invites': async () => ({ query: { after: '' } }),
  'DELETE /v1/invites/{id}': async ({ server, alice }) => {
    const { json } = await server.call('POST', '/v1/invites', { token: alice.token, json: {} })
    return { params: { id: (json as { id: string }).id } }
  },
  'GET /v1/people': async () => ({ query: { search: 'a', after: '' } }),
  'PUT /v1/blocks/{name}': async ({ bob }) => ({ params: { name: bob.name } }),
  'DELETE /v1/blocks/{name}': async ({ bob }) => ({ params: { name: bob.name } }),
  'POST /v1/messages': async ({ carol }) => ({ body: { messages: [{ to: `@${carol.name}`, text: 'hello' }] } }),
  'POST /v1/typing': async ({ carol }) => ({ body: { to: `@${carol.name}` } }),
  'GET /v1/entries': async () => ({ query: { after: undefined } }),
  'PATCH /v1/messages/{seq}': onMessage({ text: 'better' }),
  'DELETE /v1/messages/{seq}': onMessage(),
  'GET /v1/conversations/{id}': inRoom(true),
  'GET /v1/conversations/{id}/members': inRoom(true),
  'GET /v1/conversations/{id}/history': inRoom(true, { query: { before: undefined } }),
  'PUT /v1/conversations/{id}/read': inRoom(true),
  'POST /v1/rooms': async () => ({ body: { name: freshName('room'), topic: 'all sorts of things' } }),
  'GET /v1/rooms': async () => ({ query: { after: '' } }),
  'POST /v1/rooms/{id}/join': async world => ({ ...(await inRoom(false)(world)), token: world.carol.token }),
  'POST /v1/rooms/{id}/leave': async world => ({ ...(await inRoom(true)(world)), token: world.carol.token }),
  'POST /v1/rooms/{id}/close': inRoom(true),
  'POST /v1/rooms/{id}/reopen': inRoom(true),
  'PUT /v1/rooms/{id}/topic': inRoom(true, { body: { topic: 'something else' } }),
  'PUT /v1/rooms/{id}/members/{name}': inRoom(false),
  'DELETE /v1/rooms/{id}/members/{name}': inRoom(true),
  'PUT /v1/rooms/{id}/members/{name}/silence': inRoom(true),
  'DELETE /v1/rooms/{id}/members/{name}/silence': inRoom(true),
  'PUT /v1/rooms/{id}/members/{name}/role': inRoom(true, { body: { role: 'owner' } }),
  'GET /v1/search': async () => ({ query: { q: 'hel* there' } }),
  'GET /v1/stream': async () => ({ query: { after: undefined } }),
}

/** Operations that may end the session with which they are asked: each request has one of its own. */
export const spends: ReadonlySet<string> = new Set([
  'DELETE /v1/sessions/current',
  'DELETE /v1/sessions/{id}',
  'DELETE /v1/me',
])

export async function aimOf(world: World, { title }: Operation): Promise<Aim> {
  return (await aims[title]?.(world)) ?? {}
}

/** Values that mean something, by the name of the field. */
export function hintsOf({ alice, bob, invite }: World): Hints {
  return {
    name: [alice.name, bob.name, 'nobody', 'BOB', ' ', 'a\0b', '\ud800', 'a/b', '%', '..'],
    to: [`@${bob.name}`, `@${alice.name}`, '#room1', '@nobody', '#nowhere', '@', '@\ud800'],
    text: ['hello', '\0', '\udc00', 'ü'.repeat(40)],
    seq: [1, 2, 3, 4],
    q: ['hello', '"', '*', '\ud800', '\0'],
    search: ['', 'a', 'B', '\ud800'],
    after: ['', 'alice', 'b', 0, 1],
    invite: [invite, 'x'],
    password: [bob.password, 'wrong', '\udfff'],
    label: ['a phone', '\0', '\ud800'],
    id: [1, 2, 3],
    role: ['owner', 'member'],
    topic: ['', 'sundry', '\0'],
    clientId: ['c1', 'c2', '\ud800'],
    cookie: [false, true],
  }
}
