// What the generated requests are about: people, sessions, invites that exist, and for each operation how it can succeed.
// A route that needs something to be there gets its line in `aims`, and the names of its fields in `hintsOf`.
import type { MeView, SignedIn } from '../../src/protocol/v1.ts'
import type { Operation } from './document.ts'
import type { Hints } from './generate.ts'
import { freshName, type Person, startV1, type V1Server } from './support.ts'

export interface World {
  readonly server: V1Server
  /** The admin, in whose name requests are made. */
  readonly alice: Person
  readonly bob: Person
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
  return { server, alice, bob: await invited(server, invite, 'bob'), invite }
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

/** How each operation succeeds, where a generated request would not do. */
const aims: Readonly<Record<string, (world: World) => Promise<Aim>>> = {
  'POST /v1/accounts': async ({ invite }) => ({ body: { name: freshName('new'), password: 'x', invite } }),
  'POST /v1/sessions': async ({ bob }) => ({
    body: { name: bob.name, password: bob.password, label: 'a phone', cookie: false },
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
  'GET /v1/people': async () => ({ query: { search: 'a', after: '' } }),
  'DELETE /v1/blocks/{name}': async ({ bob }) => ({ params: { name: bob.name } }),
  'GET /v1/stream': async () => ({ query: { after: undefined } }),
  'PUT /v1/blocks/{name}': async ({ bob }) => ({ params: { name: bob.name } }),
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
    search: ['', 'a', 'B', '\ud800'],
    after: ['', 'alice', 'b'],
    invite: [invite, 'x'],
    password: [bob.password, 'wrong', '\udfff'],
    label: ['a phone', '\0', '\ud800'],
    id: [1, 2, 3],
    cookie: [false, true],
  }
}
