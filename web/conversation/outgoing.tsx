// What is on its way, below the log: shown the moment it is sent, with its state, until its entry is there.
import { useMemo } from 'preact/hooks'
import { timeOfDay } from '../../src/protocol/texts/format.ts'
import * as say from '../../src/protocol/texts/page.ts'
import type { Conversation } from '../model/conversations.ts'
import type { Outgoing } from '../model/outbox.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useChat } from '../use-chat.ts'
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
  const takeBack = () => {
    const back = chat.outbox.discard(clientId)
    // What was written is not lost: it goes back into an empty field.
    if (back !== undefined && chat.drafts.of(message.to).peek() === '') chat.drafts.write(message.to, back)
  }
  return (
    <article class={begins ? 'message message-own message-begins' : 'message message-own'} aria-label={say.you}>
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
      {state.is === 'failed' && (
        <p class="message-failed">
          <span role="alert">
            {say.notSent} {state.why}
          </span>
          <Button look="quiet" onClick={() => chat.outbox.retry(clientId)}>
            {say.tryAgain}
          </Button>
          <Button look="quiet" onClick={takeBack}>
            {say.discard}
          </Button>
        </p>
      )}
    </article>
  )
}

function State({ state }: Pick<Outgoing, 'state'>) {
  const [icon, label] = (
    {
      sending: ['clock', say.sending],
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
