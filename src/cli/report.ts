// How the commands that call a server end: what goes to standard error, and which exit code. Standard output is only for
// what was asked for.
import type { Failure, No } from '../lab/client.ts'
import {
  interrupted as interruptedSentence,
  noSuchMachine,
  nothingListens,
  signInAgain,
} from '../protocol/texts/commands.ts'
import { Closed, NoAnswer, Refused } from '../sdk/sdk.ts'
import { KeptTrouble } from '../terminal/kept-sessions.ts'
import { printableJson, printableLine } from '../terminal/printable.ts'
import { SignInTrouble } from '../terminal/sign-in.ts'
import { type Exit, exits } from './exit-codes.ts'

/** What a command itself may object to, beside the lab client's failures. */
export type Complaint =
  | (No<'usage' | 'output-closed' | 'broken' | 'not-signed-in' | 'command-failed'> & { readonly seq?: number })
  | No<'user-exists' | 'unknown-user' | 'wrong-password'>
  | (No<'refused'> & { readonly code?: string })
  | (No<'no-answer' | 'interrupted'> & { readonly id?: string; readonly line?: number })
  | Failure

/** Thrown where a command finds out in the depth of something that it cannot go on. */
export class Complained extends Error {
  readonly complaint: Complaint

  constructor(complaint: Complaint) {
    super(complaint.message)
    this.complaint = complaint
  }
}

const exitOf = {
  usage: 'usage',
  'user-exists': 'refused',
  'unknown-user': 'refused',
  'wrong-password': 'refused',
  refused: 'refused',
  unreachable: 'no-answer',
  'no-answer': 'no-answer',
  airplay: 'no-answer',
  'not-messaging': 'no-answer',
  unexpected: 'no-answer',
  interrupted: 'interrupted',
  'output-closed': 'output-closed',
  broken: 'broken',
  'not-signed-in': 'not-signed-in',
  'command-failed': 'command-failed',
} as const satisfies Record<Complaint['kind'], Exit>

/** Says what went wrong on standard error, as a sentence or as one line of JSON, and sets the exit code. */
export function complain(complaint: Complaint, json: boolean): void {
  process.exitCode = exits[exitOf[complaint.kind]].code
  if (complaint.kind === 'output-closed') return // as every program in a pipe: `hullo inbox | head`
  const { ok: _, kind, ...rest } = complaint
  process.stderr.write(`${json ? printableJson({ error: kind, ...rest }) : `hullo: ${printableLine(rest.message)}`}\n`)
}

/** What was thrown, as a complaint; what nobody expects is thrown on. */
export function complaintOf(error: unknown, signal: AbortSignal): Complaint {
  if (error instanceof Complained) return error.complaint
  if (signal.aborted) return interrupted
  if (error instanceof SignInTrouble) return no(error.kind, error.message)
  if (error instanceof KeptTrouble) return no('broken', error.message)
  if (error instanceof NoAnswer) return no('no-answer', sentenceOf(error))
  if (error instanceof Refused) {
    const { code, message } = error
    if (code === 'signed-out') return no('not-signed-in', `${sentence(message)} ${signInAgain}`)
    return { ...no('refused', sentence(message)), code }
  }
  if (error instanceof Closed) return interrupted
  throw error
}

/** Ctrl-C, or the end of the input, before it was done. */
export const interrupted: No<'interrupted'> = no('interrupted', interruptedSentence)

export function no<K extends string>(kind: K, message: string): No<K> {
  return { ok: false, kind, message }
}

/** With the reason that the system gave: "cannot be reached" alone helps nobody. */
export function sentenceOf(error: Error): string {
  const cause = error.cause instanceof Error ? (error.cause.cause ?? error.cause) : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
  if (code === 'ECONNREFUSED') return `${error.message} ${nothingListens}`
  if (code === 'ENOTFOUND') return `${error.message} ${noSuchMachine}`
  const why = code ?? (cause instanceof Error ? cause.message : undefined)
  return why === undefined ? error.message : `${error.message} (${why})`
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
