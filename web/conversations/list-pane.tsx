// The list of conversations, the last active first.
import * as say from '../../src/protocol/texts/page.ts'
import { NotificationBell } from '../frame/notification-bell.tsx'
import { hrefOf } from '../model/route.ts'
import { Button } from '../ui/button.tsx'
import { Logo } from '../ui/logo.tsx'
import { useChat } from '../use-chat.ts'
import { Begin, ListLinks } from './list-links.tsx'
import { ConversationRow } from './row.tsx'
import './list.css'

export function ListPane() {
  const chat = useChat()
  const { byActivity, isWhole, isFailed } = chat.conversations
  const rows = byActivity.value
  return (
    <nav class="list-pane" aria-label={say.conversations}>
      <header class="list-head">
        <a class="list-home" href={hrefOf({ is: 'home' })} title={chat.me.name}>
          <Logo size={32} />
          <span class="list-me" dir="auto">
            {chat.me.name}
          </span>
        </a>
        <NotificationBell />
        <ListLinks />
      </header>
      {isFailed.value && (
        <p class="list-failed" role="status">
          {say.noList} <Button onClick={() => chat.askAnew()}>{say.tryAgain}</Button>
        </p>
      )}
      {isWhole.value && rows.length === 0 ? (
        <div class="list-empty">
          <p class="list-empty-title">{say.noConversations}</p>
          <p>{say.noConversationsYet}</p>
          <Begin />
        </div>
      ) : (
        <ul class="list-rows" aria-busy={!isWhole.value && !isFailed.value}>
          {rows.map(conversation => (
            <ConversationRow key={conversation.address} conversation={conversation} />
          ))}
        </ul>
      )}
    </nav>
  )
}
