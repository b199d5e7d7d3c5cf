// Depart: an inbox as the lab's JSON, one chunk a page. A short one is sent whole, with its length; a long one is
// streamed as fast as its reader reads, and no faster.
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { InboxMessage } from '../core/inbox.ts'

type Pages = AsyncGenerator<readonly InboxMessage[], void, undefined>

const opening = '{"messages": ['
const closing = ']}'

export async function sendInbox(reply: FastifyReply, pages: Pages): Promise<FastifyReply> {
  reply.type('application/json; charset=utf-8')
  const first = await pages.next()
  const second = first.done === true ? first : await pages.next()
  if (second.done === true) return reply.send(opening + (first.done === true ? '' : rows(first.value)) + closing)
  if (reply.request.method === 'HEAD') {
    // Nothing is read on for it; as a stream, since Fastify would give an empty string the length 0.
    await pages.return()
    return reply.send(Readable.from([]))
  }
  // If the store fails from here on, the answer breaks off in the middle and is no JSON: never a short inbox that
  // looks whole.
  return reply.send(Readable.from(chunks(first.value ?? [], second.value, pages), { objectMode: false }))
}

async function* chunks(first: readonly InboxMessage[], second: readonly InboxMessage[], rest: Pages) {
  yield opening + rows(first)
  yield `, ${rows(second)}`
  for await (const page of rest) yield `, ${rows(page)}`
  yield closing
}

function rows(page: readonly InboxMessage[]): string {
  return page.map(row).join(', ')
}

function row({ seq, sender, recipient, text, sentAtS }: InboxMessage): string {
  return JSON.stringify({ id: seq, sender, recipient, message: text, timestamp: sentAtS })
}
