// How the commands that call a server end: what goes to standard error, and which exit code. Standard output is only for
// what was asked for.
import type { Failure, No } from '../lab/client.ts'
import { printableJson, printableLine } from './printable.ts'

/** What a command itself may object to, beside the client's failures. */
export type Complaint = No<'usage' | 'output-closed'> | No<'user-exists' | 'unknown-user' | 'wrong-password'> | Failure

/** Exit codes, the same for every command that calls a server. */
export const exitCodesHelp = `
Exit codes:
  0    done
  1    wrong usage, or nothing to send; no server was asked
  2    the server said no: the user exists (10) or does not (11), wrong password (12), or a refusal
  3    no usable answer: not reachable, not a messaging server, broken off
  130  interrupted, or nobody reads the output any more`

const exitCodes = {
  usage: 1,
  'user-exists': 2,
  'unknown-user': 2,
  'wrong-password': 2,
  refused: 2,
  unreachable: 3,
  'no-answer': 3,
  airplay: 3,
  'not-messaging': 3,
  unexpected: 3,
  interrupted: 130,
  'output-closed': 130,
} as const satisfies Record<Complaint['kind'], number>

/** Says what went wrong on standard error, as a sentence or as one line of JSON, and sets the exit code. */
export function complain(complaint: Complaint, json: boolean): void {
  process.exitCode = exitCodes[complaint.kind]
  if (complaint.kind === 'output-closed') return // as every program in a pipe: `hullo inbox | head`
  const { ok: _, kind, ...rest } = complaint
  process.stderr.write(`${json ? printableJson({ error: kind, ...rest }) : `hullo: ${printableLine(rest.message)}`}\n`)
}
