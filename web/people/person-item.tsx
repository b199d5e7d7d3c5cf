// Somebody in a list of people: who, whether they are here, and what one can do about them.
import { useEffect, useState } from 'preact/hooks'
import { lastSeen, online } from '../../src/protocol/texts/people.ts'
import { yourself } from '../../src/protocol/texts/page.ts'
import * as say from '../../src/protocol/texts/page-people.ts'
import { hrefOfAddress } from '../model/route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/button.tsx'
import { Menu, type Point, pointOf } from '../ui/menu.tsx'
import { now } from '../behaviour/now.ts'
import { useChat } from '../use-chat.ts'
import { useBlocking } from './use-blocking.ts'

export function PersonItem({ name }: { readonly name: string }) {
  const chat = useChat()
  const [at, setAt] = useState<Point>()
  const blocking = useBlocking(name)
  const isSelf = name === chat.me.name
  // Only who talks with somebody is told whether they are here: of all others it is not even asked.
  const isKnown = chat.conversation(`@${name}`).view.value !== undefined
  useEffect(() => {
    if (isKnown && !isSelf) chat.presences.ask(name).catch(() => {})
  }, [chat, isKnown, isSelf, name])
  const presence = chat.presences.of(name).value
  const sub = isSelf ? yourself : presence?.online === true ? online : lastSeen(presence?.lastSeen, now.value)
  return (
    <li class="item item-linked">
      <a class="item-text item-row" href={hrefOfAddress(`@${name}`)}>
        <Avatar address={`@${name}`} online={presence?.online} />
        <span class="item-text">
          <span class="item-name" dir="auto">
            {name}
          </span>
          {sub !== undefined && <span class="item-sub">{sub}</span>}
        </span>
        {blocking.isBlocked === true && <span class="item-mark">{say.blockedMark}</span>}
        {isSelf && <span class="item-mark">{say.oneself}</span>}
      </a>
      {!isSelf && (
        <IconButton
          icon="more"
          label={say.actionsFor(name)}
          aria-haspopup="menu"
          onClick={event => setAt(pointOf(event))}
        />
      )}
      {at !== undefined && (
        <Menu label={say.actionsFor(name)} at={at} items={[blocking.item]} close={() => setAt(undefined)} />
      )}
    </li>
  )
}
