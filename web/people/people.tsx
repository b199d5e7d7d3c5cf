// People: found by the beginning of a word of their name. Where the server does not list everybody, a message can also be
// begun by the whole name.
import { useEffect, useRef, useState } from 'preact/hooks'
import { nameKey, parseName } from '../../src/protocol/names.ts'
import { Refusal } from '../../src/protocol/refusals.ts'
import * as say from '../../src/protocol/texts/page-people.ts'
import type { AccountView } from '../../src/sdk/sdk.ts'
import { hrefOf, hrefOfAddress } from '../model/route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { NameField } from '../ui/field.tsx'
import { More } from '../ui/more.tsx'
import { type Page, usePages, useSettled } from '../behaviour/use-pages.ts'
import { View } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'
import { Kinds } from './kinds.tsx'
import { PersonItem } from './person-item.tsx'

/** A screen or two. */
const pagePeople = 50

/** After the last key: a name is typed in a burst. */
const askAfterMs = 150

export function People() {
  const chat = useChat()
  const [typed, setTyped] = useState('')
  const search = useSettled(typed.trim().replace(/^@/, ''), askAfterMs)
  const listsEverybody = useRef(false)
  const pages = usePages(search, async (after: string | undefined, signal): Promise<Page<AccountView, string>> => {
    const at = after === undefined ? {} : { after }
    const { people, more, everybody = false } = await chat.me.people.find({ search, ...at, limit: pagePeople, signal })
    listsEverybody.current = everybody
    return { items: people, next: more ? people.at(-1)?.name : undefined }
  })
  useEffect(() => void chat.blocks.ask().catch(() => {}), [chat])
  const { items, isLoaded } = pages
  const isAlone = search === '' && items.every(({ name }) => name === chat.me.name)
  const unlisted = isLoaded && !listsEverybody.current ? unlistedName(search, items) : undefined
  return (
    <View title={say.newConversation}>
      <Kinds now="people" />
      <NameField
        label={say.findPeople}
        type="search"
        first
        value={typed}
        onInput={event => setTyped(event.currentTarget.value)}
      />
      <div>
        <ul class="items" aria-label={say.people} aria-busy={pages.isLoading}>
          {unlisted !== undefined && <Unlisted name={unlisted} />}
          {items.map(({ name }) => (
            <PersonItem key={name} name={name} />
          ))}
        </ul>
        {isLoaded && items.length === 0 && search !== '' && unlisted === undefined && (
          <p class="items-none">{say.nobody}</p>
        )}
        {isLoaded && isAlone && <p class="items-none">{say.alone}</p>}
        <More pages={pages} />
      </div>
      <p>
        <a href={hrefOf({ is: 'view', name: 'invites', rest: '' })}>{say.invitePeople}</a>
      </p>
    </View>
  )
}

/** The name that was typed, where it is none of those found: on a public server its account may exist all the same. */
function unlistedName(typed: string, found: readonly AccountView[]): string | undefined {
  const name = parseName(typed, 'name')
  if (name instanceof Refusal || found.some(one => nameKey(one.name) === name.key)) return undefined
  return name.shown
}

function Unlisted({ name }: { readonly name: string }) {
  return (
    <li class="item item-linked">
      <a class="item-text item-row" href={hrefOfAddress(`@${name}`)}>
        <Avatar address={`@${name}`} />
        <span class="item-name" dir="auto">
          {say.writeTo(name)}
        </span>
      </a>
    </li>
  )
}
