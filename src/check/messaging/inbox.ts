// Reads the answer of /get_messages from `unknown`, as far as the lab's client does: what it takes for granted there is
// what the requirements ask for.
import { met, notRun, type Outcome, unmet } from '../requirement.ts'
import { visible } from '../visible.ts'
import type { Exchange } from './client.ts'
import { failureOf, isOk } from './judge.ts'
import type { Letter } from './steps.ts'

export type Item = Readonly<Record<string, unknown>>

/** `time.ctime` of the lab's client knows years up to 9999 and a few before 1970 everywhere; 0 to the year 3000 is safe. */
const timestampMax = 32_503_680_000

const isObject = (value: unknown): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The items of `messages`, or undefined where the answer has no such list of objects. */
export function itemsOf({ answer }: Exchange): readonly Item[] | undefined {
  const value = answer?.json?.value
  const list = isObject(value) ? value['messages'] : undefined
  return Array.isArray(list) && list.every(isObject) ? list : undefined
}

/** Status ok and `{"messages": [{...}, ...]}`. */
export function judgeList(exchange: Exchange): Outcome {
  const { answer } = exchange
  const expected = 'status 200 and {"messages": [...]}, a list of objects'
  if (answer !== undefined && isOk(answer) && itemsOf(exchange) !== undefined) return met
  if (answer === undefined || !isOk(answer) || answer.json === undefined) return unmet(failureOf(exchange, expected))
  return unmet(failureOf(exchange, expected, likelyShape(answer.json.value)))
}

function likelyShape(value: unknown): string {
  if (Array.isArray(value)) return 'the list stands alone: put it under "messages" (jsonify({"messages": ...}))'
  if (isObject(value) && 'messages' in value) return '"messages" is not a list of objects'
  if (isObject(value)) return 'the list is under another name than "messages"'
  if (value === 11 || value === 12) return 'the server answers a code: does it know the user who has just signed in?'
  return 'what the helper get_messages_from_db returns is not what the route answers'
}

/** Each item has a text under each of `fields`. */
export function judgeTexts(exchange: Exchange, fields: readonly string[]): Outcome {
  const items = itemsOf(exchange) ?? []
  if (items.length === 0) return notRun('the list of messages is empty')
  for (const item of items) {
    const wrong = fields.find(field => typeof item[field] !== 'string')
    if (wrong === undefined) continue
    const expected = `in each message a text under ${fields.map(field => `"${field}"`).join(' and ')}`
    const likely = wrong in item ? `"${wrong}" is not a text` : `a message has no "${wrong}"; it has ${keysOf(item)}`
    return unmet(failureOf(exchange, expected, likely))
  }
  return met
}

const keysOf = (item: Item): string => visible(Object.keys(item).join(', '))

/** Each item has a `timestamp` that the lab's client can print. */
export function judgeTimestamps(exchange: Exchange): Outcome {
  const items = itemsOf(exchange) ?? []
  if (items.length === 0) return notRun('the list of messages is empty')
  const wrong = items.find(
    ({ timestamp }) => typeof timestamp !== 'number' || timestamp < 0 || timestamp > timestampMax,
  )
  if (wrong === undefined) return met
  const expected = 'in each message a "timestamp" that is a JSON number of seconds since 1970'
  return unmet(failureOf(exchange, expected, likelyTimestamp(wrong)))
}

function likelyTimestamp(item: Item): string {
  const { timestamp } = item
  if (!('timestamp' in item)) return `a message has no "timestamp"; it has ${keysOf(item)}`
  if (typeof timestamp === 'string')
    return "the timestamp is a text: the lab's client gives it to time.ctime, which stops at a text"
  if (typeof timestamp === 'number') return 'the timestamp is out of range: seconds, not milliseconds'
  return 'the timestamp is not a number'
}

export const find = (items: readonly Item[], letter: Letter): readonly Item[] =>
  items.filter(item => item['message'] === letter.message)

/** Each of `letters` is there, once, from its sender. */
export function judgeLetters(exchange: Exchange, letters: readonly Letter[], fallback: string): Outcome {
  const items = itemsOf(exchange) ?? []
  for (const letter of letters) {
    const expected = `once the message ${visible(letter.message)} with the sender ${visible(letter.sender)}`
    const [item, twice] = find(items, letter)
    if (item === undefined) {
      return unmet(failureOf(exchange, expected, items.length === 0 ? fallback : likelyLost(items, letter, exchange)))
    }
    if (twice !== undefined) return unmet(failureOf(exchange, expected, 'the message is stored more than once'))
    if (item['sender'] === letter.sender) continue
    return unmet(failureOf(exchange, expected, likelySender(item, letter)))
  }
  return met
}

function likelySender(item: Item, letter: Letter): string {
  return item['sender'] === letter.recipient
    ? 'sender and recipient are swapped: "sender" holds the recipient\'s name'
    : 'the sender is another one than the one who sent it'
}

function likelyLost(items: readonly Item[], letter: Letter, { body }: Exchange): string {
  if (
    items.some(item => Object.entries(item).some(([name, value]) => name !== 'message' && value === letter.message))
  ) {
    return 'the fields are swapped: the text of the message stands under another name than "message"'
  }
  if (items.every(({ sender }) => sender === letter.recipient) && body?.includes(letter.recipient)) {
    return "the messages are chosen by their sender: these are the user's own; filter by recipient (filter_by(recipient=username))"
  }
  const changed = items.find(
    ({ message }) => typeof message === 'string' && message !== '' && isPart(message, letter.message),
  )
  if (changed !== undefined) return 'the text comes back changed: cut, trimmed, or in other letters'
  return 'a message is lost: does a later one overwrite it?'
}

const isPart = (one: string, other: string): boolean =>
  other.toLowerCase().includes(one.toLowerCase()) || one.toLowerCase().includes(other.toLowerCase())
