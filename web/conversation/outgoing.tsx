// What is on its way, below the log: shown the moment it is sent, with its state, until its entry is there. Until it is
// stored its author can delete it, or take its text back into the field.
import type { TargetedEvent } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { timeOfDay } from '../../src/protocol/texts/format.ts'
import * as say from '../../src/protocol/texts/page.ts'
import type { Conversation } from '../model/conversations.ts'
import type { Chat } from '../model/chat.ts'
import type { Outgoing } from '../model/outbox.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu, type MenuItem, type Point, pointOf } from '../ui/menu.tsx'
import { toast } from '../ui/toast.tsx'
import { useChat } from '../use-chat.ts'
import { focusComposer } from './composing.ts'
import { isTogether } from './grouping.ts'
import { Foot, MessageText, textClass } from './message-text.tsx'

export function Echoes({ conversation }: { readonly conversation: Conversation }) {
  const chat = useChat()
  const waiting = useMemo(() => chat.outbox.to(conversation.address), [chat, conversation])
  const last = conversation.log.blocks.value.at(-1)?.lines.value.at(-1)
  return (
    <>
      {waiting.value.map((message, index) => (
        <Echo
          key={message.clientId}
          message={message}
          begins={
            index === 0 && !isTogether({ sender: chat.me.name, kind: 'text', storedAt: message.atMs / 1_000 }, last)
          }
        />
      ))}
    </>
  )
}

function Echo({ message, begins }: { readonly message: Outgoing; readonly begins: boolean }) {
  const chat = useChat()
  const { state, text, atMs, clientId } = message
  const [menuAt, setMenuAt] = useState<Point>()
  const isDone = state.is === 'stored' || state.is === 'deleting'
  const openMenu = (event: TargetedEvent<HTMLElement, MouseEvent>) => {
    if (isDone || (event.type === 'contextmenu' && (event.target as Element).closest('a'))) return
    event.preventDefault()
    setMenuAt(pointOf(event))
  }
  const retry = () => chat.outbox.retry(clientId)
  const edit = () => void takeBack(chat, message)
  const discard = () => void discardOf(chat, message)
  const items: readonly MenuItem[] = [
    { icon: 'edit', label: say.edit, act: edit },
    { icon: 'erase', label: say.deleteUnsent, danger: true, act: discard },
  ]
  return (
    <article
      class={begins ? 'message message-own message-begins' : 'message message-own'}
      aria-label={say.you}
      onContextMenu={openMenu}
    >
      <div class={state.is === 'failed' ? 'bubble bubble-failed' : 'bubble'}>
        <div class="bubble-body" dir="auto">
          <span class={textClass({ kind: 'text', text })}>
            <MessageText text={text} />
          </span>
          <Foot>
            <time>{timeOfDay(atMs / 1_000)}</time>
            <State state={state} />
          </Foot>
        </div>
      </div>
      {state.is === 'sending' && (
        <span class="message-actions">
          <IconButton icon="more" label={say.actions} small aria-haspopup="menu" onClick={openMenu} />
        </span>
      )}
      {menuAt !== undefined && (
        <Menu label={say.actions} at={menuAt} items={items} close={() => setMenuAt(undefined)} />
      )}
      {state.is === 'failed' && (
        <p class="message-failed">
          <span role="alert">
            {say.notSent} {state.why}
          </span>
          <Button look="quiet" onClick={retry}>
            {say.tryAgain}
          </Button>
          <Button look="quiet" onClick={edit}>
            {say.edit}
          </Button>
          <Button look="quiet" onClick={discard}>
            {say.deleteUnsent}
          </Button>
        </p>
      )}
    </article>
  )
}

async function discardOf(chat: Chat, { clientId }: Outgoing): Promise<void> {
  const fate = await chat.outbox.discard(clientId)
  if (fate === 'unknown') toast(say.mayBeStored)
  if (fate === 'stored') toast(say.storedAlready)
}

/** Deletes it and puts its text into the field, before what is written there already. */
async function takeBack(chat: Chat, message: Outgoing): Promise<void> {
  const { to, text } = message
  const draft = chat.drafts.of(to).peek()
  chat.drafts.write(to, draft.trim() === '' ? text : `${text}\n${draft}`)
  focusComposer()
  await discardOf(chat, message)
}

function State({ state }: Pick<Outgoing, 'state'>) {
  const [icon, label] = (
    {
      sending: ['clock', say.sending],
      deleting: ['clock', say.waitingForAnswer],
      failed: ['warn', say.notSent],
      stored: ['check', say.stored],
    } as const
  )[state.is]
  return (
    <span class="bubble-state" title={label}>
      <Icon name={icon} size={14} />
      <span class="unseen">{label}</span>
    </span>
  )
}
