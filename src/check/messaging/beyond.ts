// Only with --beyond: what a real messaging server meets sooner or later and the lab's clients never do. Advice.
import { hold, sendAndReset, type Target } from '../connection.ts'
import { met, type Outcome, type Requirement, unmet } from '../requirement.ts'
import { visible } from '../visible.ts'
import type { Exchange } from './client.ts'
import { judgeLetters, judgeList } from './inbox.ts'
import { codeOf, failureOf, isOk, judgeSuccess } from './judge.ts'
import type { Letter, Steps } from './steps.ts'

/** Beyond ASCII, beyond the 16-bit characters, right to left, two code points a character, and JSON's own specials. */
const hardTexts = [
  '¿Qué tal? Grüße, 你好',
  '👋🏽 👩‍👩‍👧',
  'שלום عالم',
  'e\u0301 and \u00e9',
  '"quoted" \\ back\nnext line',
]

/** How long the silent connections are: they must not use up the time of the whole check. */
const bounds = (steps: Steps) => ({ timeoutMs: 2000, signal: steps.signal })

const beyond = { level: 'advice', beyond: true } as const

export const messagingBeyond: readonly Requirement<Steps>[] = [
  {
    ...beyond,
    id: 'beyond-unicode',
    says: 'any Unicode text comes back as it was sent',
    source: 'people write in their own language',
    needs: ['inbox-messages'],
    judge: steps => judgeTexts(steps, hardTexts),
  },
  {
    ...beyond,
    id: 'beyond-long-text',
    says: 'a message of 1,000 characters comes back whole',
    source: "the lab's table holds 80 characters, and SQLite lets more pass",
    needs: ['inbox-messages'],
    judge: steps => judgeTexts(steps, ['long '.repeat(200).trim()]),
  },
  {
    ...beyond,
    id: 'beyond-same-timestamp',
    says: 'two messages with the same timestamp are both kept',
    source: "two people may write at once; the column is unique in the lab's table",
    needs: ['inbox-messages'],
    judge: judgeSameTimestamp,
  },
  {
    ...beyond,
    id: 'beyond-missing-field',
    says: 'a message without a recipient is refused, as JSON and without an error of the server',
    source: "the lab's own server answers 500 with a page",
    needs: ['send'],
    judge: async steps => {
      const { anna } = steps.people
      const { recipient: _, ...rest } = steps.letter(anna, anna, 'To whom?')
      return judgeRefused(await steps.client.ask('POST', '/', rest), 'look whether a field is there before it is used')
    },
  },
  {
    ...beyond,
    id: 'beyond-malformed-json',
    says: 'a body that is not JSON is refused, as JSON and without an error of the server',
    source: 'a program that talks to yours will have mistakes too',
    needs: ['send'],
    judge: async steps =>
      judgeRefused(
        await steps.client.ask('POST', '/', Buffer.from('{"sender": ')),
        'what get_json raises is not caught',
      ),
  },
  {
    ...beyond,
    id: 'beyond-half-character',
    says: 'a body with half a UTF-8 character is refused without an error of the server',
    source: 'a program that talks to yours will have mistakes too',
    needs: ['send'],
    judge: async steps => {
      const half = Buffer.concat([
        Buffer.from('{"username": "'),
        Buffer.from([0xc3]),
        Buffer.from('", "password": "x"}'),
      ])
      return judgeRefused(await steps.client.ask('POST', '/register', half), 'what decoding raises is not caught')
    },
  },
  {
    ...beyond,
    id: 'beyond-register-race',
    says: 'of five people who register one name at once, one succeeds',
    source: 'looking a name up and then adding it are two steps; a unique column makes them one',
    needs: ['register-existing'],
    judge: judgeRace,
  },
  {
    ...beyond,
    id: 'beyond-silence',
    says: 'a client that connects and says nothing stops nobody else',
    source: 'browsers open connections before they need them',
    needs: ['auth'],
    judge: judgeSilence,
  },
  {
    ...beyond,
    id: 'beyond-reset',
    says: 'a client that goes away in the middle of a request stops nobody else',
    source: 'a closed laptop does that',
    needs: ['auth'],
    judge: async steps => {
      const start = Buffer.from('POST / HTTP/1.1\r\nHost: check\r\nContent-Length: 100\r\n\r\n{"sender"')
      await sendAndReset(targetOf(steps), start, bounds(steps))
      return judgeSuccess(await steps.signIn(steps.people.anna))
    },
  },
]

async function judgeTexts(steps: Steps, texts: readonly string[]): Promise<Outcome> {
  const { anna, bert } = steps.people
  const letters = texts.map((text): Letter => ({ ...steps.letter(anna, bert, ''), message: `${text} ${steps.run}` }))
  return sendAndFind(steps, letters)
}

async function sendAndFind(steps: Steps, letters: readonly Letter[]): Promise<Outcome> {
  const { anna, bert } = steps.people
  for (const letter of letters) {
    const sent = judgeSuccess(await steps.send(anna, letter))
    if (sent.is !== 'met') return sent
  }
  const inbox = await steps.inbox(bert)
  const list = judgeList(inbox)
  return list.is === 'met' ? judgeLetters(inbox, letters, 'the inbox is empty') : list
}

function judgeSameTimestamp(steps: Steps): Promise<Outcome> {
  const { anna, bert } = steps.people
  const first = steps.letter(anna, bert, 'Said at once')
  const { timestamp } = first
  return sendAndFind(steps, [first, { ...steps.letter(anna, bert, 'Said at the same time'), timestamp }])
}

/** Some status from 400 to 499 and some JSON. */
function judgeRefused(exchange: Exchange, likely: string): Outcome {
  const { answer } = exchange
  const good = answer !== undefined && answer.status >= 400 && answer.status < 500 && answer.json !== undefined
  return good ? met : unmet(failureOf(exchange, 'a status from 400 to 499 with a JSON body', likely))
}

async function judgeRace(steps: Steps): Promise<Outcome> {
  const username = `${steps.run}-d`
  const rivals = [1, 2, 3, 4, 5].map(number => ({ username, password: `pw-${number}` }))
  const exchanges = await Promise.all(rivals.map(rival => steps.register(rival)))
  const won = exchanges.filter(({ answer }) => answer !== undefined && isOk(answer) && codeOf(answer) === 1)
  if (won.length === 1) return met
  return unmet({
    sent: `five POST /register at once for ${visible(username)}, each with another password`,
    came: `${won.length} times 1`,
    expected: 'once 1, four times 10',
    likely: 'nothing makes the name unique between the look-up and the insert',
  })
}

async function judgeSilence(steps: Steps): Promise<Outcome> {
  const held = await hold(targetOf(steps), bounds(steps))
  const meanwhile = await steps.signIn(steps.people.anna)
  held?.destroy()
  const outcome = judgeSuccess(meanwhile)
  if (outcome.is !== 'unmet') return outcome
  return { ...outcome, likely: 'the server reads from one client at a time, and the silent one is first' }
}

function targetOf({ client: { address } }: Steps): Target {
  const port = address.port === '' ? (address.protocol === 'https:' ? 443 : 80) : Number(address.port)
  return { host: address.hostname.replace(/^\[|\]$/g, ''), port }
}
