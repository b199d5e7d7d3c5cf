// What the HTTP generator asks, and what it takes for a right answer: one kind of request each. Messages carry their
// sender and number, over the lab's route and over v1.
import { randomBytes } from 'node:crypto'
import { Void } from '../contract.ts'
import type { Response } from './response-reader.ts'
import { clientIdOf, textOf } from './texts.ts'

export type RequestKind =
  /** POST / of the lab, one message. */
  | 'lab-post'
  /** POST /v1/messages with `batch` messages. */
  | 'v1-send'
  /** GET of a path, the same one or one of several in turns. */
  | 'get'
  /** POST /v1/sessions, each name once. */
  | 'sign-in'

export interface RequestSetup {
  readonly kind: RequestKind
  readonly port: number
  /** Senders, or those who sign in. Message n of sender s goes to `recipients[s]`. */
  readonly names: readonly string[]
  readonly recipients?: readonly string[]
  readonly tokens?: readonly string[]
  readonly password?: string
  readonly batch?: number
  readonly paths?: readonly string[]
  /** Texts that each answer to a GET is to hold; not looked at where it is absent. */
  readonly textsEach?: number
}

export interface Asked {
  readonly bytes: Buffer | string
  /** Messages in it: of whom, and the number of the first. */
  readonly sender: number
  readonly first: number
  readonly messages: number
}

export interface Requests {
  /** The next request of a connection; undefined where there is none left. */
  next(connection: number): Asked | undefined
  /** Throws where the answer is not the right one. */
  check(response: Response, asked: Asked): void
  readonly sent: number[]
}

export function requestsOf(setup: RequestSetup): Requests {
  const sent = setup.names.map(() => 0)
  return { sent, ...kinds[setup.kind](setup, sent) }
}

type Kind = (setup: RequestSetup, sent: number[]) => Pick<Requests, 'next' | 'check'>

const kinds: Readonly<Record<RequestKind, Kind>> = {
  'lab-post': ({ port, names, recipients = [] }, sent) => ({
    next(connection) {
      const sender = connection % names.length
      const number = take(sent, sender, 1)
      const message = `{"sender":"${names[sender]}","recipient":"${recipients[sender]}","message":"${textOf(sender, number)}","timestamp":1700000000.25}`
      return { bytes: post(port, '/', message), sender, first: number, messages: 1 }
    },
    check({ status, body }) {
      if (status !== 200 || body.toString().trim() !== '1')
        throw new Void(`a send was answered ${status} ${body.toString()}`)
    },
  }),

  'v1-send': ({ port, names, recipients = [], tokens = [], batch = 1 }, sent) => {
    const prefixes = names.map(() => randomBytes(6).toString('base64url'))
    return {
      next(connection) {
        const sender = connection % names.length
        const first = take(sent, sender, batch)
        const messages = Array.from({ length: batch }, (_, index) => {
          const number = first + index
          const id = clientIdOf(prefixes[sender] ?? '', number)
          return `{"to":"@${recipients[sender]}","text":"${textOf(sender, number)}","clientId":"${id}"}`
        })
        const body = `{"messages":[${messages.join()}]}`
        return { bytes: post(port, '/v1/messages', body, tokens[sender]), sender, first, messages: batch }
      },
      check({ status, body }, { messages }) {
        const stored = body.toString().split('"seq":').length - 1
        if (status !== 200 || stored !== messages) {
          throw new Void(`${messages} messages were answered ${status} ${body.toString().slice(0, 300)}`)
        }
      },
    }
  },

  get({ port, paths = [], tokens = [] }) {
    let turn = 0
    const requests = paths.map(
      (path, index) =>
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${bearer(tokens[index % Math.max(1, tokens.length)])}\r\n`,
    )
    return {
      next() {
        turn += 1
        return { bytes: requests[turn % requests.length] ?? '', sender: 0, first: 0, messages: 0 }
      },
      check({ status, body }) {
        if (status !== 200) throw new Error(`a GET was answered ${status} ${body.toString().slice(0, 300)}`)
      },
    }
  },

  'sign-in': ({ port, names, password = '' }) => {
    let turn = 0
    return {
      next() {
        const name = names[turn]
        if (name === undefined) return undefined
        turn += 1
        return {
          bytes: post(port, '/v1/sessions', JSON.stringify({ name, password })),
          sender: 0,
          first: 0,
          messages: 0,
        }
      },
      check({ status, body }) {
        if (status !== 201) throw new Error(`a sign-in was answered ${status} ${body.toString().slice(0, 300)}`)
      },
    }
  },
}

function take(sent: number[], sender: number, count: number): number {
  const first = sent[sender] ?? 0
  sent[sender] = first + count
  return first
}

/** One string: ASCII throughout, so that its length is its bytes. */
function post(port: number, path: string, json: string, token?: string): string {
  return (
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n` +
    `${bearer(token)}Content-Length: ${json.length}\r\n\r\n${json}`
  )
}

function bearer(token: string | undefined): string {
  return token === undefined ? '' : `Authorization: Bearer ${token}\r\n`
}
