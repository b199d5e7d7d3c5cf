// `hullo send TO [TEXT...]`: one message, or with --lines one for each line of standard input. Prints what the server
// acknowledged, and nothing before: the number of a message is printed once the message is on the server's disk.
import * as help from '../../protocol/texts/commands-help.ts'
import { randomBytes } from 'node:crypto'
import { Command, InvalidArgumentError } from 'commander'
import {
  noAnswerWithin,
  noRecipient,
  notAcknowledged,
  sent,
  textIsEmpty,
  textWithLines,
  typeText,
} from '../../protocol/texts/commands.ts'
import type { Address } from '../../protocol/v1.ts'
import type { Me, Stored } from '../../sdk/sdk.ts'
import { printableName } from '../../terminal/printable.ts'
import { readInput } from '../input.ts'
import { labSend, withLabOption } from '../lab-calls.ts'
import { Complained, complaintOf, no } from '../report.ts'
import { sendLines } from '../send-lines.ts'
import { type Call, callAs, labOptions, type SessionOptions, withSessionOptions } from '../session.ts'

/** Chance in an id that was not given. */
const idBytes = 9

type Options = SessionOptions & {
  readonly lab?: true
  readonly lines?: true
  readonly id?: string
  /** Seconds. */
  readonly timeout: number
}

export function sendCommand(): Command {
  const command = new Command('send')
    .description(help.send)
    .argument('<to>', help.sendTo)
    .argument('[text...]', help.sendText)
    .option('--lines', help.sendLines)
    .option('--id <id>', help.sendId)
    .option('--timeout <seconds>', help.sendTimeout, secondsOf, 30)
  return withSessionOptions(withLabOption(command)).addHelpText('after', help.sendMore).action(send)
}

function send(to: string, words: readonly string[], options: Options): Promise<void> {
  const fromInput = words.length === 0 || (words.length === 1 && words[0] === '-')
  if (options.lab) return labSend(to, fromInput ? undefined : words.join(' '), labOptions(options))
  // From a pipe, the input is the message, and must not be taken for a password.
  const mayAsk = (!fromInput && options.lines !== true) || process.stdin.isTTY
  const check = () => {
    if (options.lines === true && words.length > 0) throw new Complained(no('usage', textWithLines))
    if (!fromInput && words.join(' ') === '') throw new Complained(no('usage', textIsEmpty))
    addressOf(to)
  }
  return callAs(
    options,
    async (me, call) => {
      const address = addressOf(to)
      const id = options.id ?? randomBytes(idBytes).toString('hex')
      if (options.lines === true) return sendLines(me, call, { to: address, id, timeoutSeconds: options.timeout })
      const text = fromInput ? await inputText(call) : words.join(' ')
      const stored = await sendOne(me, call, address, text, id, options.timeout)
      // A terminal is read by people; a pipe wants the number alone.
      const said = process.stdout.isTTY ? sent(printableName(address), stored.seq) : String(stored.seq)
      await call.print(said, stored)
    },
    { mayAsk, check },
  )
}

async function inputText({ interruption, note, json }: Call): Promise<string> {
  if (process.stdin.isTTY && !json) note(typeText)
  const text = await readInput(interruption)
  if (typeof text !== 'string') throw new Complained(text)
  if (text === '') throw new Complained(no('usage', textIsEmpty))
  return text
}

async function sendOne(
  me: Me,
  { interruption }: Call,
  to: Address,
  text: string,
  clientId: string,
  timeoutSeconds: number,
): Promise<Stored> {
  const late = AbortSignal.timeout(timeoutSeconds * 1000)
  const signal = AbortSignal.any([interruption.signal, late])
  try {
    return await me.send(to, text, { clientId, signal })
  } catch (error) {
    const complaint = late.aborted
      ? no('no-answer', noAnswerWithin(timeoutSeconds))
      : complaintOf(error, interruption.signal)
    if (complaint.kind !== 'no-answer' && complaint.kind !== 'interrupted') throw error
    throw new Complained({ ...complaint, message: notAcknowledged(complaint.message, clientId), id: clientId })
  }
}

/** `bob`, `@bob` and `#team` as typed. Throws what is to be complained about. */
function addressOf(typed: string): Address {
  const text = typed.trim()
  if (text === '' || text === '@' || text === '#') throw new Complained(no('usage', noRecipient))
  return (/^[@#]/.test(text) ? text : `@${text}`) as Address
}

function secondsOf(text: string): number {
  const value = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0 || value > 86_400) {
    throw new InvalidArgumentError(help.secondsRule)
  }
  return value
}
