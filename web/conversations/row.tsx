// One conversation in the list: who, when, the last message or the draft, how much is unread.
import { erased } from '../../src/protocol/texts/entries.ts'
import { dayName, dayOf, timeOfDay } from '../../src/protocol/texts/format.ts'
import { typing } from '../../src/protocol/texts/people.ts'
import * as say from '../../src/protocol/texts/page.ts'
import type { Conversation } from '../model/conversations.ts'
import { hrefOfAddress, route } from '../model/route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { useChat } from '../use-chat.ts'

export function ConversationRow({ conversation }: { readonly conversation: Conversation }) {
  const chat = useChat()
  const { address, name, unread } = conversation
  const to = route.value
  const isCurrent = to.is === 'conversation' && to.address.toLowerCase() === address.toLowerCase()
  const online = conversation.isRoom ? false : chat.presences.of(name).value?.online
  const last = conversation.view.value?.last
  const count = unread.value
  return (
    <li>
      <a class="row" href={hrefOfAddress(address)} aria-current={isCurrent ? 'page' : undefined}>
        <Avatar address={address} online={online} />
        <span class="row-name" dir="auto">
          {name}
        </span>
        {last !== undefined && <time class="row-time">{shortTime(last.storedAt)}</time>}
        <span class="row-last" dir="auto">
          <LastLine conversation={conversation} />
        </span>
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
  const draft = chat.drafts.of(conversation.address).value
  const last = conversation.view.value?.last
  const id = conversation.view.value?.id
  const typists = id === undefined ? [] : chat.typing.in(id).value
  if (typists.length > 0) return <span class="row-typing">{typing(typists)}</span>
  if (draft.trim() !== '') {
    return (
      <>
        <span class="row-draft">{say.draft}</span> {draft}
      </>
    )
  }
  if (last === undefined) return null
  const text = last.kind === 'erased' ? erased : (last.text ?? '')
  if (last.sender === chat.me.name) return `${say.you}: ${text}`
  return conversation.isRoom ? `${last.sender}: ${text}` : text
}

/** The time today, the day before. */
function shortTime(atSeconds: number): string {
  const nowSeconds = Date.now() / 1_000
  return dayOf(atSeconds) === dayOf(nowSeconds) ? timeOfDay(atSeconds) : dayName(atSeconds, nowSeconds)
}
