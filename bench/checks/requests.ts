// The check of the stores that were filled over HTTP: requests of several connections of one sender overtake one another,
// so what was acknowledged is a set of numbers, not the first so many.
import { statSync } from 'node:fs'
import type { HttpLedger } from '../load/http.ts'
import { fileIn } from '../peers/hullo.ts'
import { checkStored } from './stored.ts'

/** What was found, in sentences; throws Void. */
export async function checkAcknowledged(dir: string, { sent, acknowledged }: HttpLedger): Promise<readonly string[]> {
  const stored = await checkStored(dir, {
    sent,
    isOrdered: false,
    acknowledged: sender => numbersOf(acknowledged[sender]),
  })
  const count = acknowledged.reduce((all, pairs) => all + [...numbersOf(pairs)].length, 0)
  return [
    `${stored.messages} messages are stored; ${count} were acknowledged, and each of these is there exactly once with its text`,
    `${(statSync(fileIn(dir)).size / stored.messages).toFixed(1)} bytes on disk a message, of ${stored.textBytes / stored.messages} bytes of text`,
  ]
}

/** From pairs of a first number and a count. */
function* numbersOf(pairs: readonly number[] = []): Generator<number> {
  for (let at = 0; at < pairs.length; at += 2) {
    const first = pairs[at] ?? 0
    for (let number = first; number < first + (pairs[at + 1] ?? 0); number += 1) yield number
  }
}
