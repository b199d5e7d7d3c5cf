// Searching one's messages: what was found, newest first, with the words marked, and the way to each. The words stand in
// the address, so that Back leads to what was found.
import { useEffect, useMemo, useState } from 'preact/hooks'
import * as say from '../../src/protocol/texts/page-search.ts'
import { parseQuery, type Query } from '../../src/protocol/words.ts'
import type { EntryView } from '../../src/sdk/sdk.ts'
import { go } from '../model/route.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { More } from '../ui/more.tsx'
import { type Page, usePages, useSettled } from '../behaviour/use-pages.ts'
import { View } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'
import { asTyped } from './as-typed.ts'
import type { RoutedViewProps } from '../ui/routed-view.ts'
import { Hit } from './hit.tsx'
import './search.css'

/** Two screens. */
const pageHits = 20

/** After the last key: a search costs the server more than a look at a list. */
const askAfterMs = 350

export function Search({ rest }: RoutedViewProps) {
  const chat = useChat()
  const [typed, setTyped] = useState(rest)
  // A space behind the last word ends it.
  const settled = useSettled(typed.trimStart(), askAfterMs)
  const words = asTyped(settled)
  const query = useMemo(() => parseQuery(words), [words])
  const [isLagging, setLagging] = useState(false)
  const pages = usePages(
    query === undefined ? undefined : words,
    async (before: number | undefined, signal): Promise<Page<EntryView, number>> => {
      const at = before === undefined ? {} : { before }
      const found = await chat.me.search(words, { ...at, limit: pageHits, signal })
      setLagging(found.indexedUpTo !== undefined)
      return { items: found.entries, next: found.before }
    },
  )
  useEffect(() => {
    const q = settled.trimEnd()
    if (q !== rest) go({ is: 'view', name: 'search', rest: q }, 'replace')
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
      {isLagging && query !== undefined && (
        <p class="search-lagging" role="status">
          {say.lagging} <Button onClick={pages.again}>{say.searchAgain}</Button>
        </p>
      )}
      <Found pages={pages} query={query} />
    </View>
  )
}

/** Characters: the server accepts 256, and two may be added for a last word that is only begun. */
const queryMax = 254

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
