// In the place of a room that one is not in: joining it where it is public, else where to look for one.
import * as page from '../../src/protocol/texts/page.ts'
import * as say from '../../src/protocol/texts/page-rooms.ts'
import { nameKey } from '../../src/protocol/names.ts'
import type { Conversation } from '../model/conversations.ts'
import { hrefOf } from '../model/route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { usePages } from '../behaviour/use-pages.ts'
import { Wrong } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'
import { joinRoom } from './join.ts'
import './not-in.css'

export function NotIn({ conversation }: { readonly conversation: Conversation }) {
  const chat = useChat()
  const { isBusy, wrong, run } = useDeed()
  const { name, address } = conversation
  const found = usePages(name, async (_: undefined, signal) => ({
    // The whole name is the first of those that begin with it.
    items: (await chat.me.rooms.list({ search: name, limit: 1, signal })).rooms,
    next: undefined,
  }))
  const room = found.items.find(one => nameKey(one.name) === nameKey(name))
  if (!found.isLoaded && found.wrong === undefined) return null
  return (
    <div class="nothing not-in">
      {room === undefined ? (
        <>
          <p>{found.wrong ?? page.notIn}</p>
          {found.wrong !== undefined && <Button onClick={found.again}>{page.tryAgain}</Button>}
          <a href={hrefOf({ is: 'view', name: 'rooms', rest: '' })}>{say.findOther}</a>
        </>
      ) : (
        <>
          <Avatar address={address} />
          <p class="item-name" dir="auto">
            {room.name}
          </p>
          <p class="view-note" dir="auto">
            {[say.membersCount(room.members), room.topic].filter(Boolean).join(' · ')}
          </p>
          <Button look="main" disabled={isBusy} onClick={() => void run(() => joinRoom(chat, room.id))}>
            {say.joinRoom(room.name)}
          </Button>
          <Wrong sentence={wrong} />
        </>
      )}
    </div>
  )
}
