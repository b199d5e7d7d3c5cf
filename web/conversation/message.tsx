// One message of the log: who, what, when, and for one's own whether it was read.
import { edited, erased } from '../../src/protocol/texts/entries.ts'
import { dateAndTime, timeOfDay } from '../../src/protocol/texts/format.ts'
import * as say from '../../src/protocol/texts/page.ts'
import type { Conversation } from '../model/conversations.ts'
import type { Line } from '../model/log.ts'
import { Avatar, hueOf } from '../ui/avatar.tsx'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useChat } from '../use-chat.ts'
import { useMessageMenu } from './message-menu.tsx'
import { Foot, MessageText, textClass } from './message-text.tsx'
import './message.css'

interface MessageProps {
  readonly conversation: Conversation
  readonly line: Line
  readonly begins: boolean
}

export function Message({ conversation, line, begins }: MessageProps) {
  const { me, edits } = useChat()
  const menu = useMessageMenu(conversation, line)
  const isOwn = line.sender === me.name
  const isFound = conversation.log.sight.value?.seq === line.seq && conversation.log.sight.value.why === 'asked'
  const isEdited = edits.of(conversation.address).value?.seq === line.seq
  const classes = [
    'message',
    isOwn && 'message-own',
    begins && 'message-begins',
    conversation.isRoom && !isOwn && 'message-room',
    isFound && 'message-found',
    isEdited && 'message-editing',
  ]
  return (
    <article
      class={classes.filter(Boolean).join(' ')}
      data-seq={line.seq}
      tabIndex={-1}
      aria-label={`${isOwn ? say.you : line.sender}, ${timeOfDay(line.storedAt)}`}
      onContextMenu={menu.openAt}
    >
      {begins && conversation.isRoom && !isOwn && <Avatar address={`@${line.sender}`} small />}
      <div class="bubble">
        {begins && conversation.isRoom && !isOwn && (
          <p class={`bubble-name avatar-${hueOf(line.sender)}`}>
            <bdi>{line.sender}</bdi>
          </p>
        )}
        <div class="bubble-body" dir="auto">
          <span class={textClass(line)}>
            {line.kind === 'erased' ? erased : <MessageText text={line.text ?? ''} />}
          </span>
          <Foot>
            {line.edited && <span>{edited}</span>}
            <time dateTime={new Date(line.storedAt * 1_000).toISOString()} title={dateAndTime(line.storedAt)}>
              {timeOfDay(line.storedAt)}
            </time>
            {isOwn && line.kind === 'text' && <ReadState conversation={conversation} seq={line.seq} />}
          </Foot>
        </div>
      </div>
      {line.kind === 'text' && (
        <span class="message-actions">
          <IconButton icon="more" label={say.actions} small tabIndex={-1} aria-haspopup="menu" onClick={menu.openAt} />
        </span>
      )}
      {menu.view}
    </article>
  )
}

/** Between two: whether the other has read it. In a room only that it is stored. */
function ReadState({ conversation, seq }: { readonly conversation: Conversation; readonly seq: number }) {
  const isRead = !conversation.isRoom && [...conversation.readBy.value.values()].some(upTo => upTo >= seq)
  return (
    <span class={isRead ? 'bubble-state bubble-read' : 'bubble-state'} title={isRead ? say.read : say.stored}>
      <Icon name={isRead ? 'checks' : 'check'} size={14} />
      <span class="unseen">{isRead ? say.read : say.stored}</span>
    </span>
  )
}
