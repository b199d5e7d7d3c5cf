// The messaging lab's client: its table of four calls, over HTTP, against any server that speaks it. Start here; beside
// it, client-http.ts makes the exchange and client-inbox.ts takes an inbox apart. It prints nothing and asks nobody.
import type { ServerAddress } from './client-address.ts'
import { type Failure, failureOf, type No, no } from './client-failures.ts'
import { type Answer, type Ask, type Bounds, exchange, usualBounds } from './client-http.ts'
import { InboxSplitter, type LabMessage, readMessage } from './client-inbox.ts'
import { judge } from './client-judge.ts'

export { parseAddress, type ServerAddress, usualAddress } from './client-address.ts'
export type { Failure, No } from './client-failures.ts'
export type { LabMessage } from './client-inbox.ts'

interface Yes {
  readonly ok: true
}

export type Registered = Yes | No<'user-exists'> | Failure
export type Authenticated = Yes | No<'unknown-user' | 'wrong-password'> | Failure
export type Sent = Yes | No<'unknown-user' | 'wrong-password'> | Failure

/** `count` messages were handed on, oldest first as the server has them; `unreadable` more made no sense. */
export type Received =
  | { readonly ok: true; readonly count: number; readonly unreadable: number }
  | No<'unknown-user' | 'wrong-password'>
  | Failure

export interface LabClient {
  /** `POST /register`. */
  readonly register: (username: string, password: string) => Promise<Registered>
  /** `GET /auth`: whether the two match. A guarded server then lets this address act for the user. */
  readonly authenticate: (username: string, password: string) => Promise<Authenticated>
  /**
   * `POST /`, stamped with now. After `no-answer` or `interrupted` the message may or may not be saved; the table has
   * nothing to ask with, so sending again may double it.
   */
  readonly sendMessage: (sender: string, recipient: string, message: string) => Promise<Sent>
  /**
   * `GET /get_messages`: hands each message to `onMessage` as it arrives, and waits for it, so that an inbox of any
   * length fits in memory. An inbox of more than 1 GiB on the wire is left off there (`no-answer`); what came before a
   * failure was handed on.
   */
  readonly getMessages: (
    username: string,
    onMessage: (message: LabMessage) => Promise<void> | void,
  ) => Promise<Received>
}

/** A client of the server at `address`. `signal` ends whatever is under way. No call throws for what a server does. */
export function labClient(
  address: ServerAddress,
  { signal, bounds = usualBounds }: { signal?: AbortSignal; bounds?: Bounds } = {},
): LabClient {
  const ask = (what: Ask) => exchange(address, what, bounds, signal)

  async function call(what: Ask): Promise<{ code: number } | Failure> {
    const answer = await ask(what)
    return answer.ok ? judge(answer, what, address) : answer
  }

  return {
    async register(username, password) {
      const said = await call({ method: 'POST', path: '/register', fields: { username, password } })
      if (!('code' in said)) return withDoubt(said, 'whether the user was registered')
      if (said.code === 10) return no('user-exists', `There is a user ${username} already (code 10).`)
      return said.code === 1 ? { ok: true } : outOfPlace(said.code, 'register')
    },

    async authenticate(username, password) {
      const said = await call({ method: 'GET', path: '/auth', fields: { username, password } })
      if (!('code' in said)) return said
      return said.code === 1 ? { ok: true } : whoIsWrong(said.code, 'auth', username)
    },

    async sendMessage(sender, recipient, message) {
      const fields = { sender, recipient, message, timestamp: now() }
      const said = await call({ method: 'POST', path: '/', fields })
      if (!('code' in said)) return withDoubt(said, 'whether the message was saved')
      return said.code === 1 ? { ok: true } : whoIsWrong(said.code, 'send', recipient)
    },

    async getMessages(username, onMessage) {
      const what = { method: 'GET', path: '/get_messages', fields: { username } } as const
      const answer = await ask(what)
      if (!answer.ok) return answer
      const received = await receive(answer, what, address, bounds, onMessage)
      if (!('code' in received)) return received
      return whoIsWrong(received.code, 'get_messages', username)
    },
  }
}

function withDoubt(failure: Failure, what: string): Failure {
  if (failure.kind !== 'no-answer' && failure.kind !== 'interrupted') return failure
  return no(failure.kind, `${failure.message} It is not known ${what}.`)
}

type Place = 'register' | 'auth' | 'send' | 'get_messages'

function whoIsWrong(code: number, place: Place, name: string): No<'unknown-user' | 'wrong-password'> | Failure {
  if (code === 11) return no('unknown-user', `There is no user ${name} (code 11).`)
  if (code !== 12) return outOfPlace(code, place)
  if (place === 'auth') return no('wrong-password', `The password does not match (code 12).`)
  return no('wrong-password', 'The server wants the password first, and did not accept it (code 12).')
}

function outOfPlace(code: number, place: Place): Failure {
  return no('unexpected', `The server answered ${code}, which means nothing to ${place}.`)
}

async function receive(
  answer: Answer,
  what: Ask,
  address: ServerAddress,
  bounds: Bounds,
  onMessage: (message: LabMessage) => Promise<void> | void,
): Promise<Received | { code: number }> {
  // A failure is short, and the judge reads it.
  if (answer.status < 200 || answer.status > 299) return judge(answer, what, address)
  const splitter = new InboxSplitter()
  const decoder = new TextDecoder()
  let head = ''
  let bytes = 0
  let count = 0
  let unreadable = 0
  const take = async (text: string) => {
    if (!splitter.found && head.length < 65_536) head += text
    for (const element of splitter.push(text)) {
      const message = element === undefined ? undefined : readMessage(element)
      if (message === undefined) unreadable += 1
      else {
        count += 1
        await onMessage(message)
      }
    }
  }
  const pieces = answer.pieces()
  for (;;) {
    // Only what the network does becomes a failure: what `onMessage` throws belongs to the caller.
    const piece = await pieces.next().catch((error: unknown) => failureOf(error, address, true))
    if ('ok' in piece) return piece
    if (piece.done === true) break
    bytes += piece.value.length
    if (bytes > bounds.inboxBytesMax) {
      await pieces.return(undefined)
      return no('no-answer', `The inbox is longer than ${bounds.inboxBytesMax} bytes; the rest was left there.`)
    }
    await take(decoder.decode(piece.value, { stream: true }))
  }
  await take(decoder.decode())
  if (!splitter.found) return judge(answer, what, address, head)
  if (splitter.whole) return { ok: true, count, unreadable }
  return no('no-answer', `The answer broke off after ${count} messages: it is not complete JSON.`)
}

/**
 * Seconds since 1970, as Python's time.time(). The microseconds are random: the lab's own server keeps only the first
 * of two messages with one timestamp, and Node's clock counts milliseconds. Chance alone would repeat itself: a second
 * now is a number of ten digits, which leaves a few thousand values within a millisecond.
 */
function now(): number {
  lastStamp = Math.max((Date.now() + Math.random()) / 1000, lastStamp + 1e-6)
  return lastStamp
}

let lastStamp = 0
