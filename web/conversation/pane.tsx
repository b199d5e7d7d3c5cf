// One conversation: its head, its log, and where one writes.
import { useLayoutEffect, useRef } from 'preact/hooks'
import { lastSeen, online, typing } from '../../src/protocol/texts/people.ts'
import * as say from '../../src/protocol/texts/page.ts'
import type { Conversation } from '../model/conversations.ts'
import { hrefOf } from '../model/route.ts'
import { DetailsLink } from '../rooms/details-link.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { escapeTo } from '../behaviour/escape.ts'
import { Icon } from '../ui/icon.tsx'
import { Lazy } from '../behaviour/lazy.tsx'
import { now } from '../behaviour/now.ts'
import { useChat } from '../use-chat.ts'
import { panels } from '../views.ts'
import { Composer } from './composer.tsx'
import { LogView } from './log-view.tsx'
import { opened } from './opening.ts'
import './pane.css'

const loadNotIn = () => import('../rooms/not-in.tsx').then(({ NotIn }) => NotIn)

const loadBlockedBottom = () => import('../people/blocked-bottom.tsx').then(({ BlockedBottom }) => BlockedBottom)

interface PaneProps {
  readonly conversation: Conversation
  /** What is open beside it. */
  readonly panel: string | undefined
  /** The message that the address asks for. */
  readonly seq: number | undefined
}

export function ConversationPane({ conversation, panel, seq }: PaneProps) {
  const chat = useChat()
  const toEnd = useRef(() => {})
  const isKnown = conversation.view.value !== undefined
  const isSettled = conversation.isSettled.value
  // A log that was dropped (the server's was rolled back) is loaded anew.
  const isEmpty = conversation.log.state.value === 'empty'
  // Before anything counts as read: what is unread decides where it opens.
  useLayoutEffect(() => {
    if (isSettled) return opened(chat, conversation, seq)
    return undefined
  }, [chat, conversation, seq, isSettled, isKnown, isEmpty])
  const Panel = panel === undefined ? undefined : panels[panel]
  return (
    <div class={Panel === undefined ? 'pane' : 'pane pane-with-panel'}>
      <section class="pane-main" aria-label={conversation.name}>
        <Head conversation={conversation} />
        {isSettled && conversation.isRoom && !isKnown ? (
          <Lazy load={loadNotIn} props={{ conversation }} />
        ) : (
          <>
            <LogView conversation={conversation} toEnd={toEnd} />
            <Bottom conversation={conversation} toEnd={() => toEnd.current()} />
          </>
        )}
      </section>
      {Panel !== undefined && (
        <aside class="pane-panel" onKeyDown={escapeTo({ is: 'conversation', address: conversation.address })}>
          <Lazy key={panel} load={Panel} props={{ conversation }} />
        </aside>
      )}
    </div>
  )
}

function Head({ conversation }: { readonly conversation: Conversation }) {
  const { address, name, isRoom } = conversation
  return (
    <header class="pane-head">
      <a class="icon-button pane-back" href={hrefOf({ is: 'home' })} aria-label={say.back}>
        <Icon name="back" />
      </a>
      <Avatar address={address} />
      <div class="pane-title">
        <h2 tabIndex={-1} dir="auto">
          {name}
        </h2>
        <p class="pane-sub" dir="auto">
          {isRoom ? <RoomLine conversation={conversation} /> : <PersonLine conversation={conversation} />}
        </p>
      </div>
      <DetailsLink conversation={conversation} />
    </header>
  )
}

function RoomLine({ conversation }: { readonly conversation: Conversation }) {
  return <>{conversation.view.value?.room?.topic ?? ''}</>
}

function PersonLine({ conversation }: { readonly conversation: Conversation }) {
  const { presences, me } = useChat()
  if (conversation.name === me.name) return <>{say.yourself}</>
  const presence = presences.of(conversation.name).value
  if (presence?.online === true) return <>{online}</>
  return <>{lastSeen(presence?.lastSeen, now.value) ?? ''}</>
}

function Bottom({ conversation, toEnd }: { readonly conversation: Conversation; readonly toEnd: () => void }) {
  const { blocks } = useChat()
  if (!conversation.isRoom && blocks.has(conversation.name) === true) {
    return <Lazy load={loadBlockedBottom} props={{ conversation }} />
  }
  const view = conversation.view.value
  if (view?.silenced === true) return <p class="composer-blocked">{say.silenced}</p>
  if (view?.room?.closed === true) return <p class="composer-blocked">{say.roomClosed}</p>
  return (
    <>
      <TypingLine conversation={conversation} />
      <Composer conversation={conversation} toEnd={toEnd} />
    </>
  )
}

function TypingLine({ conversation }: { readonly conversation: Conversation }) {
  const chat = useChat()
  const id = conversation.view.value?.id
  const names = id === undefined ? [] : chat.typing.in(id).value
  return (
    <p class="typing-line" aria-live="off">
      {names.length > 0 && (
        <>
          <span class="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {typing(names)}
        </>
      )}
    </p>
  )
}
