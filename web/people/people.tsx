// People: found by the beginning of their name, written to by the whole of it.
import { useEffect, useState } from 'preact/hooks'
import { nameKey, parseName } from '../../src/protocol/names.ts'
import { Refusal } from '../../src/protocol/refusals.ts'
import * as say from '../../src/protocol/texts/page-people.ts'
import type { AccountView } from '../../src/sdk/sdk.ts'
import { hrefOf, hrefOfAddress } from '../model/route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { NameField } from '../ui/field.tsx'
import { More } from '../ui/more.tsx'
import { type Page, usePages, useSettled } from '../ui/use-pages.ts'
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
  const pages = usePages(search, async (after: string | undefined, signal): Promise<Page<AccountView, string>> => {
    const at = after === undefined ? {} : { after }
    const { people, more } = await chat.me.people.find({ search, ...at, limit: pagePeople, signal })
    return { items: people, next: more ? people.at(-1)?.name : undefined }
  })
  useEffect(() => void chat.blocks.ask().catch(() => {}), [chat])
  const { items, isLoaded } = pages
  const isAlone = search === '' && items.every(({ name }) => name === chat.me.name)
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
          <Unlisted typed={search} found={items} isLoaded={isLoaded} />
          {items.map(({ name }) => (
            <PersonItem key={name} name={name} />
          ))}
        </ul>
        {isLoaded && items.length === 0 && <p class="items-none">{say.nobody}</p>}
        {isLoaded && isAlone && <p class="items-none">{say.alone}</p>}
        <More pages={pages} />
      </div>
      <p>
        <a href={hrefOf({ is: 'view', name: 'invites', rest: '' })}>{say.invitePeople}</a>
      </p>
    </View>
  )
}

interface UnlistedProps {
  readonly typed: string
  readonly found: readonly AccountView[]
  readonly isLoaded: boolean
}

/** A public server lists only whom one shares a room with; others are written to all the same. */
function Unlisted({ typed, found, isLoaded }: UnlistedProps) {
  const name = parseName(typed, 'name')
  if (!isLoaded || name instanceof Refusal || found.some(one => nameKey(one.name) === name.key)) return null
  return (
    <li class="item item-linked">
      <a class="item-text item-row" href={hrefOfAddress(`@${name.shown}`)}>
        <Avatar address={`@${name.shown}`} />
        <span class="item-name" dir="auto">
          {say.writeTo(name.shown)}
        </span>
      </a>
    </li>
  )
}
