// Beside a direct conversation: who it is, and not hearing from them any more.
import { useEffect } from 'preact/hooks'
import { lastSeen, online } from '../../src/protocol/texts/people.ts'
import { tryAgain, yourself } from '../../src/protocol/texts/page.ts'
import * as say from '../../src/protocol/texts/page-people.ts'
import type { Conversation } from '../model/conversations.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { now } from '../behaviour/now.ts'
import { PanelHead } from '../ui/panel.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { Wrong } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'
import { useBlocking } from './use-blocking.ts'

export function PersonPanel({ conversation }: { readonly conversation: Conversation }) {
  const chat = useChat()
  const { name, address } = conversation
  const isSelf = name === chat.me.name
  const presence = chat.presences.of(name).value
  const blocking = useBlocking(name)
  const asking = useDeed()
  const ask = () => void asking.run(() => chat.blocks.ask())
  useEffect(() => {
    ask()
    if (!isSelf) chat.presences.ask(name).catch(() => {})
  }, [chat, name, isSelf])
  const seen = presence?.online === true ? online : lastSeen(presence?.lastSeen, now.value)
  // Before the server has answered nothing is said about it.
  const isHidden = presence !== undefined && seen === undefined
  return (
    <div class="panel">
      <PanelHead title={say.details} address={address} />
      <div class="panel-face">
        <Avatar address={address} online={presence?.online} />
        <p class="item-name" dir="auto">
          {name}
        </p>
        <p class="view-note">{isSelf ? yourself : isHidden ? say.notShown : seen}</p>
      </div>
      {!isSelf && blocking.isBlocked === undefined && asking.wrong !== undefined && (
        <div class="panel-part">
          <Wrong sentence={asking.wrong} />
          <Button onClick={ask}>{tryAgain}</Button>
        </div>
      )}
      {!isSelf && blocking.isBlocked !== undefined && (
        <div class="panel-part">
          <p class="view-note">{blocking.isBlocked ? say.isBlocked(name) : say.blocking}</p>
          <Button look={blocking.isBlocked ? 'plain' : 'danger'} onClick={() => void blocking.change()}>
            {blocking.isBlocked ? say.unblock : say.block}
          </Button>
        </div>
      )}
    </div>
  )
}
