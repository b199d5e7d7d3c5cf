// What senders were told while the disk failed, and whether it was true.
import assert from 'node:assert/strict'
import { assertOnceEach, textsOfLog } from './log.ts'
import { type Answer, type Client, client, type Server, serve } from './server.ts'

/** What became of messages, by what their senders were told. */
export interface Fates {
  readonly stored: string[]
  readonly unavailable: string[]
  readonly unknown: string[]
}

export const noFates = (): Fates => ({ stored: [], unavailable: [], unknown: [] })

let sends = 0

/** In place of an answer that did not come. */
const lost: Answer = { status: 0, body: '' }

/** Sends `count` messages at once; each answer is a `1`, or a 503 in JSON with one of the two codes. */
export async function send(people: Client, count: number, fates: Fates, padding = ''): Promise<void> {
  const texts = Array.from({ length: count }, () => `message ${(sends += 1)} ${padding}`)
  await Promise.all(
    texts.map(async text => {
      // A server that ends may close the connection before its answer is read.
      const { status, body } = await people.send('ann', 'bob', text).catch((): Answer => lost)
      if (status === 0) fates.unknown.push(text)
      else if (status === 200 && body === '1') fates.stored.push(text)
      else fateOf(fates, status, body).push(text)
    }),
  )
}

function fateOf(fates: Fates, status: number, body: string): string[] {
  assert.equal(status, 503, body)
  const { error, message } = JSON.parse(body) as { error: string; message: string }
  assert.match(message, /^The server .*\.$/)
  if (error === 'unavailable') return fates.unavailable
  assert.equal(error, 'outcome-unknown')
  return fates.unknown
}

/** Starts the server again over what a killed one left: what its senders were told must be so. */
export async function checkAfterRestart(dir: string, fates: Fates): Promise<void> {
  await using again = await serve(dir)
  using people = client(again.url)
  assert.equal((await people.signIn('bob')).body, '1')
  const inbox = (await people.inbox('bob')).map(one => one.message)
  again.program.child.kill('SIGKILL')
  await again.program.ended
  assert.deepEqual(textsOfLog(dir), inbox)
  assertOnceEach(inbox, fates.stored)
  const denied = new Set(fates.unavailable)
  assert.deepEqual(
    inbox.filter(text => denied.has(text)),
    [],
    'there although its sender was told that nothing was stored',
  )
  assert.equal(new Set(inbox).size, inbox.length)
}

export function pidOf({ program }: Server): number {
  assert(program.child.pid !== undefined)
  return program.child.pid
}
