// `hullo watch`: the messages to an account as they come, printed or handed to a command, until it is told to stop. It
// goes on by itself when the connection is lost; with --state it goes on where the last run ended.
import { Command as Cli, Option } from 'commander'
import {
  argumentsWithoutCommand,
  connectedAgain,
  connectionLost,
  diverged,
  failureWithoutCommand,
  lasting,
  truncated,
} from '../../protocol/texts/commands.ts'
import * as help from '../../protocol/texts/commands-help.ts'
import type { EntryView } from '../../protocol/v1.ts'
import type { Feed, Me, Update } from '../../sdk/sdk.ts'
import { say } from '../../terminal/prompt.ts'
import { exits } from '../exit-codes.ts'
import { cursorText, filterOf, type FilterOptions, withFilterOptions } from '../filter.ts'
import { Complained, no, sentenceOf } from '../report.ts'
import { type Call, callAs, type SessionOptions, withSessionOptions } from '../session.ts'
import { type Shown, showFor } from '../show.ts'
import { type Command, deal } from '../watch-exec.ts'
import { type Place, StateFile } from '../watch-state.ts'

type Options = SessionOptions &
  FilterOptions & {
    readonly after?: string
    readonly state?: string
    readonly exec?: string
    readonly onFailure?: Command['onFailure']
  }

export function watchCommand(): Cli {
  const command = new Cli('watch')
    .description(help.watch)
    .argument('[arguments...]', help.watchArguments)
    .option('--after <cursor>', help.watchAfter, cursorText)
    .option('--state <file>', help.watchState)
    .option('--exec <command>', help.watchExec)
    .addOption(new Option('--on-failure <what>', help.watchOnFailure).choices(['retry', 'stop', 'skip']))
  return withSessionOptions(withFilterOptions(command)).addHelpText('after', help.watchMore).action(run)
}

async function run(args: readonly string[], options: Options): Promise<void> {
  const { exec, onFailure } = options
  const check = () => {
    if (exec === undefined && args.length > 0) throw new Complained(no('usage', argumentsWithoutCommand))
    if (exec === undefined && onFailure !== undefined) throw new Complained(no('usage', failureWithoutCommand))
  }
  const command = exec === undefined ? undefined : { program: exec, args, onFailure: onFailure ?? 'retry' }
  let terminated = false
  const note = () => {
    terminated = true
  }
  process.once('SIGTERM', note)
  await callAs(
    options,
    async (me, call) => {
      try {
        await watch(me, call, options, command)
      } catch (error) {
        if (error instanceof Complained || !call.interruption.signal.aborted) throw error
      }
      // Being told to stop is how it ends well; a shell that runs it in a loop wants to know of a Ctrl-C.
      if (!terminated) process.exitCode = exits.interrupted.code
    },
    { offline: true, check },
  )
  process.off('SIGTERM', note)
}

async function watch(
  me: Me,
  call: Call & { readonly opened: { readonly server: string } },
  options: Options,
  command: Command | undefined,
): Promise<void> {
  const { signal } = call.interruption
  const { server } = call.opened
  using state = options.state === undefined ? undefined : await StateFile.open(options.state, server, me.name)
  const kept = await state?.read()
  tellTroubles(me, server, call)
  const wanted = filterOf(options, me.name)
  await using feed = me.updates({ after: kept?.cursor ?? options.after, signal })
  let reached = kept ?? { cursor: options.after ?? (await cursorOfNow(me, feed, signal)), seq: 0 }
  // Before anything comes: a crash then loses nothing, and a file that cannot be written is found out at once.
  await state?.write(reached)
  const handle =
    command === undefined ? printer(call, state) : commandRunner(command, { server, name: me.name }, call, state)
  try {
    for await (const update of feed) {
      const shown = shownOf(update, reached, wanted)
      if (!(await handle(shown))) return
      reached = after(reached, update)
      if (shown.length > 0) await state?.write(reached)
      else await state?.passBy(reached)
    }
  } finally {
    await state?.end()
  }
}

/** What of `update` is new and wanted. Behind the last of a frame stands its cursor, before it that of the frame before. */
function shownOf(update: Update, reached: Place, wanted: (entry: EntryView) => boolean): Shown[] {
  if (update.type !== 'entries') return []
  const fresh = update.entries.filter(({ seq }) => seq > reached.seq)
  const last = fresh.at(-1)
  return fresh
    .filter(wanted)
    .map(entry => ({ entry, cursor: (entry === last ? update.cursor : undefined) ?? reached.cursor }))
}

function cursorOf(update: Update): string | undefined {
  return update.type === 'entries' || update.type === 'beat' ? update.cursor : undefined
}

function after({ cursor, seq }: Place, update: Update): Place {
  if (update.type === 'diverged') return { cursor, seq: Math.min(seq, update.shared) }
  if (update.type === 'entries') {
    return { cursor: update.cursor ?? cursor, seq: Math.max(seq, update.entries.at(-1)?.seq ?? 0) }
  }
  return { cursor: cursorOf(update) ?? cursor, seq }
}

/** Where one stands who has asked for what comes from now on. */
async function cursorOfNow(me: Me, feed: Feed<Update>, signal: AbortSignal): Promise<string> {
  await me.live({ signal })
  return feed.cursor ?? 'start'
}

/** Handles the messages of an update; false where it was given up because the watch is to end. */
type Handle = (shown: readonly Shown[]) => Promise<boolean>

function printer(call: Call, state: StateFile | undefined): Handle {
  const show = showFor(process.stdout, call.json)
  return async shown => {
    for (const one of shown) await say(show(one), call.interruption)
    // What is kept as read has left for the reader.
    if (state !== undefined) await new Promise<void>(resolve => process.stdout.write('', () => resolve()))
    return !call.interruption.signal.aborted
  }
}

function commandRunner(
  command: Command,
  watcher: { server: string; name: string },
  call: Call,
  state: StateFile | undefined,
): Handle {
  return async shown => {
    for (const one of shown) {
      if (!(await deal(one, command, watcher, call))) return false
      const { cursor, entry } = one
      if (cursor !== undefined) await state?.write({ cursor, seq: entry.seq })
    }
    return true
  }
}

/** What happens to the log and to the connection, on standard error. */
function tellTroubles(me: Me, server: string, { note }: Call): void {
  let lost = false
  me.on('diverged', ({ shared }) => note(diverged(shared), { event: 'diverged', shared }))
  me.on('truncated', ({ floor }) => note(truncated(floor), { event: 'truncated', floor }))
  me.on('gap', gap => {
    if (gap.lasting) note(lasting(gap.conversation), { event: 'gap', ...gap })
  })
  me.on('state', state => {
    if (state.is === 'waiting' && !lost) {
      lost = true
      note(connectionLost(server, sentenceOf(state.why)), { event: 'connection-lost', server })
    } else if (state.is === 'live' && lost) {
      lost = false
      note(connectedAgain(server), { event: 'connected', server })
    }
  })
}
