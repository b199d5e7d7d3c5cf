// Public rooms: found by the beginning of their name, joined or opened.
import { useState } from 'preact/hooks'
import { newConversation } from '../../src/protocol/texts/page-people.ts'
import * as say from '../../src/protocol/texts/page-rooms.ts'
import type { RoomView } from '../../src/sdk/sdk.ts'
import { go, hrefOf, hrefOfAddress } from '../model/route.ts'
import { Kinds } from '../people/kinds.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { NameField } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { More } from '../ui/more.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { type Page, usePages, useSettled } from '../behaviour/use-pages.ts'
import { View, Wrong } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'
import { joinRoom } from './join.ts'
import './rooms.css'

/** A screen or two. */
const pageRooms = 50

/** After the last key: a name is typed in a burst. */
const askAfterMs = 150

export function Rooms() {
  const chat = useChat()
  const [typed, setTyped] = useState('')
  const search = useSettled(typed.trim().replace(/^#/, ''), askAfterMs)
  const pages = usePages(search, async (after: string | undefined, signal): Promise<Page<RoomView, string>> => {
    const at = after === undefined ? {} : { after }
    const { rooms, more } = await chat.me.rooms.list({ search, ...at, limit: pageRooms, signal })
    return { items: rooms, next: more ? rooms.at(-1)?.name : undefined }
  })
  const { items, isLoaded } = pages
  return (
    <View title={newConversation}>
      <Kinds now="rooms" />
      <div class="rooms-top">
        <NameField
          label={say.findRooms}
          type="search"
          first
          value={typed}
          onInput={event => setTyped(event.currentTarget.value)}
        />
        <a class="button button-main" href={hrefOf({ is: 'view', name: 'new-room', rest: '' })}>
          <Icon name="plus" size={18} />
          {say.newRoom}
        </a>
      </div>
      <div>
        <ul class="items" aria-label={say.publicRooms} aria-busy={pages.isLoading}>
          {items.map(room => (
            <RoomItem key={room.id} room={room} />
          ))}
        </ul>
        {isLoaded && items.length === 0 && <p class="items-none">{search === '' ? say.noRooms : say.noRoomFound}</p>}
        <More pages={pages} />
        <p class="view-note">{say.privateNote}</p>
      </div>
    </View>
  )
}

function RoomItem({ room }: { readonly room: RoomView }) {
  const chat = useChat()
  const { isBusy, wrong, run } = useDeed()
  const conversation = chat.conversation(`#${room.name}`)
  const isIn = conversation.view.value !== undefined
  const join = async () => {
    if (await run(() => joinRoom(chat, room.id))) go({ is: 'conversation', address: `#${room.name}` })
  }
  return (
    <li class="item">
      <Avatar address={`#${room.name}`} />
      <div class="item-text">
        <span class="item-name" dir="auto">
          {room.name}
        </span>
        <span class="item-sub" dir="auto">
          {[say.membersCount(room.members), room.closed ? say.closedMark : room.topic].filter(Boolean).join(' · ')}
        </span>
        <Wrong sentence={wrong} />
      </div>
      {isIn ? (
        <a class="button button-quiet" href={hrefOfAddress(`#${room.name}`)} aria-label={say.openRoom(room.name)}>
          {say.open}
        </a>
      ) : (
        <Button
          disabled={isBusy || !conversation.isSettled.value}
          aria-label={say.joinRoom(room.name)}
          onClick={() => void join()}
        >
          {say.join}
        </Button>
      )}
    </li>
  )
}
