// `hullo register`, `send` and `inbox` with --lab: the same three through the lab's table, against any server that speaks
// it, such as one's own in Flask.
import * as help from '../protocol/texts/commands-help.ts'
import type { Command } from 'commander'
import { printableJson, printableLine, printableMessage, printableName } from '../terminal/printable.ts'
import { say } from '../terminal/prompt.ts'
import { askAgain, labEmpty, labRegistered, labSent, leftOut, passwordsDiffer } from '../protocol/texts/commands.ts'
import { callServer, readPassword, type ServerOptions, signIn, usage } from './credentials.ts'
import { readInput } from './input.ts'

/** Adds --lab. */
export function withLabOption(command: Command): Command {
  return command.option('--lab', help.lab)
}

export function labRegister(name: string, options: ServerOptions): Promise<void> {
  return callServer(options, async ({ client, prompt, interruption }) => {
    const asked = await readPassword({ prompt, interruption }, options, name, true)
    if (!asked.ok) return asked
    // Only what was typed unseen needs to be typed again.
    if (asked.typed && process.stdin.isTTY && (await prompt.askHidden(askAgain)) !== asked.password) {
      return usage(passwordsDiffer)
    }
    const registered = await client.register(name, asked.password)
    if (registered.ok) {
      const said = options.json ? printableJson({ registered: name }) : labRegistered(printableLine(name))
      process.stdout.write(`${said}\n`)
    }
    return registered
  })
}

/** `text` undefined: standard input is the text. */
export function labSend(to: string, text: string | undefined, options: ServerOptions): Promise<void> {
  return callServer(options, async call => {
    // From a pipe, the input is the message, and must not be taken for a password.
    const account = await signIn(call, options, text !== undefined || process.stdin.isTTY)
    if (!account.ok) return account
    const message = text ?? (await readInput(call.interruption))
    if (typeof message !== 'string') return message
    if (text === undefined) {
      // Writing may have taken longer than the proof of a guarded server lasts.
      const proof = await call.client.authenticate(account.user, account.password)
      if (!proof.ok) return proof
    }
    const sent = await call.client.sendMessage(account.user, to, message)
    if (sent.ok) {
      const said = options.json ? printableJson({ sent: { from: account.user, to } }) : labSent(printableLine(to))
      process.stdout.write(`${said}\n`)
    }
    return sent
  })
}

export function labInbox(options: ServerOptions): Promise<void> {
  return callServer(options, async call => {
    const { interruption } = call
    let outputClosed = false
    process.stdout.on('error', () => {
      outputClosed = true
      interruption.interrupt()
    })
    const account = await signIn(call, options, true)
    if (!account.ok) return account
    const received = await call.client.getMessages(account.user, message =>
      say(options.json ? printableJson(message) : printableMessage(message, process.stdout.columns), interruption),
    )
    if (outputClosed) return { ok: false, kind: 'output-closed', message: '' }
    if (!received.ok) return received
    if (received.unreadable > 0) process.stderr.write(`hullo: ${leftOut(received.unreadable)}\n`)
    if (received.count === 0 && !options.json) {
      process.stdout.write(`${labEmpty(printableName(account.user))}\n`)
    }
    return received
  })
}
