// Beside a room: what it is about, who is in it, and what one may do there.
import * as say from '../../src/protocol/texts/page-rooms.ts'
import type { ConversationView, RoomView } from '../../src/sdk/sdk.ts'
import type { Conversation } from '../model/conversations.ts'
import { go } from '../model/route.ts'
import { Button } from '../ui/button.tsx'
import { confirm } from '../ui/confirm.tsx'
import { PanelHead } from '../ui/panel.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { Wrong } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'
import { AddMember } from './add-member.tsx'
import { Members } from './members.tsx'
import { Topic } from './topic.tsx'

export function RoomPanel({ conversation }: { readonly conversation: Conversation }) {
  const view = conversation.view.value
  const room = view?.room
  return (
    <div class="panel">
      <PanelHead title={say.about} address={conversation.address} />
      {view !== undefined && room !== undefined && <About view={view} room={room} />}
    </div>
  )
}

function About({ view, room }: { readonly view: ConversationView; readonly room: RoomView }) {
  const isOwner = view.role === 'owner'
  return (
    <>
      <Topic room={room} mayEdit={isOwner} />
      <p class="view-note">
        {room.private ? say.privateRoom : say.publicRoom} · {say.membersCount(room.members)}
        {room.closed && ` · ${say.closedMark}`}
        <br />
        {room.history === 'all' ? say.readsAll : say.readsFromJoining}
      </p>
      <div class="panel-part">
        <h3>{say.members}</h3>
        <AddMember room={room} />
        <Members room={room} isOwner={isOwner} />
      </div>
      <div class="panel-part">
        {isOwner && <CloseRoom room={room} />}
        <LeaveRoom room={room} />
      </div>
    </>
  )
}

function CloseRoom({ room }: { readonly room: RoomView }) {
  const { me } = useChat()
  const { isBusy, wrong, run } = useDeed()
  const change = async () => {
    if (room.closed) await run(() => me.rooms.reopen(room.id))
    else if (await confirm({ question: say.closeAsk(room.name), yes: say.closeRoom })) {
      await run(() => me.rooms.close(room.id))
    }
  }
  return (
    <>
      <Button disabled={isBusy} onClick={() => void change()}>
        {room.closed ? say.reopenRoom : say.closeRoom}
      </Button>
      <Wrong sentence={wrong} />
    </>
  )
}

function LeaveRoom({ room }: { readonly room: RoomView }) {
  const chat = useChat()
  const { isBusy, wrong, run } = useDeed()
  const leave = async () => {
    if (!(await confirm({ question: say.leaveAsk(room.name, room.private), yes: say.leave, danger: true }))) return
    const isLeft = await run(async () => {
      await chat.me.rooms.leave(room.id)
      // Where that does not come, the stream tells it.
      await chat.conversations.reload(room.id).catch(() => {})
    })
    if (isLeft) go({ is: 'home' }, 'replace')
  }
  return (
    <>
      <Button look="danger" disabled={isBusy} onClick={() => void leave()}>
        {say.leave}
      </Button>
      <Wrong sentence={wrong} />
    </>
  )
}
