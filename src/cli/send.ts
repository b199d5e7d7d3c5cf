// `hullo send TO TEXT...`: sends one message through the lab's table, from a script or by hand.
import { addAbortSignal } from 'node:stream'
import { Command } from 'commander'
import { bodyBytesMax } from '../protocol/limits.ts'
import type { Complaint } from './client-report.ts'
import {
  callServer,
  interrupted,
  type ServerOptions,
  signIn,
  usage,
  withServerOptions,
  withUserOption,
} from './credentials.ts'
import { printableJson, printableLine } from './printable.ts'
import type { Interruption } from './prompt.ts'

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
    call.prompt.release()
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
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of addAbortSignal(signal, process.stdin) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > bodyBytesMax) {
        return usage(`The text is longer than ${bodyBytesMax} bytes, which no message may be. Nothing was sent.`)
      }
    }
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks))
    if (text === '') return usage('Standard input is empty. Nothing was sent.')
    return { ok: true, text: text.replace(/\r?\n$/, '') }
  } catch (error) {
    if (signal.aborted) return interrupted
    if (error instanceof TypeError) return usage('Standard input is not UTF-8 text. Nothing was sent.')
    throw error
  }
}
