// How commands end, in one table: scripts rely on it. docs/guides/scripts.md has the same table, and a test compares them.

interface ExitCode {
  readonly code: number
  /** For the help and the docs. */
  readonly means: string
}

export const exits = {
  done: { code: 0, means: 'done' },
  broken: { code: 1, means: 'something broke here: a file that cannot be written, or a bug' },
  usage: { code: 2, means: 'wrong usage; nothing was asked of a server, or nothing was changed there' },
  'no-answer': { code: 3, means: 'no usable answer: the server is not there, is no messaging server, or broke off' },
  refused: { code: 4, means: 'the server said no; the sentence and the code say why' },
  'not-signed-in': { code: 5, means: 'nobody is signed in, or the session is over and there is no password' },
  'command-failed': { code: 6, means: 'the command of watch --exec failed, and --on-failure is stop' },
  interrupted: { code: 130, means: 'interrupted, by Ctrl-C or a signal, before it was done' },
  'output-closed': { code: 141, means: 'nobody reads the output any more, as in: hullo inbox | head -1' },
} as const satisfies Record<string, ExitCode>

export type Exit = keyof typeof exits

/** What the help of each command that calls a server says at its end. */
export const exitCodesHelp = [
  '\nExit codes:',
  ...Object.values(exits).map(({ code, means }) => `  ${String(code).padEnd(3)}  ${means}`),
].join('\n')
