// Who is in a room, with what they are there; owners appoint, silence and remove.
import { useEffect, useState } from 'preact/hooks'
import { actionsFor, oneself, writeTo } from '../../src/protocol/texts/page-people.ts'
import * as say from '../../src/protocol/texts/page-rooms.ts'
import type { MemberView, RoomView } from '../../src/sdk/sdk.ts'
import { go, hrefOfAddress } from '../model/route.ts'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/button.tsx'
import { confirm } from '../ui/confirm.tsx'
import { Menu, type MenuItem, type Point, pointOf } from '../ui/menu.tsx'
import { More } from '../ui/more.tsx'
import { useDeed } from '../behaviour/use-deed.ts'
import { type Page, usePages } from '../behaviour/use-pages.ts'
import { Wrong } from '../ui/view.tsx'
import { useChat } from '../use-chat.ts'

/** A few screens. */
const pageMembers = 100

interface MembersProps {
  readonly room: RoomView
  readonly isOwner: boolean
}

export function Members({ room, isOwner }: MembersProps) {
  const { me } = useChat()
  const pages = usePages(
    String(room.id),
    async (after: number | undefined, signal): Promise<Page<MemberView, number>> => {
      const at = after === undefined ? {} : { after }
      const { members, more } = await me.conversations.members(room.id, { ...at, limit: pageMembers, signal })
      return { items: members, next: more ? members.at(-1)?.id : undefined }
    },
  )
  // The room is taken anew with each entry that changes who is in it, or as what.
  useEffect(() => {
    if (pages.isLoaded) pages.again()
  }, [room])
  return (
    <div>
      <ul class="items" aria-label={say.members} aria-busy={pages.isLoading}>
        {pages.items.map(member => (
          <MemberItem key={member.id} member={member} room={room} isOwner={isOwner} />
        ))}
      </ul>
      <More pages={pages} />
    </div>
  )
}

function MemberItem({ member, room, isOwner }: MembersProps & { readonly member: MemberView }) {
  const { me } = useChat()
  const [at, setAt] = useState<Point>()
  const { wrong, run } = useDeed()
  const { name, role, silenced } = member
  const isSelf = name === me.name
  const items = useItems(member, room, isOwner, run)
  return (
    <li class="item item-linked">
      <a class="item-text item-row" href={hrefOfAddress(`@${name}`)}>
        <Avatar address={`@${name}`} small />
        <span class="item-text">
          <span class="item-name" dir="auto">
            {name}
          </span>
          <Wrong sentence={wrong} />
        </span>
        {isSelf && <span class="item-mark">{oneself}</span>}
        {silenced && <span class="item-mark">{say.silenced}</span>}
        {role === 'owner' && <span class="item-mark">{say.owner}</span>}
      </a>
      {items.length > 0 && (
        <IconButton
          icon="more"
          label={actionsFor(name)}
          aria-haspopup="menu"
          onClick={event => setAt(pointOf(event))}
        />
      )}
      {at !== undefined && <Menu label={actionsFor(name)} at={at} items={items} close={() => setAt(undefined)} />}
    </li>
  )
}

/** What one may do about a member; of oneself only giving up the ownership: leaving stands below the list. */
function useItems(
  { name, role, silenced }: MemberView,
  room: RoomView,
  isOwner: boolean,
  run: (deed: () => Promise<unknown>) => Promise<boolean>,
): readonly MenuItem[] {
  const { me } = useChat()
  const { rooms } = me
  const isSelf = name === me.name
  const write: MenuItem = {
    icon: 'send',
    label: writeTo(name),
    act: () => go({ is: 'conversation', address: `@${name}` }),
  }
  const asked = (question: string, yes: string, danger: boolean, deed: () => Promise<unknown>) => async () => {
    if (await confirm({ question, yes, danger })) await run(deed)
  }
  const appoint = asked(say.ownerAsk(name), say.makeOwner, false, () => rooms.setRole(room.id, name, 'owner'))
  const remove = asked(say.removeAsk(name, room.name), say.remove, true, () => rooms.remove(room.id, name))
  const demote = () => run(() => rooms.setRole(room.id, name, 'member'))
  const silence = () => run(() => (silenced ? rooms.unsilence(room.id, name) : rooms.silence(room.id, name)))
  const items: (MenuItem | false)[] = [
    !isSelf && write,
    isOwner && role === 'member' && { icon: 'people', label: say.makeOwner, act: () => void appoint() },
    isOwner && role === 'owner' && { icon: 'people', label: say.takeOwnership, act: () => void demote() },
    isOwner && !isSelf && { icon: 'block', label: silenced ? say.unsilence : say.silence, act: () => void silence() },
    isOwner && !isSelf && { icon: 'erase', label: say.remove, danger: true, act: () => void remove() },
  ]
  return items.filter(item => item !== false)
}
