// How commands end, in one table: scripts rely on it. docs/guides/scripts.md has the same table, and a test compares them.
import * as helpTexts from '../protocol/texts/help.ts'
import type { Sentence } from '../protocol/texts/sentence.ts'

interface ExitCode {
  readonly code: number
  /** For the help and the docs. */
  readonly means: Sentence
}

export const exits = {
  done: { code: 0, means: helpTexts.done },
  broken: { code: 1, means: helpTexts.broken },
  usage: { code: 2, means: helpTexts.usage },
  'no-answer': { code: 3, means: helpTexts.noAnswer },
  refused: { code: 4, means: helpTexts.refused },
  'not-signed-in': { code: 5, means: helpTexts.notSignedIn },
  'command-failed': { code: 6, means: helpTexts.commandFailed },
  interrupted: { code: 130, means: helpTexts.interrupted },
  'output-closed': { code: 141, means: helpTexts.outputClosed },
} as const satisfies Record<string, ExitCode>

export type Exit = keyof typeof exits

/** What the help of a command says at its end: how it may end, which for one that calls a server is every way. */
export function exitCodesHelp(...ways: readonly Exit[]): string {
  const shown: readonly ExitCode[] = (ways.length === 0 ? (Object.keys(exits) as Exit[]) : ways).map(way => exits[way])
  return [`\n${helpTexts.exitCodes}`, ...shown.map(({ code, means }) => `  ${String(code).padEnd(3)}  ${means}`)].join(
    '\n',
  )
}
