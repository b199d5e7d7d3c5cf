// `hullo send TO TEXT...`: sends one message through the lab's table, from a script or by hand.
import { isUtf8 } from 'node:buffer'
import type { Readable } from 'node:stream'
import { Command } from 'commander'
import { bodyBytesMax } from '../protocol/limits.ts'
import { type Complaint, interrupted } from './report.ts'
import { callServer, type ServerOptions, signIn, usage, withServerOptions, withUserOption } from './credentials.ts'
import { printableJson, printableLine } from '../terminal/printable.ts'
import type { Interruption } from '../terminal/prompt.ts'

export function sendCommand(): Command {
  const command = new Command('send')
    .description('send a message')
    .argument('<to>', 'who gets it')
    .argument('<text...>', 'the text; its words are joined by spaces. - reads it from standard input')
  return withServerOptions(withUserOption(command)).action(send)
}

function send(to: string, words: string[], options: ServerOptions): Promise<void> {
  const fromInput = words.length === 1 && words[0] === '-'
  return callServer(options, async call => {
    // From a pipe, the input is the message, and must not be taken for a password.
    const account = await signIn(call, options, !fromInput || process.stdin.isTTY)
    if (!account.ok) return account
    const text = fromInput ? await readInput(call.interruption) : { ok: true as const, text: words.join(' ') }
    if (!text.ok) return text
    if (fromInput) {
      // Writing may have taken longer than the proof of a guarded server lasts.
      const proof = await call.client.authenticate(account.user, account.password)
      if (!proof.ok) return proof
    }
    const sent = await call.client.sendMessage(account.user, to, text.text)
    if (sent.ok) {
      const said = options.json ? printableJson({ sent: { from: account.user, to } }) : `Sent to ${printableLine(to)}.`
      process.stdout.write(`${said}\n`)
    }
    return sent
  })
}

/** The whole standard input as a text, without its last line end. */
async function readInput({ signal }: Interruption): Promise<{ ok: true; text: string } | Complaint> {
  const bytes = await readAtMost(process.stdin, bodyBytesMax, signal)
  if (signal.aborted) return interrupted
  if (bytes.length > bodyBytesMax) {
    return usage(`The text is longer than ${bodyBytesMax} bytes, which no message may be. Nothing was sent.`)
  }
  if (!isUtf8(bytes)) return usage('Standard input is not UTF-8 text. Nothing was sent.')
  if (bytes.length === 0) return usage('Standard input is empty. Nothing was sent.')
  return { ok: true, text: bytes.toString().replace(/\r?\n$/, '') }
}

// By events, not by its iterator: that one never wakes a terminal which the prompt has paused.
function readAtMost(input: Readable, bytesMax: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  return new Promise((resolve, reject) => {
    const stop = () => {
      signal.removeEventListener('abort', stop)
      input.destroy()
      resolve(Buffer.concat(chunks))
    }
    signal.addEventListener('abort', stop, { once: true })
    input.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > bytesMax) stop()
    })
    input.on('end', stop).on('error', reject).resume()
    if (signal.aborted) stop()
  })
}
