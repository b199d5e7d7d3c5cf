// What `hullo check` says of itself: its help, and why it checked nothing. (What it says of the server under test stands
// beside each requirement, in src/check: the report is a document about a lab.)
import { anywhere, number } from './format.ts'
import type { Sentence } from './sentence.ts'

export const check = 'check a server of your own against one of the labs, with explanations' as Sentence
export const target = 'http://HOST:PORT (messaging) or HOST:PORT (the others)' as Sentence
export const run = 'start the server with this command, and judge its console and exit code too' as Sentence
export const beyond =
  'also try what the lab does not speak of: silence, resets, half characters, Unicode (advice)' as Sentence
export const json = 'print the report as JSON' as Sentence
export const targets = 'check a whole class: one target a line, then a name; prints one table and CSV' as Sentence
export const csv = 'with --targets: write the CSV into this file' as Sentence
export const timeout = 'for one exchange with the server, 0.1 to 60' as Sentence
export const exitCodes =
  'Exit code 0: all that is required holds. 1: something does not. 2: nothing was checked.' as Sentence

export const stopped = 'the check was stopped' as Sentence
export const whichServer = 'which server? Name a target, or a file of them with --targets' as Sentence
export const csvAlone = '--csv goes with --targets' as Sentence
export const notBoth = 'either a target or --targets, not both' as Sentence
export const runOfClass = '--run starts one server: it does not go with --targets' as Sentence

export function timeoutRange(given: string): Sentence {
  return `--timeout ${given}: seconds, from 0.1 to 60` as Sentence
}

export function fileLong(path: string, bytes: number, bytesMax: number): Sentence {
  return `${path} has ${number(bytes, anywhere)} bytes; at most ${number(bytesMax, anywhere)} are read` as Sentence
}

export function fileUnreadable(path: string, why: string): Sentence {
  return `${path} cannot be read: ${why}` as Sentence
}
