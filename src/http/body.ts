// Arrive: a body is collected within its bound. What is longer is read on for a while and thrown away before it is
// refused: who is answered and cut off in the middle of sending sees a broken connection instead of the refusal.
import type { IncomingMessage } from 'node:http'
import { Refusal } from '../protocol/refusals.ts'

/** Bytes that are read only to be thrown away; about what a person sends by mistake. */
const discardedBytesMax = 8 * 1_048_576

/** The whole body, or `too-large`. Rejects if the client leaves in the middle. */
export async function readBody(payload: IncomingMessage, bytesMax: number): Promise<Buffer | Refusal> {
  const tooLarge = new Refusal('too-large', `The body is larger than ${bytesMax} bytes.`)
  if (Number(payload.headers['content-length']) > bytesMax + discardedBytesMax) return tooLarge
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of payload as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= bytesMax) chunks.push(chunk)
    else if (bytes > bytesMax + discardedBytesMax) return tooLarge
  }
  return bytes > bytesMax ? tooLarge : Buffer.concat(chunks)
}
