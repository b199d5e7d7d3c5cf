// What one check of a messaging server does, step by step, as two people with the lab's client would: each step happens
// when a requirement first asks for it, and once. The people are new in each check and can be told from real ones.
import { randomBytes, randomInt } from 'node:crypto'
import { lazy } from '../requirement.ts'
import type { Exchange, MessagingClient } from './client.ts'

export interface Person {
  readonly username: string
  readonly password: string
}

export interface Letter {
  readonly sender: string
  readonly recipient: string
  readonly message: string
  readonly timestamp: number
}

export type Steps = ReturnType<typeof messagingSteps>

/** The way for one check: `firstAsk` makes the first request, and waits where the server is only just starting. */
export function messagingSteps(
  messaging: MessagingClient,
  signal: AbortSignal,
  firstAsk: (ask: () => Promise<Exchange>) => Promise<Exchange> = ask => ask(),
) {
  const history: Exchange[] = []
  const client: MessagingClient = {
    ...messaging,
    async ask(...request) {
      const exchange = await messaging.ask(...request)
      history.push(exchange)
      return exchange
    },
  }

  const run = `check-${randomBytes(4).toString('hex')}`
  const person = (letter: string): Person => ({
    username: `${run}-${letter}`,
    password: `pw-${randomBytes(4).toString('hex')}`,
  })
  const [anna, bert, carl] = [person('a'), person('b'), person('c')]
  const nextTimestamp = timestamps()
  const letter = (from: Person, to: { username: string }, what: string): Letter => ({
    sender: from.username,
    recipient: to.username,
    message: `${what} (${run})`,
    timestamp: nextTimestamp(),
  })

  const register = (who: Person) => client.ask('POST', '/register', who)
  const signIn = (who: Person) => client.ask('GET', '/auth', who)

  const registerAnna = lazy(() => firstAsk(() => register(anna)))
  const authRight = lazy(() => signIn(anna))

  /** The lab's client signs in before it sends or reads; a server without `/auth` is not made to wait for it. */
  async function signInFirst(who: Person): Promise<void> {
    const { answer } = await authRight()
    if (answer !== undefined && answer.status < 400) await signIn(who)
  }
  async function send(from: Person, sent: Letter): Promise<Exchange> {
    await signInFirst(from)
    return client.ask('POST', '/', sent)
  }
  async function inbox(of: Person): Promise<Exchange> {
    await signInFirst(of)
    return client.ask('GET', '/get_messages', { username: of.username })
  }

  const first = letter(anna, bert, 'Hello Bert')
  const second = letter(anna, bert, 'Are you there?')
  const back = letter(bert, anna, 'Yes, I am')
  const toMyself = letter(bert, bert, 'Note to myself')
  const nobody = { username: `${run}-nobody`, password: 'pw-nobody' }
  const toNobody = letter(anna, nobody, 'Is anybody there?')

  const sendFirst = lazy(() => send(anna, first))
  const sendSecond = lazy(() => send(anna, second))
  const sendBack = lazy(() => send(bert, back))
  async function allSent(): Promise<void> {
    for (const step of [sendFirst, sendSecond, sendBack]) await step()
  }
  const after = (step: () => Promise<Exchange>) => lazy(async () => (await allSent(), step()))
  const sendToMyself = after(() => send(bert, toMyself))

  return {
    client,
    signal,
    /** All that was asked so far, in order. */
    history: history as readonly Exchange[],
    run,
    people: { anna, bert, carl },
    letters: { first, second, back, toMyself },
    registerAnna,
    registerBert: lazy(() => register(bert)),
    registerCarl: lazy(() => register(carl)),
    /** With another password: it is the name that is taken. */
    registerCarlAgain: lazy(() => register({ ...carl, password: `${carl.password}-other` })),
    authCarl: lazy(() => signIn(carl)),
    authRight,
    /** Bert's password: right for somebody, not for Anna. */
    authWrong: lazy(() => signIn({ ...anna, password: bert.password })),
    authUnknown: lazy(() => signIn(nobody)),
    sendFirst,
    sendSecond,
    sendBack,
    inboxBert: after(() => inbox(bert)),
    inboxAnna: after(() => inbox(anna)),
    inboxCarl: after(() => inbox(carl)),
    sendToMyself,
    sendToNobody: after(() => send(anna, toNobody)),
    inboxBertAgain: lazy(async () => (await sendToMyself(), inbox(bert))),
    greeting: lazy(() => client.ask('GET', '/')),
    // For what only --beyond does
    letter,
    send,
    inbox,
    register,
    signIn,
  }
}

/**
 * Seconds, as Python's time.time() gives them, each used once: in the past hours, so that a server which writes down its
 * own clock is seen; at a random microsecond, since the lab's table refuses a second message with the same one; and
 * some seconds apart, so that one which keeps whole seconds still has them apart.
 */
function timestamps(): () => number {
  let microseconds = (Math.floor(Date.now() / 1000) - randomInt(2 * 3600, 12 * 3600)) * 1_000_000
  return () => {
    microseconds += randomInt(3_000_000, 9_000_000)
    return microseconds / 1_000_000
  }
}
