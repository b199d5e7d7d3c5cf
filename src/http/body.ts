// Arrive: a body is collected within its bound. What is longer is read on for a while and thrown away before it is
// refused: who is answered and cut off in the middle of sending sees a broken connection instead of the refusal.
import type { IncomingMessage } from 'node:http'
import { Refusal } from '../protocol/refusals.ts'
import * as stateTexts from '../protocol/texts/state.ts'
import * as requestTexts from '../protocol/texts/requests.ts'

/** Bytes that are read only to be thrown away; about what a person sends by mistake. */
const discardedBytesMax = 8 * 1_048_576

/** Bytes of all bodies together that are on their way in: four thousand of the largest, and what a small machine has. */
const underWayBytesMax = 256 * 1_048_576

/** What the bodies under way hold at the moment, shared by all connections of a server. */
export class BodyBudget {
  #bytes = 0

  /** Takes some, or says that there is no room. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > underWayBytesMax) return false
    this.#bytes += bytes
    return true
  }

  give(bytes: number): void {
    this.#bytes -= bytes
  }
}

/**
 * The whole body; `too-large`, or `busy` where the bodies of all connections together are too much. Rejects if the client
 * leaves in the middle.
 */
export async function readBody(
  payload: IncomingMessage,
  bytesMax: number,
  budget: BodyBudget,
): Promise<Buffer | Refusal> {
  const tooLarge = new Refusal('too-large', requestTexts.bodyLarge(bytesMax))
  if (Number(payload.headers['content-length']) > bytesMax + discardedBytesMax) return tooLarge
  const chunks: Buffer[] = []
  let bytes = 0
  let kept = 0
  let refused = false
  try {
    for await (const chunk of payload as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > bytesMax + discardedBytesMax) return tooLarge
      if (bytes > bytesMax || refused) continue
      refused = !budget.take(chunk.length)
      if (refused) continue
      kept += chunk.length
      chunks.push(chunk)
    }
    if (bytes > bytesMax) return tooLarge
    return refused ? crowded : Buffer.concat(chunks)
  } finally {
    budget.give(kept)
  }
}

const crowded = new Refusal('busy', stateTexts.bodiesCrowded, {
  retryAfterSeconds: 1,
})
