// Searching one's messages: what was found, newest first, with the words marked, and the way to each. The words stand in
// the address, so that Back leads to what was found.
import { useEffect, useMemo, useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page-search.ts'
import { parseQuery, type Query } from '../../src/protocol/words.ts'
import type { EntryView } from '../../src/sdk/sdk.ts'
import { go } from '../model/route.ts'
import { Field } from '../ui/field.tsx'
import { More } from '../ui/more.tsx'
import { type Page, usePages, useSettled } from '../ui/use-pages.ts'
import { View } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'
import type { ViewProps } from '../views.ts'
import { Hit } from './hit.tsx'
import './search.css'

/** Two screens. */
const pageHits = 20

/** After the last key: a search costs the server more than a look at a list. */
const askAfterMs = 350

export function Search({ rest }: ViewProps) {
  const chat = useChat()
  const [typed, setTyped] = useState(rest)
  const settled = useSettled(typed.trim(), askAfterMs)
  const query = useMemo(() => parseQuery(settled), [settled])
  const pages = usePages(
    query === undefined ? undefined : settled,
    async (before: number | undefined, signal): Promise<Page<EntryView, number>> => {
      const at = before === undefined ? {} : { before }
      const found = await chat.me.search(settled, { ...at, limit: pageHits, signal })
      return { items: found.entries, next: found.before }
    },
  )
  useEffect(() => {
    if (settled !== rest) go({ is: 'view', name: 'search', rest: settled }, 'replace')
  }, [settled])
  return (
    <View title={say.searchMessages}>
      <search>
        <Field
          label={say.label}
          type="search"
          dir="auto"
          autocomplete="off"
          spellcheck={false}
          maxLength={queryMax}
          first
          hint={say.how}
          value={typed}
          onInput={event => setTyped(event.currentTarget.value)}
        />
      </search>
      <Found pages={pages} query={query} />
    </View>
  )
}

/** As the server takes it. */
const queryMax = 256

function Found({
  pages,
  query,
}: {
  readonly pages: ReturnType<typeof usePages<EntryView, number>>
  readonly query: Query | undefined
}) {
  const { items, isLoaded, isLoading, wrong } = pages
  const isNothing = isLoaded && items.length === 0 && pages.more === undefined && !isLoading
  return (
    <div>
      <ul class="items" aria-label={say.results} aria-busy={isLoading}>
        {query !== undefined && items.map(entry => <Hit key={entry.seq} entry={entry} query={query} />)}
      </ul>
      <p class="items-none search-state" role="status">
        {isLoading && items.length === 0 && say.looking}
        {isNothing && wrong === undefined && say.nothing}
      </p>
      <More pages={pages} />
    </div>
  )
}
