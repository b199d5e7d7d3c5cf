// Tells a screen reader, politely, what others write in the conversation that is open.
import * as say from '../../src/protocol/texts/page.ts'
import { addressOf } from '../model/conversations.ts'
import { route } from '../model/route.ts'
import { useChat } from '../use-chat.ts'

export function Announcer() {
  const { arrived, me } = useChat()
  const entry = arrived.value
  const to = route.value
  const isHere =
    entry !== undefined &&
    to.is === 'conversation' &&
    addressOf(entry, me.name).toLowerCase() === to.address.toLowerCase()
  return (
    <p class="unseen" role="log" aria-live="polite">
      {isHere ? <span key={entry.seq}>{say.saidBy(entry.sender, entry.text ?? '')}</span> : ''}
    </p>
  )
}
