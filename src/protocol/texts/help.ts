// What the help of several commands says: of the program itself, of passwords, and of how commands end.
import type { Sentence } from './sentence.ts'

export const everyCommand = '(hullo --help shows every command)' as Sentence

export function seeHelpOf(command: string): Sentence {
  return `(hullo ${command} --help shows how it is used)` as Sentence
}

export const helpOfCommand = 'what a command does, and its options' as Sentence

/** Above the commands of each kind, in the help of the program. */
export const groups = {
  talking: 'Talk:' as Sentence,
  signingIn: 'Sign in:' as Sentence,
  serving: 'Run a server:' as Sentence,
  learning: 'The labs:' as Sentence,
  others: 'More:' as Sentence,
} as const

export const passwordFile = 'read the password from this file (its last line end is left off)' as Sentence
export const passwordSources =
  'The password is asked for, or taken from --password-file, or from HULLO_PASSWORD.' as Sentence

export function version(own: string, node: string): Sentence {
  return `hullo ${own} on Node ${node}` as Sentence
}

// ── How commands end ──

export const exitCodes = 'Exit codes:' as Sentence
export const done = 'done' as Sentence
export const broken = 'something broke here: a file that cannot be written, or a bug' as Sentence
export const usage = 'wrong usage; nothing was asked of a server, or nothing was changed there' as Sentence
export const noAnswer = 'no usable answer: the server is not there, is no messaging server, or broke off' as Sentence
export const refused = 'the server, or its rules, said no; the sentence says why, with --json a code too' as Sentence
export const notSignedIn = 'nobody is signed in, or the session is over and there is no password' as Sentence
export const commandFailed = 'the command of watch --exec failed, and --on-failure is stop' as Sentence
export const interrupted = 'interrupted, by Ctrl-C or a signal, before it was done' as Sentence
export const outputClosed = 'nobody reads the output any more, as in: hullo inbox | head -1' as Sentence
