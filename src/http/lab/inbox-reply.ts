// Depart: an inbox as the lab's JSON, in chunks of bounded size. A short one is sent whole, with its length; a long one is
// streamed as fast as its reader reads, and no faster.
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { InboxMessage } from '../../core/lab/inbox.ts'

type Pages = AsyncGenerator<readonly InboxMessage[], void, undefined>

const opening = '{"messages": ['
const closing = ']}'

/** UTF-16 units written at once: as JSON a text may be six times as large, and a reader may not read it. */
const chunkUnits = 65_536

/** Messages of an inbox that is sent whole: three pages. */
const shortMessagesMax = 48

export async function sendInbox(reply: FastifyReply, pages: Pages): Promise<FastifyReply> {
  reply.type('application/json; charset=utf-8')
  const first: InboxMessage[] = []
  let units = 0
  let next = await pages.next()
  while (next.done !== true && first.length < shortMessagesMax && units < chunkUnits) {
    first.push(...next.value)
    for (const { text } of next.value) units += text.length
    next = await pages.next()
  }
  if (next.done === true) return reply.send(opening + rows(first) + closing)
  if (reply.request.method === 'HEAD') {
    // Nothing is read on for it; as a stream, since Fastify would give an empty string the length 0.
    await pages.return()
    return reply.send(Readable.from([]))
  }
  // If the store fails from here on, the answer breaks off in the middle and is no JSON: never a short inbox that
  // looks whole.
  return reply.send(Readable.from(chunks(first, next.value, pages), { objectMode: false }))
}

async function* chunks(first: readonly InboxMessage[], second: readonly InboxMessage[], rest: Pages) {
  yield opening
  yield* pieces(first, '')
  yield* pieces(second, ', ')
  for await (const page of rest) yield* pieces(page, ', ')
  yield closing
}

/** The rows of a page in pieces of the size of a chunk, each made when the one before has been taken. */
function* pieces(page: readonly InboxMessage[], before: string) {
  let piece = ''
  let separator = before
  for (const message of page) {
    piece += separator + row(message)
    separator = ', '
    if (piece.length < chunkUnits) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

function rows(page: readonly InboxMessage[]): string {
  return page.map(row).join(', ')
}

function row({ seq, sender, recipient, text, sentAtS }: InboxMessage): string {
  return JSON.stringify({ id: seq, sender, recipient, message: text, timestamp: sentAtS })
}
