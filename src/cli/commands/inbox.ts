// `hullo inbox`: prints the messages of others that are unread, or all behind a cursor, and ends. `hullo watch` stays.
import * as help from '../../protocol/texts/commands-help.ts'
import { Command } from 'commander'
import { diverged, noNewMessages, truncated } from '../../protocol/texts/commands.ts'
import type { EntriesView, EntryView } from '../../protocol/v1.ts'
import { callAt } from '../../sdk/http.ts'
import { usualPlatform } from '../../sdk/platform.ts'
import type { Me } from '../../sdk/sdk.ts'
import { printableName } from '../../terminal/printable.ts'
import { say } from '../../terminal/prompt.ts'
import { cursorText, filterOf, type FilterOptions, wholeNumber, withFilterOptions } from '../filter.ts'
import { labInbox, withLabOption } from '../lab-calls.ts'
import { type Call, callAs, labOptions, type SessionOptions, withSessionOptions } from '../session.ts'
import { type Shown, showFor } from '../show.ts'
import { unreadOf } from '../unread.ts'

/** As many as the server gives at once. */
const pageEntries = 256

type Options = SessionOptions &
  FilterOptions & {
    readonly lab?: true
    readonly after?: string
    readonly limit?: number
    readonly markRead?: true
  }

export function inboxCommand(): Command {
  const command = new Command('inbox')
    .description(help.inbox)
    .option('--after <cursor>', help.inboxAfter, cursorText)
    .option('--limit <number>', help.inboxLimit, wholeNumber)
    .option('--mark-read', help.inboxMarkRead)
  return withSessionOptions(withLabOption(withFilterOptions(command)))
    .addHelpText('after', help.inboxMore)
    .action((options: Options) => (options.lab ? labInbox(labOptions(options)) : inbox(options)))
}

function inbox(options: Options): Promise<void> {
  return callAs(options, async (me, call) => {
    const { signal } = call.interruption
    const show = showFor(process.stdout, call.json)
    const wanted = filterOf(options, me.name)
    const found =
      options.after === undefined
        ? asShown(unreadOf(me, wanted, signal))
        : behind(me, call, options.after, wanted, options.limit)
    const read = new Map<number, number>()
    let count = 0
    for await (const shown of found) {
      await say(show(shown), call.interruption)
      signal.throwIfAborted()
      count += 1
      read.set(shown.entry.conversation, shown.entry.seq)
      if (count === options.limit) break
    }
    if (count === 0 && process.stdout.isTTY && !call.json) await call.print(noNewMessages(printableName(me.name)), {})
    if (options.markRead === true) {
      for (const [conversation, seq] of read) await me.conversations.markRead(conversation, seq, { signal })
    }
  })
}

async function* asShown(entries: AsyncIterable<EntryView>): AsyncGenerator<Shown, void> {
  for await (const entry of entries) yield { entry }
}

// Pages of as many entries as there may still be messages: the cursor behind a page then passes none by.
async function* behind(
  me: Me,
  { interruption: { signal }, note, opened: { server } }: Call & { readonly opened: { readonly server: string } },
  after: string,
  wanted: (entry: EntryView) => boolean,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Shown, void> {
  const ask = callAt({ server: new URL(server), token: me.token, platform: usualPlatform() })
  let cursor = after === 'start' ? undefined : after
  let left = limit
  while (left > 0) {
    const query = { after: cursor, limit: Math.min(pageEntries, left) }
    const page = await ask<EntriesView>('GET', '/entries', { query, signal })
    if (page.diverged !== undefined) note(diverged(page.diverged), { event: 'diverged', shared: page.diverged })
    if (page.truncated !== undefined) note(truncated(page.truncated), { event: 'truncated', floor: page.truncated })
    const messages = page.entries.filter(wanted)
    for (const [index, entry] of messages.entries()) {
      // Within a page only what came before the page is safe to go on from: the rest of it comes again.
      yield { entry, cursor: index === messages.length - 1 ? page.cursor : (cursor ?? 'start') }
    }
    left -= messages.length
    cursor = page.cursor
    if (!page.more) return
  }
}
