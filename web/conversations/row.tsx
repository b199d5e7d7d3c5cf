// One conversation in the list: who, when, the last message or the draft, how much is unread.
import type { ComponentChildren } from 'preact'
import { erased } from '../../src/protocol/texts/entries.ts'
import { dayName, dayOf, timeOfDay } from '../../src/protocol/texts/format.ts'
import { typing } from '../../src/protocol/texts/people.ts'
import * as say from '../../src/protocol/texts/page.ts'
import type { Conversation } from '../model/conversations.ts'
import { hrefOfAddress, route } from '../model/route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { today } from '../behaviour/today.ts'
import { useChat } from '../use-chat.ts'

export function ConversationRow({ conversation }: { readonly conversation: Conversation }) {
  const chat = useChat()
  const { address, name, unread } = conversation
  const to = route.value
  const isCurrent = to.is === 'conversation' && to.address.toLowerCase() === address.toLowerCase()
  const online = conversation.isRoom ? false : chat.presences.of(name).value?.online
  const last = conversation.last.value
  const count = unread.value
  return (
    <li>
      <a class="row" href={hrefOfAddress(address)} aria-current={isCurrent ? 'page' : undefined}>
        <Avatar address={address} online={online} />
        <span class="row-name" dir="auto">
          {name}
        </span>
        {last !== undefined && (
          <time class="row-time" dir="auto">
            {shortTime(last.storedAt, today.value)}
          </time>
        )}
        <LastLine conversation={conversation} />
        {count > 0 && (
          <span class="row-unread">
            <bdi aria-hidden="true">{say.unreadBadge(count)}</bdi>
            <span class="unseen">{say.unreadCount(count)}</span>
          </span>
        )}
      </a>
    </li>
  )
}

function LastLine({ conversation }: { readonly conversation: Conversation }) {
  const chat = useChat()
  const edit = chat.edits.of(conversation.address).value
  const isEdited = edit !== undefined && edit.text !== edit.was
  const draft = isEdited ? edit.text : chat.drafts.of(conversation.address).value
  const last = conversation.last.value
  const id = conversation.view.value?.id
  const typists = id === undefined ? [] : chat.typing.in(id).value
  if (typists.length > 0) {
    return <span class="row-last row-typing">{typing(typists)}</span>
  }
  if (draft.trim() !== '') return <Last who={<span class="row-draft">{say.draft}</span>} said={draft} />
  if (last === undefined) return <Last said="" />
  const said = last.kind === 'erased' ? erased : (last.text ?? '')
  if (last.sender === chat.me.name) return <Last who={`${say.you}:`} said={said} />
  return conversation.isRoom ? <Last who={<Sender name={last.sender} />} said={said} /> : <Last said={said} />
}

function Sender({ name }: { readonly name: string }) {
  return (
    <>
      <bdi>{name}</bdi>:
    </>
  )
}

/** What was said has a direction of its own: the beginning of it is what is seen, wherever that is. */
function Last({ who, said }: { readonly who?: ComponentChildren; readonly said: string }) {
  return (
    <span class="row-last">
      {who !== undefined && <span class="row-who">{who} </span>}
      <span class="row-said" dir="auto">
        {said}
      </span>
    </span>
  )
}

/** The time today, the day before. */
function shortTime(atSeconds: number, nowSeconds: number): string {
  return dayOf(atSeconds) === dayOf(nowSeconds) ? timeOfDay(atSeconds) : dayName(atSeconds, nowSeconds)
}
