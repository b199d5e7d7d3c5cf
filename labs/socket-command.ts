// What the programs of the sockets lab share and the lab does not speak of: options, Ctrl-C, and what a person can do
// about an error. A program sees none of it: it gets its options and runs.
import { Command, InvalidArgumentError } from 'commander'
import { type Address, type ListenOptions, TcpError, type TcpErrorCode, tuple } from 'hullo/tcp'

/** Longest `--wait`: a day, in seconds; also far below the 24 days that a timer can count. */
const waitSecondsMax = 86_400
/** Most clients of `--limit`: echo3 keeps them all and prints them all at its end. */
const limitMax = 10_000
/** One Ctrl-C may arrive twice: from the terminal, and from npm, which passes it on. */
const oneSignalMs = 250
/** A reader of the console that is only slow takes the last lines in far less time. */
const stalledMs = 1_000

/** What a server program is given; `limit` is echo3's. */
export type ServerOptions = ListenOptions & { readonly limit: number }

/** What a client program is given. */
export interface CallOptions {
  readonly host: string
  readonly port: number
  readonly waitMs: number
}

interface Typed {
  readonly host: string
  readonly port: number
  readonly wait: number
  readonly limit?: number
}

/** The command of a server program: `--host`, `--port`, `--wait`. Ctrl-C, or SIGTERM, stops the server. */
export function serverCommand(
  name: string,
  description: string,
  program: (options: ServerOptions) => Promise<void>,
): Command {
  return new Command(name)
    .description(description)
    .option('--host <address>', 'the address to listen on', parseHost, '127.0.0.1')
    .option('--port <number>', 'the port to listen on; 0 takes a free one and says which', parsePort, 8080)
    .option('--wait <seconds>', 'let a client go that says nothing for so long', parseWait, 60)
    .action(async ({ host, port, wait, limit = 5 }: Typed) => {
      using stopping = stopOnSignal()
      const remarks = { onTurnedAway: sayTurnedAway, onListening: port === 0 ? sayPort : undefined }
      await explained(() => program({ host, port, waitMs: wait * 1000, limit, signal: stopping.signal, ...remarks }))
    })
}

/** The command of a client program: `--host`, `--port`, `--wait`. Ctrl-C simply ends it. */
export function clientCommand(
  name: string,
  description: string,
  program: (options: CallOptions, words: readonly string[]) => Promise<void>,
): Command {
  return new Command(name)
    .description(description)
    .option('--host <address>', 'the address of the server', parseHost, '127.0.0.1')
    .option('--port <number>', 'the port of the server', parseCallPort, 8080)
    .option('--wait <seconds>', 'how long the server may take to answer', parseWait, 60)
    .action(async function (this: Command) {
      const { host, port, wait } = this.opts<Typed>()
      await explained(() => program({ host, port, waitMs: wait * 1000 }, this.args))
    })
}

/** A server command that also has `--limit`: the program finishes after so many clients. */
export function limitedCommand(...args: Parameters<typeof serverCommand>): Command {
  return serverCommand(...args).option('--limit <clients>', 'finish after so many clients', parseLimit, 5)
}

function parseLimit(text: string): number {
  return parseWhole(text, 1, limitMax, 'a number of clients')
}

function parsePort(text: string): number {
  return parseWhole(text, 0, 65_535, 'a port')
}

function parseCallPort(text: string): number {
  return parseWhole(text, 1, 65_535, 'a port to call')
}

function parseWhole(text: string, min: number, max: number, what: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new InvalidArgumentError(`It must be ${what}: a whole number from ${min} to ${max}.`)
}

function parseWait(text: string): number {
  const seconds = /^\d{1,9}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN
  if (seconds > 0 && seconds <= waitSecondsMax) return seconds
  throw new InvalidArgumentError(`It must be a time in seconds: more than 0, and at most ${waitSecondsMax} (a day).`)
}

function parseHost(text: string): string {
  if (/^[\w.:%-]{1,255}$/.test(text)) return text
  throw new InvalidArgumentError(
    'It must be an address or a name, such as 127.0.0.1, ::1 or localhost, without a port.',
  )
}

/** Aborts at the first Ctrl-C or SIGTERM; a second one then ends the process at once, as it does by default. */
function stopOnSignal(): Disposable & { readonly signal: AbortSignal } {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const controller = new AbortController()
  const forget = (): void => {
    for (const signal of signals) process.off(signal, stop)
  }
  const stop = (): void => {
    if (!controller.signal.aborted) setTimeout(forget, oneSignalMs).unref()
    controller.abort()
  }
  for (const signal of signals) process.on(signal, stop)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      // The same Ctrl-C may arrive again while the program ends: without a listener it would end it by the signal.
      if (!controller.signal.aborted) forget()
      // Nor does a console that nobody reads keep it running.
      else setTimeout(() => process.exit(), stalledMs).unref()
    },
  }
}

// Both on standard error: standard output is the lab's console, line for line.
function sayPort({ host, port }: Address): void {
  console.error(`Listening on ${host} port ${port}`)
}

function sayTurnedAway(address: Address): void {
  console.error(`A client was turned away, since too many wait already: ${tuple(address)}`)
}

const adviceFor: Partial<Record<TcpErrorCode, string>> = {
  'in-use': 'Stop that program (it may be this one, in another terminal), or choose another port, such as --port 8081.',
  'not-ours': 'Choose one that is, such as --host 127.0.0.1; --host 0.0.0.0 takes all of them.',
  'not-allowed': 'Choose another one, such as --port 8080.',
  refused: 'Start a server there first, or say with --host and --port where it is.',
  unreachable: 'Check the address, and that this machine is on the same network.',
  'not-resolvable': 'Check the spelling, or use its address in numbers.',
  'timed-out': 'The server may be busy with another client; --wait SECONDS waits longer.',
}

/** Runs a program; what went wrong on the network becomes a sentence with advice, and exit code 1. */
async function explained(program: () => Promise<void>): Promise<void> {
  try {
    await program()
  } catch (error) {
    if (!(error instanceof TcpError)) throw error
    const advice = adviceFor[error.code]
    console.error(advice === undefined ? `${error.message}.` : `${error.message}. ${advice}`)
    process.exitCode = 1
  }
}
